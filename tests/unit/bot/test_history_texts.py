"""How what happened is told, whatever type a field has."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.identity.directory import Directory
from bot.texts.history import Told, shown
from bot.texts.view import View
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.history.model import ChangeEntry, History
from core.people.model import Member, Role
from core.shared.paging import Page
from core.undo.kinds import RecordKind
from core.workspaces.model import Workspace

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTOR = Actor(1, 1, "Ann", Role.MEMBER, "UTC", "en", Platform.WEB, 1, 7, "general", ChannelKind.PUBLIC)
DIRECTORY = Directory.of(
    Workspace(1, "default", "UTC", "EUR", "en"), (Member(1, "Ann", Role.MEMBER, "", "", True),), ()
)


@dataclass(frozen=True)
class Bill:
    """Something with an amount and a day."""

    number: int
    amount: Decimal
    day: date | None = None
    is_paid: bool = False


BILLS = RecordKind("bill", Bill)
TOLD = Told(BILLS, "bill", {"amount": "Amount", "day": "Day", "is_paid": "Paid"})


def test_amounts_and_days_are_told_as_people_say_them() -> None:
    before = Bill(1, Decimal("1E+2"))
    after = replace(before, amount=Decimal("12.50"), day=date(2026, 12, 1), is_paid=True)
    entry = ChangeEntry("bill", 1, NOW, 1, "bill edit", tuple(BILLS.changes(before, after)))
    history = History(Page((entry,), None, None, 1), {})
    (table,) = shown(TOLD, "#1", "/bill history 1", history, View(ACTOR, DIRECTORY, NOW)).tables
    assert [row.cells[3:] for row in table.rows] == [
        ("Amount", "100", "12.50"),
        ("Day", "", "Tue 1 Dec 2026"),
        ("Paid", "no", "yes"),
    ]
