"""What people are told of schedules without having asked: that one ran late, failed, or was put to rest."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.texts.common import moment
from bot.texts.schedules.words import name_of, when
from core.alerts.model import News
from core.chat.reply import Action, Problem, Reply, Visibility
from core.chat.text import Code, Text, lines, text
from core.schedules.model import DIGEST, Schedule

_ENDING: Mapping[str, str] = {"report": "unschedule"}
"""The command that ends a schedule, of areas where that is another one than `stop`."""


def late(run: datetime, schedule: Schedule) -> Text:
    """Say for when it was that something comes only now."""
    return text("Late: this was for ", moment(run, schedule.zone), ".")


def signed(reply: Reply, schedule: Schedule, owner: str) -> Reply:
    """Return what a schedule tells with whose that is, when it comes, and how it comes no more."""
    area, number = schedule.area, schedule.number
    if schedule.title == DIGEST:
        where = "" if schedule.personal else " channel:here"
        off = Action("Turn off", f"/{area} {DIGEST} off{where}")
        said = text("Your digest, " if schedule.personal else f"A digest by {owner}, ", when(schedule), ".")
        return replace(reply, footer=text(said, " To turn it off: ", Code(off.command)), actions=(*reply.actions, off))
    pause = Action("Pause", f"/{area} pause {number}")
    end = Action("Stop", f"/{area} {_ENDING.get(area, 'stop')} {number}")
    how = text(" To pause or stop it: ", Code(pause.command), " or ", Code(end.command))
    said = text(name_of(schedule), f", scheduled by {owner}, ", when(schedule), ".")
    return replace(reply, footer=text(said, how), actions=(*reply.actions, pause, end))


def failed(schedule: Schedule, run: datetime, problem: Problem, job: int) -> Reply:
    """Tell its owner that a schedule failed, why, and what can be done; they hear next when it works again."""
    said = lines(
        text(name_of(schedule), ", for ", moment(run, schedule.zone), f", failed: {problem.message}"),
        problem.hint,
        "It goes on at its next time. You are told when it works again, and not before.",
    )
    retry, rest = Action("Retry", f"/job retry {job}"), Action("Pause", f"/{schedule.area} pause {schedule.number}")
    if schedule.title == DIGEST:
        rest = Action("Turn off", f"/{schedule.area} {DIGEST} off")
    # From direct messages a channel's digest is not to be reached by a button.
    is_reached = schedule.title != DIGEST or schedule.personal
    return Reply(text=said, visibility=Visibility.CHANNEL, actions=(retry, rest) if is_reached else (retry,))


def works_again(schedule: Schedule, news: News) -> Reply:
    """Tell its owner that a schedule works again, which they had heard to fail."""
    since = text(", first on ", moment(news.since, schedule.zone)) if news.since else ()
    times = "once" if news.streak == 1 else f"{news.streak:,} times in a row"
    return Reply(
        text=text(name_of(schedule), f" works again. It had failed {times}", since, "."), visibility=Visibility.CHANNEL
    )


def put_to_rest(schedule: Schedule, owner: str, *, is_gone: bool) -> Reply:
    """Tell its channel that a schedule is paused, since it can't run as whose it is."""
    why = "is not active here any more" if is_gone else "may not do that any more"
    how = "turns it on for the channel" if schedule.title == DIGEST else f"{'resumes' if is_gone else 'changes'} it"
    who = "Whoever" if schedule.title == DIGEST else "A manager who"
    said = lines(
        text("I paused ", name_of(schedule), f": {owner}, whose it is, {why}."),
        f"{who} {how} lets it run again, with their own rights.",
    )
    return Reply(text=said, visibility=Visibility.CHANNEL)
