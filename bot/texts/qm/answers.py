"""The words of `/qm`."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.identity.directory import Directory
from bot.texts.common import SHOWN_LINES, counted, undo_action
from bot.texts.errors import Reasons, shown
from bot.texts.history import Told, field_values
from bot.texts.qm.channels import IN_TARGET
from bot.texts.view import View
from core.chat.reply import Column, Field, Reply, Row, Table
from core.chat.text import Bold, Code, coded, lines, text
from core.history.audited import Audited
from core.ports.storage import AuditEntry, Operation
from core.shared.value_objects import value_object
from core.workspaces.kind import WORKSPACE_KIND
from core.workspaces.model import Workspace
from core.workspaces.service import Code as OneTimeCode
from core.workspaces.service import SettingsChanged

REASONS = Reasons(
    refusals={
        "already_connected": lambda _w: ("This space already belongs to that workspace.", ""),
        "space_in_use": lambda _w: (
            "This space has data of its own, which joining would hide.",
            "Join a new space, or export what is here first and ask an owner to start over.",
        ),
        "settings_changed_since": lambda _w: (
            "The settings have been changed since.",
            "Set what you want with `/qm settings`.",
        ),
        "no_way_back": lambda w: (
            f"`/{w['command']}`, which you did last, can't be taken back.",
            f"`/qm undo {w['entry']}` takes back what you did before: `/{w['before']}`.",
        ),
        "currency_in_use": lambda w: (
            f"There are prices in {w['currency']}, so the currency can't become {shown(w['value'])}.",
            "Prices would mean something else then. A workspace of its own can have another currency.",
        ),
        "unknown_currency": lambda w: (
            f"“{shown(w['value'])}” is no currency.",
            "Use its three letters, such as `EUR` or `USD`.",
        ),
    }
)


_MEMBER = re.compile(r"(?<![^ ])member ([0-9]{1,10})\Z")
"""Somebody in a target of the audit trail."""

TOLD = Told(
    WORKSPACE_KIND,
    "workspace",
    {"zone": "Time zone", "currency": "Currency", "locale": "Locale", "quiet": "Quiet hours"},
)


def connection_offered(code: OneTimeCode) -> Reply:
    """Return the code that joins another space."""
    return Reply(
        title="Join another space",
        text=lines(
            text(
                "Within ", Bold(f"{code.minutes} minutes"), ", type this in the Slack team or Discord server to join:"
            ),
            text(Code(f"/qm connect {code.code}")),
            "Both then share the same tasks. The code works once.",
        ),
    )


def connected(workspace: str) -> Reply:
    """Say that the space has been joined."""
    return Reply(title="Joined", text=text("This space now shares the workspace ", Bold(workspace), "."))


def settings(workspace: Workspace) -> Reply:
    """Return the workspace's defaults."""
    hint = coded("`/qm settings zone:Europe/Berlin currency:EUR` changes them.")
    return Reply(title="Settings", text=hint, fields=_settings(workspace))


def settings_changed(change: SettingsChanged) -> Reply:
    """Return the workspace's defaults as they are from now on."""
    if not change.undo_id:
        return Reply(title="Settings", text=text("They are like that already."), fields=_settings(change.workspace))
    actions = (undo_action(change.undo_id),)
    return Reply(title="Settings changed", fields=_settings(change.workspace), actions=actions)


def settings_restored(workspace: Workspace) -> Reply:
    """Return the workspace's defaults as they are again."""
    return Reply(title="Settings as before", text=text("Undone."), fields=_settings(workspace))


def _settings(workspace: Workspace) -> tuple[Field, ...]:
    return (
        Field("workspace", "Workspace", workspace.name),
        Field("zone", "Time zone", workspace.zone),
        Field("currency", "Currency", workspace.currency),
        Field("locale", "Locale", workspace.locale),
        *((Field("quiet", "Quiet hours", workspace.quiet),) if workspace.quiet else ()),
    )


def operations(entries: Sequence[Operation], directory: Directory, zone: str) -> Reply:
    """Return the operation log."""
    columns = (
        Column("started", "Started", "moment"),
        Column("ended", "Ended", "moment"),
        Column("milliseconds", "ms", "number"),
        Column("command", "Command"),
        Column("member", "Who", "people"),
        Column("error", "Error"),
        Column("reference", "Reference"),
    )
    rows = tuple(
        Row(
            (
                _iso(entry.started_at, zone),
                _iso(entry.ended_at, zone),
                round((entry.ended_at - entry.started_at).total_seconds() * 1000, 1),
                f"/{entry.command}",
                directory.name(entry.member_id) if entry.member_id else "",
                entry.error,
                entry.reference,
            ),
            mark="warning" if entry.error else "",
        )
        for entry in entries
    )
    if not rows:
        return Reply(title="Operation log", text=text("Nothing has been recorded yet."))
    return Reply(title="Operation log", tables=(Table(f"The last {counted(len(rows), 'operation')}", columns, rows),))


@value_object
class Seen:
    """How histories are told, by kind, and the records (kind and number) whose values the reader may see.

    `asides` are of what is no record and goes by no number, such as people.
    """

    records: Mapping[str, Told]
    asides: Mapping[str, Told]
    things: Collection[tuple[str, int]]

    def names(self, changed: Sequence[Audited]) -> str:
        """Return what the changed fields are called, but those that follow by themselves from others."""
        labels = (self._told(one).labels.get(one.change.field) for one in changed)
        return ", ".join(dict.fromkeys(label for label in labels if label))

    def values(self, changed: Sequence[Audited], view: View) -> tuple[str, str]:
        """Return what fields were before and after, of several each with its name."""
        shown = [one for one in changed if self._is_seen(one)]
        pairs = [(one, value) for one in shown if (value := field_values(self._told(one), one.change, view))]
        more = f"; {len(pairs) - SHOWN_LINES} more" if len(pairs) > SHOWN_LINES else ""
        names = [f"{self._number(one)}{value[0]}: " if len(pairs) > 1 else "" for one, value in pairs[:SHOWN_LINES]]
        before, after = (
            "; ".join(f"{name}{value[side] or '–'}" for name, (_, value) in zip(names, pairs, strict=False)) + more
            for side in (1, 2)
        )
        return before, after

    def is_all(self, changed: Sequence[Sequence[Audited]]) -> bool:
        """Tell whether nothing of some changes is kept from the reader."""
        return all(self._is_seen(one) for some in changed for one in some)

    def _told(self, one: Audited) -> Told:
        return self.records.get(one.kind) or self.asides[one.kind]

    def _number(self, one: Audited) -> str:
        return "" if one.kind in self.asides else f"#{one.number} "

    def _is_seen(self, one: Audited) -> bool:
        return one.kind in self.asides or (one.kind, one.number) in self.things


def audit(entries: Sequence[AuditEntry], changed: Sequence[Sequence[Audited]], seen: Seen, view: View) -> Reply:
    """Return the audit trail, with what each command changed, and its values as far as they may be seen."""
    columns = (
        Column("at", "When", "moment"),
        Column("member", "Who", "people"),
        Column("command", "Command"),
        Column("target", "What"),
        Column("channel", "Where"),
        Column("override", "Override"),
        Column("changed", "Changed"),
        Column("before", "Before"),
        Column("after", "After"),
    )
    rows = tuple(
        Row(
            (
                _iso(entry.at, view.actor.zone),
                view.directory.name(entry.member_id),
                f"/{entry.command}",
                _target(entry.target, view),
                view.directory.channel_name(entry.channel_id),
                "yes" if entry.override else "",
                seen.names(some),
                *seen.values(some, view),
            )
        )
        for entry, some in zip(entries, changed, strict=True)
    )
    if not rows:
        return Reply(title="Audit", text=text("Nothing has been changed yet."))
    said = () if seen.is_all(changed) else text("What is removed, or not for you, shows without its values.")
    return Reply(title="Audit", text=said, tables=(Table(f"The last {counted(len(rows), 'change')}", columns, rows),))


def _target(target: str, view: View) -> str:
    """Return what was touched, people and channels by their names."""
    named = _MEMBER.sub(lambda found: view.directory.name(int(found[1])), target)
    return IN_TARGET.sub(lambda found: view.directory.channel_name(int(found[1])), named)


def about(version: str) -> Reply:
    """Say what this is."""
    return Reply(
        title="Quartermaster",
        text=lines(
            f"Version {version}: the back office of a small shop or team, inside the chat it already lives in.",
            coded("`/qm help` lists what you can type."),
        ),
    )


def _iso(at: dt.datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="milliseconds")
