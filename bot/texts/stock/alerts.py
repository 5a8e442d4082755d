"""What people read about where it is told that products are low, and of which nothing is told."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.texts.answers import untouched
from bot.texts.common import moment, undo_action
from bot.texts.stock.words import name_of
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Action, Column, Reply, Row, Table
from core.chat.text import Code, Text, lines, text
from core.stock.model import AlertPlace
from core.stock.places import Muted, PlaceChange

_NOWHERE = text("It is told nowhere that something is low. To have it told here: ", Code("/stock alerts all here"))
_COLUMNS = (Column("category", "Category"), Column("channel", "Told in"))
_LOW = Action("What is low", "/stock low")


def places(found: Sequence[AlertPlace], seen: Collection[int | None], view: View) -> Reply:
    """Show where it is told that products are low; of channels into which the asker can't look not which."""
    title = "Alerts of low stock"
    if not found:
        return Reply(title=title, text=_NOWHERE, actions=(_LOW,))
    rows = tuple(Row((place.category or "All others", _channel(place.told_in, seen, view))) for place in found)
    return Reply(title=title, tables=(Table(title, _COLUMNS, rows),), actions=(_LOW,))


def _channel(told_in: int | None, seen: Collection[int | None], view: View) -> str:
    if told_in is None:
        return "nowhere"
    return view.directory.channel_name(told_in) if told_in in seen else "a private channel"


def put(change: PlaceChange, view: View) -> Reply:
    """Say where it is told from now on."""
    said = _told(change.place, view)
    if not change.undo_id:
        return untouched([text(said, " already")])
    rest = "What is low by now is not told." if change.place.told_in is not None else ""
    return Reply(text=lines(text(said, "."), rest), actions=(_LOW, undo_action(change.undo_id)))


def no_place(category: str) -> Reply:
    """Say that there is no channel to take away."""
    said = f"{category} has no channel of its own" if category else "There is no channel for all others"
    return untouched([text(said, " anyway")])


def restored(place: AlertPlace, command: str, view: View) -> Reply:
    """Say where it is told again."""
    return Reply(text=lines(undid(command, view), text(_told(place, view), ".")))


def _told(place: AlertPlace, view: View) -> Text:
    what = f"products of {place.category}" if place.category else "products without a channel of their own"
    if place.removed_at:
        where = "where all others are told" if place.category else "nowhere"
    else:
        where = "nowhere" if place.told_in is None else f"in {view.directory.channel_name(place.told_in)}"
    return text(f"When {what} fall to their reorder level, that is told {where}")


def muted(done: Muted, forever: datetime, view: View) -> Reply:
    """Say of which product nothing is told, until when, or that it is told of again."""
    said = _muted(done, forever, view)
    if not done.undo_id:
        return untouched([text(said, " already")])
    again = (Action("Unmute", f"/stock mute #{done.product.number} off"),) if done.until else ()
    return Reply(text=text(said, "."), actions=(*again, undo_action(done.undo_id)))


def mute_restored(done: Muted, command: str, forever: datetime, view: View) -> Reply:
    """Say of which product nothing is told, or is told again, by an undo."""
    return Reply(text=lines(undid(command, view), text(_muted(done, forever, view), ".")))


def _muted(done: Muted, forever: datetime, view: View) -> Text:
    name = name_of(done.product)
    if done.until is None:
        return text("It is told when ", name, " falls to its reorder level")
    end = ("until ", moment(done.until, view.actor.zone)) if done.until != forever else ("until somebody unmutes it",)
    return text("It is not told that ", name, " is low, ", *end)
