"""What happened to a thing, in words: the same for every kind of thing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.texts.common import counted, moment, sentence_case
from bot.texts.dates import due_date
from bot.texts.records import Listing, paging
from bot.texts.view import View
from core.chat.reply import Column, Reply, Row, Table
from core.chat.text import Bold, Text, text
from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.dates.words import day_words
from core.history.model import COMMENT, ChangeEntry, Comment, FieldChange, History
from core.shared.ids import Refers
from core.shared.value_objects import value_object
from core.undo.kinds import RecordKind, references

COLUMNS = (
    Column("at", "When", "moment"),
    Column("member", "Who", "people"),
    Column("command", "Command"),
    Column("field", "What"),
    Column("before", "Before"),
    Column("after", "After"),
)
"""The columns of every history; scripts go by their keys."""


@value_object
class Told:
    """How the history of a kind of thing is told: its noun, and what people call those fields that they are shown.

    `words` say what fields hold whose type does not tell it, such as money. `is_titled` tells whether answers that all
    of a channel read may name it by its title, too.
    """

    kind: RecordKind[Any]
    noun: str
    labels: Mapping[str, str]
    words: "Mapping[str, Callable[[Any, View], str]]" = field(default_factory=dict)
    is_titled: bool = True

    def name(self, record: object) -> Text:
        """Return what a record goes by and its title: `#12 Buy milk`; only the former if that says it, or has to."""
        called, title = self.kind.called(record), str(getattr(record, self.kind.title))
        if called == title or not self.is_titled:
            return text(Bold(called))
        return text(f"{called} ", Bold(title))


def shown(told: Told, name: str, command: str, history: History, view: View) -> Reply:
    """Show a page of the history of the thing that is called so; `command` shows the first one."""
    title, page = f"What happened to {name}", history.page
    if not page.items:
        return Reply(title=title, text=text(f"Nothing has happened to that {told.noun} since histories are kept."))
    rows = tuple(row for entry in page.items for row in _rows(told, entry, history.comments, view))
    said = text(sentence_case(counted(page.total, "change")), ", the newest first.")
    return Reply(
        title=title, text=said, tables=(Table(title, COLUMNS, rows),), actions=paging(page, Listing(command, command))
    )


def _rows(told: Told, entry: ChangeEntry, comments: Mapping[str, Comment], view: View) -> Iterator[Row]:
    """Return a row for each field, one in all where there is none to be shown."""
    at = entry.at.astimezone(ZoneInfo(view.actor.zone)).isoformat(timespec="seconds")
    who = view.directory.name(entry.member_id or 0)
    for what in _what(told, entry, comments, view):
        yield Row((at, who, f"/{entry.command}", *what))


def _what(
    told: Told, entry: ChangeEntry, comments: Mapping[str, Comment], view: View
) -> Sequence[tuple[str, str, str]]:
    if not entry.fields:
        return [(f"New {told.noun}", "", "")]
    if entry.fields[0].field == COMMENT:
        return [("Comment", "", _comment(comments.get(str(entry.fields[0].after))))]
    known = [change for change in entry.fields if change.field in told.labels]
    # What follows by itself from another change is told only where there is none.
    chosen = [change for change in known if change.field not in told.kind.drifting] or known
    return [_field(told, change, view) for change in chosen] or [("", "", "")]


def _comment(comment: Comment | None) -> str:
    """Return what somebody said, unless it was taken back."""
    return comment.text if comment and comment.removed_at is None else "taken back"


def field_values(told: Told, change: FieldChange, view: View) -> tuple[str, str, str] | None:
    """Return what a field is called, and what it was before and after; None for one that people are not shown."""
    return _field(told, change, view) if change.field in told.labels else None


def _field(told: Told, change: FieldChange, view: View) -> tuple[str, str, str]:
    before, after = (_value(told, change, data, view) for data in (change.before, change.after))
    return told.labels[change.field], before, after


def _value(told: Told, change: FieldChange, data: object, view: View) -> str:
    """Return what a field was or is in words, nothing for nothing."""
    value = told.kind.value(change.field, data)
    refers = next(references(told.kind.types.get(change.field)), None)
    if value is None:
        return ""
    if wording := told.words.get(change.field):
        return wording(value, view)
    if refers is Refers.MEMBER or change.person is not None:
        return view.directory.name(int(str(data)))
    if refers is Refers.CHANNEL:
        return view.directory.channel_name(int(str(data)))
    return _words(value, view)


def _words(value: object, view: View) -> str:
    if isinstance(value, Due):
        return due_date(value.in_zone(view.actor.zone))
    if isinstance(value, Recurrence):
        return value.words()
    if isinstance(value, datetime):
        return moment(value, view.actor.zone).text
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        plain = value.name.lower() if isinstance(value, IntEnum) else value.value
        return str(getattr(value, "label", plain))
    return str(value)
