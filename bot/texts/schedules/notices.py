"""What people are told of schedules without having asked: that one ran late, failed, or was put to rest."""

from datetime import datetime

from bot.texts.common import moment
from bot.texts.schedules.words import name_of
from core.chat.reply import Action, Problem, Reply, Visibility
from core.chat.text import Text, lines, text
from core.schedules.model import DIGEST, Schedule


def late(run: datetime, schedule: Schedule) -> Text:
    """Say for when it was that something comes only now."""
    return text("Late: this was for ", moment(run, schedule.zone), ".")


def failed(schedule: Schedule, run: datetime, problem: Problem, job: int) -> Reply:
    """Tell its owner that a schedule failed, why, and what can be done; nothing more is said until it works again."""
    said = lines(
        text(name_of(schedule), ", for ", moment(run, schedule.zone), f", failed: {problem.message}"),
        problem.hint,
        "You are told once, and not again until it has worked. It goes on at its next time.",
    )
    retry, rest = Action("Retry", f"/job retry {job}"), Action("Pause", f"/{schedule.area} pause {schedule.number}")
    if schedule.title == DIGEST:
        rest = Action("Turn off", f"/{schedule.area} {DIGEST} off")
    # From direct messages a channel's digest is not to be reached by a button.
    is_reached = schedule.title != DIGEST or schedule.personal
    return Reply(text=said, visibility=Visibility.CHANNEL, actions=(retry, rest) if is_reached else (retry,))


def put_to_rest(schedule: Schedule, owner: str, *, is_gone: bool) -> Reply:
    """Tell its channel that a schedule rests, since it can't run as whose it is."""
    why = "is not active here any more" if is_gone else "may not do that any more"
    how = "turns it on for the channel" if schedule.title == DIGEST else f"{'resumes' if is_gone else 'changes'} it"
    said = lines(
        text("I paused ", name_of(schedule), f": {owner}, whose it is, {why}."),
        f"Whoever {how} lets it run again, with their own rights.",
    )
    return Reply(text=said, visibility=Visibility.CHANNEL)
