"""What people read of digests: that they come, when, and how to have them otherwise."""

from typing import TYPE_CHECKING

from bot.texts.common import on_the_clock, sentence_case, undo_action
from bot.texts.schedules.words import coming, next_fields, when
from bot.texts.view import View
from core.chat.reply import Action, Reply, Visibility
from core.chat.text import Code, Text, lines, text
from core.reminders.quiet import told_from
from core.schedules.requests import Scheduled
from core.shared.value_objects import value_object
from core.workspaces.model import Channel

if TYPE_CHECKING:
    from bot.grammar.declaration import Area


@value_object
class Wanted:
    """Which digest is meant: of an area, of a channel or the reader's own."""

    area: "Area"
    channel: Channel | None

    @property
    def name(self) -> str:
        """Return what it is called: `your digest of tasks`."""
        whose = "your digest" if self.channel is None else "the digest"
        where = f" in #{self.channel.name}" if self.channel else ""
        return f"{whose} of {self.area.plural}{where}"

    def command(self, switch: str = "") -> str:
        """Return the command that does something to it."""
        asked = f"/{self.area.name} digest {switch}".strip()
        return f"{asked} channel:here" if self.channel else asked


def on(wanted: Wanted, made: Scheduled, view: View) -> Reply:
    """Say when a digest comes from now on."""
    if not made.undo_id:
        return shown(wanted, made, view)
    who = "You get" if wanted.channel is None else f"{view.actor.name} turned on"
    said = text(f"{who} {wanted.name}, ", when(made.schedule), ".")
    undo = (undo_action(made.undo_id),)
    return Reply(
        text=lines(said, *_about(wanted, made, view)),
        visibility=_visibility(wanted),
        fields=next_fields(made.schedule, made.schedule.zone),
        zone=made.schedule.zone,
        actions=(Action("Show it now", wanted.command("now")), *undo),
    )


def off(wanted: Wanted, made: Scheduled, view: View) -> Reply:
    """Say that a digest comes no more."""
    who = "You no longer get" if wanted.channel is None else f"{view.actor.name} turned off"
    undo = (undo_action(made.undo_id),)
    return Reply(text=text(f"{who} {wanted.name}."), visibility=_visibility(wanted), actions=undo)


def off_already(wanted: Wanted) -> Reply:
    """Say that there is no digest anyway."""
    return Reply(text=lines(text("There is none already: ", f"{wanted.name} is off."), _how(wanted)))


def shown(wanted: Wanted, found: Scheduled | None, view: View) -> Reply:
    """Say when a digest comes, if it does."""
    if found is None:
        return Reply(text=lines(sentence_case(f"{wanted.name} is off."), _how(wanted)))
    said = text(sentence_case(f"{wanted.name} comes "), when(found.schedule), ".")
    return Reply(
        text=lines(said, *_about(wanted, found, view)),
        fields=next_fields(found.schedule, found.schedule.zone),
        zone=found.schedule.zone,
        actions=(Action("Show it now", wanted.command("now")), Action("Turn off", wanted.command("off"))),
    )


def _about(wanted: Wanted, found: Scheduled, view: View) -> tuple[Text | str, ...]:
    """Return when a digest comes next, and by which rules."""
    return coming(found.runs, found.schedule), _quiet(found, view), _rules(wanted), _asked_zone(wanted, view)


def _how(wanted: Wanted) -> Text:
    where = f" channel:#{wanted.channel.name}" if wanted.channel else ""
    return text("To have one: ", Code(f"/{wanted.area.name} digest on at:weekdays 9:00{where}"))


def _rules(wanted: Wanted) -> str:
    where = "It comes in your direct messages. " if wanted.channel is None else ""
    return f"{where}When there is nothing to look at, there is none."


def _quiet(found: Scheduled, view: View) -> str:
    """Say when the next one really comes, if that falls into quiet hours."""
    member = view.directory.members.get(found.schedule.author_id)
    if not found.schedule.personal or member is None or not found.runs:
        return ""
    told = told_from(member, view.directory.workspace, found.runs[0])
    if told == found.runs[0]:
        return ""
    return (
        f"The next one falls into your quiet hours and comes when they end: {on_the_clock(told, found.schedule.zone)}."
    )


def _asked_zone(wanted: Wanted, view: View) -> Text:
    """Ask for a time zone where the platform does not tell it, so that the workspace's has to do."""
    member = view.directory.members.get(view.actor.member_id)
    if wanted.channel or member is None or member.zone:
        return ()
    return text("These are the clocks of the workspace; if yours differ, say so: ", Code("/user zone Europe/Berlin"))


def _visibility(wanted: Wanted) -> Visibility:
    return Visibility.PRIVATE if wanted.channel is None else Visibility.CHANNEL
