"""What is said alike of the records of any area: pages of lists, and a single one with all there is to it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.texts.common import counted, sentence_case
from bot.texts.dates import moment_cell
from bot.texts.view import View
from core.chat.reply import Action, Choice, Column, Field, Placement, Reply, Table
from core.chat.text import Code, Text, text
from core.shared.names import Names
from core.shared.paging import COUNT_LIMIT, Page
from core.shared.value_objects import value_object

T = TypeVar("T")

_PLACE = re.compile(r"[0-9,]+(–[0-9,]+)? of ")
_ON_THIS_PAGE = re.compile(r", [^,]* on this page(?=\.$)")


@value_object
class Listing:
    """A list as asked for: the command that shows this very page, and the same without its page.

    One that can be sorted has the command without that, too.
    """

    command: str
    first_page: str
    unsorted: str = ""

    @classmethod
    def of(cls, first_page: str, cursor: str) -> "Listing":
        """Return the listing that a command shows a page of."""
        return cls(f"{first_page} page:{cursor}" if cursor else first_page, first_page)

    @property
    def is_first(self) -> bool:
        """Tell whether this is the first page."""
        return self.command == self.first_page

    def at(self, cursor: str) -> str:
        """Return the command for another page."""
        return f"{self.first_page} page:{cursor}"


def paging(page: Page[Any], listing: Listing) -> tuple[Action, ...]:
    """Return the buttons that lead to the pages beside one."""
    pages = (("Previous", page.previous_cursor), ("Next", page.next_cursor))
    return tuple(Action(label, listing.at(cursor), placement=Placement.UPDATE) for label, cursor in pages if cursor)


def sorting(page: Page[Any], listing: Listing, columns: Iterable[tuple[Column, str]]) -> tuple[Action, ...]:
    """Return the select that sorts a list of several pages by one of some columns, which have the words to type."""
    if not listing.unsorted or not (page.previous_cursor or page.next_cursor):
        return ()
    choices = tuple(Choice(column.label, f"{listing.unsorted} sort:{word}") for column, word in columns)
    return (Action("Sort by", choices=choices, placement=Placement.UPDATE, sorts=True),)


@value_object
class Listed(Generic[T]):
    """How records are listed: what they are called, the table of some of them, and what is said where there is none."""

    called: Names
    table: Callable[[Sequence[T]], Table]
    nothing: Text


def page_of(title: str, page: Page[T], listed: Listed[T], listing: Listing, also: str = "") -> Reply:
    """Show a page, how many records there are in all, and the way to the other pages; `also` is said of it besides."""
    buttons = paging(page, listing)
    if not page.items:
        gone = text("Nothing on this page any more. From the start: ", Code(listing.first_page))
        return Reply(title=title, text=listed.nothing if listing.is_first else gone, actions=buttons)
    in_all = counted(page.total, listed.called.one, listed.called.many)
    said = text(f"{sentence_case(f'{_position(page)}{in_all}')}{also}.")
    return Reply(title=title, text=said, tables=(listed.table(page.items),), actions=buttons)


def _position(page: Page[Any]) -> str:
    """Return `11–20 of ` for a page among others, as far as rows are counted."""
    last = page.before + len(page.items)
    if last > COUNT_LIMIT or not (page.previous_cursor or page.next_cursor):
        return ""
    return f"{page.before + 1:,}–{last:,} of " if len(page.items) > 1 else f"{last:,} of "


def of_all_pages(said: Text, shown: int | None = None) -> Text:
    """Return what a page says of itself as it is said of all pages together, or of the first so many rows of them."""
    first = said[0] if said else ""
    place = _PLACE.match(first) if isinstance(first, str) else None
    if place is None or not isinstance(first, str):
        return said
    in_all = _ON_THIS_PAGE.sub("", first[place.end() :])
    if shown is None:
        return (sentence_case(in_all), *said[1:])
    return (f"1–{shown:,} of {in_all}" if shown > 1 else f"1 of {in_all}", *said[1:])


def renewing(actions: Iterable[Action], command: str) -> tuple[Action, ...]:
    """Return buttons after which the message that holds them shows what a command shows then."""
    return tuple(replace(action, then=command or None) for action in actions)


def record(title: str, said: Text, fields: Iterable[Field | None], actions: tuple[Action, ...] = ()) -> Reply:
    """Show a record with those of the fields that it has."""
    return Reply(title=title, text=said, fields=tuple(field for field in fields if field), actions=actions)


def moment_field(key: str, label: str, at: datetime | None, view: View) -> Field | None:
    """Return the field of an instant, if there is one, on the actor's clock."""
    return Field(key, label, moment_cell(at, view.actor.zone), "moment") if at else None


def member_field(key: str, label: str, member_id: int | None, view: View) -> Field | None:
    """Return the field of a member, if there is one."""
    return Field(key, label, view.directory.name(member_id), "people") if member_id is not None else None


def channel_field(channel_id: int, view: View) -> Field:
    """Return the field of the channel to which a record belongs."""
    return Field("channel", "Channel", view.directory.channel_name(channel_id))
