"""No repository method reaches another workspace's rows, whatever ids it is given."""

from collections.abc import Awaitable, Callable
from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.repositories.stock.rows import first_movement
from adapters.storage.work.placed import REPOSITORIES
from core.alerts.model import Alert, AlertState, Subject
from core.alerts.repository import ALERTS
from core.boards.model import Board
from core.books.model import BookFilter, BookSort
from core.books.repository import BOOKS
from core.books.rules import identity_of
from core.chat.reply import Action, Reply
from core.chat.request import ChannelKind, Platform
from core.customers.repository import CUSTOMERS
from core.dates.ranges import ALL
from core.files.model import StoredFile
from core.history.model import ChangeEntry, Comment
from core.jobs.model import JobFilter, JobState, NewJob
from core.orders.model import OrderFilter
from core.orders.repository import DISCOUNT_CODES, ORDER_CARDS, ORDERS
from core.payments.model import PaymentKey, Status
from core.people.model import Identity, Role
from core.ports.storage import AuditEntry, Operation, Post, UndoEntry, UnitOfWork
from core.reminders.held import HELD_REMINDERS, HeldReminder
from core.sales.figures import By, Question
from core.sales.model import DIGEST_LENGTH, SaleLine
from core.sales.repository import SALE_FIGURES, SALES
from core.schedules.model import ScheduleFilter
from core.schedules.repository import SCHEDULES
from core.shared.errors import NotFoundError
from core.shared.events import Event
from core.shared.searching import sought
from core.stock.model import AlertPlace, Category, Change, CountProgress, ProductFilter, Tally
from core.stock.repository import ALERT_PLACES, CATEGORIES, LEDGER, PRODUCTS, STOCK_COUNTS, STOCK_FIGURES
from core.tasks.model import Task, TaskFilter
from core.tasks.repository import TASKS
from core.transfer.choices import ImportMode
from core.transfer.model import Effect
from core.transfer.repository import OvertakenError
from core.workspaces.model import Audience
from tests.contract.storage.test_books import ISBN, book_of
from tests.contract.storage.test_customers import customer_of
from tests.contract.storage.test_orders import LINE, card_of, code_of, order_of, payment_of, refund_of
from tests.contract.storage.test_schedules import schedule_of
from tests.contract.storage.test_stock import product_of
from tests.contract.storage.test_stock_counts import count_of
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.imports import an_import

OFF_THE_STAND_IN = "test_scope tries every method there, and reads what it says"

BATCH = "01JD0000000000000000000000"
LATER = NOON + timedelta(minutes=15)
JOB = "command:1"
IMPORT = an_import(1, NOON)
ALERT = Alert(Subject("schedule", 1), AlertState.ALERTED, 1, NOON)
DUE = Alert(Subject("product", 1), AlertState.DUE, 1, NOON)
SOLD = SaleLine(
    *(NOON.date(), Decimal(3), Decimal(1), Decimal(3), "EUR", "import", "secret"),
    batch=BATCH,
    digest="d" * DIGEST_LENGTH,
)
STORED = ("2026-01-05", None, "of there", "", "", "", "", 1, 1, 0, 0, 1, "EUR", "", "e" * DIGEST_LENGTH)


@dataclass
class Stranger:
    """Somebody in `there` who knows every id of `here`, and what they know."""

    here: Place
    there: Place
    work: UnitOfWork
    task: Task

    @property
    def everything(self) -> Audience:
        """Return the widest audience there is."""
        return Audience(self.here.ann, frozenset({self.here.board.id, self.here.general.id}), everything=True)


Try = Callable[[Stranger], Awaitable[Any]]
TRIES: dict[str, Try] = {}


def attempt(name: str) -> Callable[[Try], Try]:
    """Register what a stranger tries with one method; it answers None, nothing or False, or raises."""

    def register(function: Try) -> Try:
        TRIES[name] = function
        return function

    return register


async def _collect(chunks: Any) -> list[Any]:
    return [item async for chunk in chunks for item in chunk]


def _undo(entry_id: str, author_id: int) -> UndoEntry:
    return UndoEntry(entry_id, author_id, 1, "task done", "task.change", {"tasks": []}, NOON, LATER)


def _board(place: Place, **more: Any) -> Board:
    return replace(Board("board", place.id, place.general.id, "task", "status", place.ann, NOON), **more)


def _comment(place: Place, number: int) -> Comment:
    return Comment("comment", "task", number, place.ann, "secret", NOON)


def _file(file_id: str, place: Place) -> StoredFile:
    return StoredFile(file_id, "a.csv", "text/csv", 3, "0" * 64, place.ann, place.general.id, None, NOON)


@attempt("tasks.get")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).get(s.task.number, s.everything)


@attempt("tasks.get_many")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).get_many([s.task.number], s.everything)


@attempt("tasks.find")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).find(s.task.number)


@attempt("tasks.change")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).change(replace(s.task, title="Mine", assignees=(), version=2), 1)


@attempt("tasks.take_due")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).take_due([s.task.number], LATER)


@attempt("tasks.change_many")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).change_many([replace(s.task, title="Mine", assignees=(), version=2)])


@attempt("tasks.page")
async def _(s: Stranger) -> Any:
    pages = [
        await s.work.of(TASKS).page(wanted, s.everything)
        for wanted in (
            TaskFilter(),
            TaskFilter(status=None),
            TaskFilter(channel_id=s.here.general.id),
            TaskFilter(assignee=s.here.ann),
            TaskFilter(batch=BATCH),
        )
    ]
    return [page for page in pages if page.items or page.total or page.next_cursor or page.previous_cursor]


@attempt("tasks.counts")
async def _(s: Stranger) -> Any:
    counts = await s.work.of(TASKS).counts(None, s.everything, now=NOON, today=NOON.date())
    return counts.by_status or counts.by_assignee or counts.overdue


@attempt("tasks.first_done")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).first_done(None, s.everything)


@attempt("alerts.of")
async def _(s: Stranger) -> Any:
    return await s.work.of(ALERTS).of(ALERT.subject.kind, [ALERT.subject.number])


@attempt("alerts.keep")
async def _(s: Stranger) -> Any:
    return await s.work.of(ALERTS).keep(replace(ALERT, version=1, streak=9))


@attempt("alerts.due")
async def _(s: Stranger) -> Any:
    return await s.work.of(ALERTS).due(DUE.subject.kind, LATER)


@attempt("alerts.settle")
async def _(s: Stranger) -> Any:
    await s.work.of(ALERTS).settle(DUE.subject.kind, [DUE.subject.number])


@attempt("stock_counts.open")
async def _(s: Stranger) -> Any:
    return await s.work.of(STOCK_COUNTS).open(s.everything)


@attempt("stock_counts.tally")
async def _(s: Stranger) -> Any:
    return await s.work.of(STOCK_COUNTS).tally(1, 1)


@attempt("stock_counts.put")
async def _(s: Stranger) -> Any:
    s.work.of(STOCK_COUNTS).add_all([count_of(s.there)])
    await s.work.of(STOCK_COUNTS).put(1, Tally(1, 9, 9, 9))


@attempt("stock_counts.drop")
async def _(s: Stranger) -> Any:
    await s.work.of(STOCK_COUNTS).drop(1, 1)


@attempt("stock_counts.progress")
async def _(s: Stranger) -> Any:
    counts = [count_of(s.there, location=place) for place in ("", "secret cellar")]
    found = [await s.work.of(STOCK_COUNTS).progress(count) for count in counts]
    return [one for one in found if one != CountProgress(0, 0, 0, 0)]


@attempt("stock_counts.page")
async def _(s: Stranger) -> Any:
    return (await s.work.of(STOCK_COUNTS).page(1)).items


@attempt("stock_counts.differing")
async def _(s: Stranger) -> Any:
    return await s.work.of(STOCK_COUNTS).differing(1)


@attempt("stock_counts.missing")
async def _(s: Stranger) -> Any:
    counts = [count_of(s.there, 2, location=place) for place in ("", "secret cellar")]
    found = [await s.work.of(STOCK_COUNTS).missing(count) for count in counts]
    return [one for one in found if one]


@attempt("ledger.last")
async def _(s: Stranger) -> Any:
    return await s.work.of(LEDGER).last()


@attempt("ledger.moved")
async def _(s: Stranger) -> Any:
    return await s.work.of(LEDGER).moved(1, 0, "")


@attempt("alert_places.all")
async def _(s: Stranger) -> Any:
    return await s.work.of(ALERT_PLACES).all(s.everything)


@attempt("categories.all")
async def _(s: Stranger) -> Any:
    return await s.work.of(CATEGORIES).all(s.everything)


@attempt("categories.used")
async def _(s: Stranger) -> Any:
    return await s.work.of(CATEGORIES).used()


@attempt("sale_figures.version")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALE_FIGURES).version()


@attempt("sale_figures.last_day")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALE_FIGURES).last_day()


@attempt("sale_figures.days")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALE_FIGURES).days(ALL)


@attempt("sale_figures.groups")
async def _(s: Stranger) -> Any:
    return (await s.work.of(SALE_FIGURES).groups(Question(ALL, By.PRODUCT))).totals


@attempt("sale_figures.cells")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALE_FIGURES).cells(ALL, [""])


@attempt("tasks.done_between")
async def _(s: Stranger) -> Any:
    edges = [NOON - timedelta(days=9), NOON + timedelta(days=9)]
    return [done for done in await s.work.of(TASKS).done_between(edges, None, s.everything) if done.amount]


@attempt("tasks.stream")
async def _(s: Stranger) -> Any:
    return await _collect(s.work.of(TASKS).stream(TaskFilter(status=None), s.everything))


@attempt("tasks.suggest")
async def _(s: Stranger) -> Any:
    return [*await s.work.of(TASKS).suggest("secret", s.everything), *await s.work.of(TASKS).suggest("7", s.everything)]


@attempt("tasks.versions")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).versions([s.task.number])


@attempt("tasks.holders")
async def _(s: Stranger) -> Any:
    # Tasks have no key of their own.
    return await s.work.of(CUSTOMERS).holders("email", ["secret@example.org"])


@attempt("tasks.remove_untouched")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).remove_untouched([s.task.number], NOON)


@attempt("jobs.queue")
async def _(s: Stranger) -> Any:
    assert await s.work.jobs.queue(NewJob("wait", {}, s.there.ann, s.there.general.id, JOB), LATER)


@attempt("jobs.queue_many")
async def _(s: Stranger) -> Any:
    assert await s.work.jobs.queue_many([NewJob("wait", {}, s.there.ann, s.there.general.id, f"{JOB}m")], LATER)


@attempt("jobs.of_key")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.of_key(f"{JOB}1")


@attempt("jobs.page")
async def _(s: Stranger) -> Any:
    return (await s.work.jobs.page(JobFilter(), s.everything)).items


@attempt("jobs.suggest")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.suggest("wait", s.everything)


@attempt("jobs.counts")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.counts(NOON - timedelta(days=1))


@attempt("jobs.record")
async def _(s: Stranger) -> Any:
    await s.work.jobs.record(NewJob("wait", {}, s.there.ann, s.there.general.id, f"{JOB}1"), Reply(), NOON, LATER)


@attempt("jobs.under_way")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.under_way([f"{JOB}1", f"{JOB}2"])


@attempt("jobs.claim")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.claim(1, "mine", LATER)


@attempt("jobs.report")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.report(1, "theirs", done=1, total=1, note="mine")


@attempt("jobs.finish")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.finish(1, "theirs", JobState.FAILED, Reply(), LATER)


@attempt("jobs.cancel")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.cancel(1, LATER)


@attempt("jobs.ask_again")
async def _(s: Stranger) -> Any:
    return await s.work.jobs.ask_again(2, LATER, {})


@attempt("schedules.due")
async def _(s: Stranger) -> Any:
    return await s.work.of(SCHEDULES).due([1], LATER)


@attempt("schedules.counts")
async def _(s: Stranger) -> Any:
    counts = await s.work.of(SCHEDULES).counts(LATER)
    return any(value for value in astuple(counts) if value)


@attempt("schedules.of_job")
async def _(s: Stranger) -> Any:
    return await s.work.of(SCHEDULES).of_job(1)


@attempt("schedules.page")
async def _(s: Stranger) -> Any:
    return (await s.work.of(SCHEDULES).page(ScheduleFilter("report"), s.everything)).items


@attempt("schedules.named")
async def _(s: Stranger) -> Any:
    return await s.work.of(SCHEDULES).named("secret plan", "report", s.everything)


@attempt("schedules.has")
async def _(s: Stranger) -> Any:
    return await s.work.of(SCHEDULES).has("secret plan", "report")


@attempt("schedules.only")
async def _(s: Stranger) -> Any:
    plan = await s.work.of(SCHEDULES).only("secret plan", "report", channel_id=s.here.general.id)
    return plan or await s.work.of(SCHEDULES).only("secret plan", "report", author_id=s.here.ann)


@attempt("schedules.personal")
async def _(s: Stranger) -> Any:
    return await s.work.of(SCHEDULES).personal(s.here.ann)


@attempt("sales.between")
async def _(s: Stranger) -> Any:
    return await _collect(s.work.of(SALES).between(SOLD.business_date, SOLD.business_date))


@attempt("sales.known")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALES).known([SOLD.digest], "another")


@attempt("sales.customers_on")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALES).customers_on([SOLD.business_date], "another")


@attempt("sales.headings")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALES).headings()


@attempt("sales.newest")
async def _(s: Stranger) -> Any:
    await s.work.of(SALES).newest()


@attempt("sales.newer")
async def _(s: Stranger) -> Any:
    await s.work.of(SALES).newer(0, "another")


@attempt("sales.expect_no_others")
async def _(s: Stranger) -> Any:
    s.work.of(SALES).expect_no_others(0, "another")


@attempt("sales.remove_batch")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALES).remove_batch(SOLD.batch, 0, 10)


@attempt("sales.add")
async def _(s: Stranger) -> Any:
    s.work.of(SALES).add([replace(SOLD, product="of there")])


@attempt("sales.add_stored")
async def _(s: Stranger) -> Any:
    s.work.of(SALES).add_stored([STORED], BATCH)


@attempt("sales.remember_headings")
async def _(s: Stranger) -> Any:
    await s.work.of(SALES).remember_headings({"product": "of there"})


@attempt("held_reminders.hold")
async def _(s: Stranger) -> Any:
    await s.work.of(HELD_REMINDERS).hold(HeldReminder("task", 1, s.there.ann, LATER))


@attempt("held_reminders.take")
async def _(s: Stranger) -> Any:
    return [held for held in await s.work.of(HELD_REMINDERS).take(LATER) if held.number != 1]


@attempt("tasks.silent")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).silent([1])


@attempt("members.set_quiet")
async def _(s: Stranger) -> Any:
    await s.work.members.set_quiet(s.here.ann, "20:00-08:00")


@attempt("schedules.suggest")
async def _(s: Stranger) -> Any:
    return await s.work.of(SCHEDULES).suggest("secret", s.everything)


@attempt("imports.begin")
async def _(s: Stranger) -> Any:
    assert await s.work.imports.begin(replace(IMPORT, mode=ImportMode.GOOD))


@attempt("imports.get")
async def _(s: Stranger) -> Any:
    return await s.work.imports.get(IMPORT.id)


@attempt("imports.of_delivery")
async def _(s: Stranger) -> Any:
    return await s.work.imports.of_delivery(IMPORT.key)


@attempt("imports.advance")
async def _(s: Stranger) -> Any:
    return await s.work.imports.advance(IMPORT, replace(IMPORT, place=7))


@attempt("imports.advancing")
async def _(s: Stranger) -> Any:
    s.work.imports.advancing(IMPORT, replace(IMPORT, place=7))
    with pytest.raises(OvertakenError):
        await s.work.imports.get(IMPORT.id)


@attempt("imports.forget")
async def _(s: Stranger) -> Any:
    await s.work.imports.forget(IMPORT.id)


@attempt("imports.stage")
async def _(s: Stranger) -> Any:
    s.work.imports.stage(IMPORT.id, 0, [["mine"]])


@attempt("imports.unstage")
async def _(s: Stranger) -> Any:
    return await s.work.imports.unstage(IMPORT.id, 10)


@attempt("imports.staged")
async def _(s: Stranger) -> Any:
    return await s.work.imports.staged(IMPORT.id, 0)


@attempt("imports.keep_effect")
async def _(s: Stranger) -> Any:
    s.work.imports.keep_effect(IMPORT.id, 0, Effect([1], []))


@attempt("imports.effect")
async def _(s: Stranger) -> Any:
    return await s.work.imports.effect(IMPORT.id, 0)


@attempt("tasks.add")
async def _(s: Stranger) -> Any:
    s.work.of(TASKS).add(s.there.task(s.task.number, title="Of there"))


@attempt("tasks.add_all")
async def _(s: Stranger) -> Any:
    s.work.of(TASKS).add_all([s.there.task(s.task.number + 1, title="Of there")])


@attempt("tasks.reserve_numbers")
async def _(s: Stranger) -> Any:
    assert await s.work.of(TASKS).reserve_numbers() == 1


@attempt("members.all")
async def _(s: Stranger) -> Any:
    return [member for member in await s.work.members.all() if member.id in (s.here.ann, s.here.ben)]


@attempt("members.get")
async def _(s: Stranger) -> Any:
    return await s.work.members.get(s.here.ann)


@attempt("members.named")
async def _(s: Stranger) -> Any:
    return [member for member in await s.work.members.named("Ann") if member.id == s.here.ann]


@attempt("members.set_email")
async def _(s: Stranger) -> Any:
    return await s.work.members.set_email(s.here.ann, "mine@example.org")


@attempt("members.forget")
async def _(s: Stranger) -> Any:
    return await s.work.members.forget(s.here.ann, NOON)


@attempt("members.add")
async def _(s: Stranger) -> Any:
    await s.work.members.add("Cat", Role.GUEST, at=NOON)


@attempt("members.add_identity")
async def _(s: Stranger) -> Any:
    await s.work.members.add_identity(Identity(Platform.SLACK, s.here.space.id, "U-ann", s.there.ann))


@attempt("members.move_identities")
async def _(s: Stranger) -> Any:
    await s.work.members.move_identities(s.here.ann, s.there.ann)


@attempt("members.set_role")
async def _(s: Stranger) -> Any:
    await s.work.members.set_role(s.here.ann, Role.GUEST)


@attempt("members.set_profile")
async def _(s: Stranger) -> Any:
    await s.work.members.set_profile(s.here.ann, name="Nobody", zone="", locale="")


@attempt("members.ask_zone")
async def _(s: Stranger) -> Any:
    return await s.work.members.ask_zone(s.here.ann, NOON)


@attempt("channels.all")
async def _(s: Stranger) -> Any:
    return [channel for channel in await s.work.channels.all() if channel.id == s.here.general.id]


@attempt("channels.ensure")
async def _(s: Stranger) -> Any:
    with pytest.raises(NotFoundError):
        await s.work.channels.ensure(s.here.space.id, "C-public", "mine", ChannelKind.PRIVATE, NOON)


@attempt("channels.get")
async def _(s: Stranger) -> Any:
    return await s.work.channels.get(s.here.general.id)


@attempt("channels.set_zone")
async def _(s: Stranger) -> Any:
    await s.work.channels.set_zone(s.here.general.id, "Asia/Tokyo")


@attempt("settings.zones")
async def _(s: Stranger) -> Any:
    return s.here.general.id in (await s.work.settings.zones()).channels


@attempt("settings.get")
async def _(s: Stranger) -> Any:
    assert (await s.work.settings.get()).id == s.there.id


@attempt("settings.set_defaults")
async def _(s: Stranger) -> Any:
    await s.work.settings.set_defaults(zone="UTC", currency="USD", locale="en")


@attempt("codes.add")
async def _(s: Stranger) -> Any:
    await s.work.codes.add("digest of there", "link", s.there.ann, LATER)


@attempt("messages.get")
async def _(s: Stranger) -> Any:
    return await s.work.messages.get(s.here.general.id, 1, s.here.ann)


@attempt("messages.latest")
async def _(s: Stranger) -> Any:
    return await s.work.messages.latest(s.here.general.id, s.here.ann)


@attempt("messages.changes")
async def _(s: Stranger) -> Any:
    return await s.work.messages.changes(s.here.general.id, s.here.ann, since=0)


@attempt("messages.find")
async def _(s: Stranger) -> Any:
    return await s.work.messages.find(s.here.general.id, "key")


@attempt("messages.replace")
async def _(s: Stranger) -> Any:
    return await s.work.messages.replace(s.here.general.id, 1, Reply(title="Mine"), NOON)


@attempt("messages.remove_posted")
async def _(s: Stranger) -> Any:
    return await s.work.messages.remove_posted("key")


@attempt("messages.post")
async def _(s: Stranger) -> Any:
    message = await s.work.messages.post(s.there.general.id, author_id=None, text="of there", key="key", at=NOON)
    assert (message.seq, message.text) == (1, "of there")


@attempt("files.get")
async def _(s: Stranger) -> Any:
    return await s.work.files.get("file")


@attempt("files.add")
async def _(s: Stranger) -> Any:
    s.work.files.add(replace(_file("file", s.there), name="of there"))


@attempt("actions.add")
async def _(s: Stranger) -> Any:
    s.work.actions.add("set of there", (Action("A", "/x", id="set of there.0"),), channel_id=1, expires_at=LATER)


@attempt("actions.keep")
async def _(s: Stranger) -> Any:
    await s.work.actions.keep("set", (), channel_id=1, expires_at=LATER)


@attempt("boards.of")
async def _(s: Stranger) -> Any:
    return await s.work.boards.of(s.here.general.id, "task")


@attempt("boards.beside")
async def _(s: Stranger) -> Any:
    return await s.work.boards.beside(s.here.general.id, "task")


@attempt("boards.put")
async def _(s: Stranger) -> Any:
    await s.work.boards.put(_board(s.there, message="of there"))


@attempt("boards.posted")
async def _(s: Stranger) -> Any:
    return await s.work.boards.posted(_board(s.here), "of there", "of there")


@attempt("boards.cleared")
async def _(s: Stranger) -> Any:
    await s.work.boards.cleared(_board(s.here, is_on=False), ())


@attempt("boards.switch_off")
async def _(s: Stranger) -> Any:
    return await s.work.boards.switch_off(_board(s.here))


@attempt("boards.remember")
async def _(s: Stranger) -> Any:
    await s.work.boards.remember([("board", "of there")])


@attempt("tasks.board")
async def _(s: Stranger) -> Any:
    shown = await s.work.of(TASKS).board(s.here.general.id, now=NOON, today=NOON)
    return [*shown.open, *shown.done] or shown.open_total or shown.overdue_total or shown.done_total


@attempt("tasks.own_work")
async def _(s: Stranger) -> Any:
    return await s.work.of(TASKS).own_work(s.everything)


@attempt("undo.get")
async def _(s: Stranger) -> Any:
    return await s.work.undo.get("undo")


@attempt("undo.latest")
async def _(s: Stranger) -> Any:
    return await s.work.undo.latest(s.here.ann, NOON)


@attempt("undo.use")
async def _(s: Stranger) -> Any:
    return await s.work.undo.use("undo", NOON)


@attempt("undo.add")
async def _(s: Stranger) -> Any:
    s.work.undo.add(_undo("undo", s.here.ann))


@attempt("outbox.add")
async def _(s: Stranger) -> Any:
    s.work.outbox.add(Post(Reply(), channel_id=s.here.general.id), NOON)


@attempt("events.record")
async def _(s: Stranger) -> Any:
    s.work.events.record(Event("x", NOON, s.here.general.id, s.here.ann, {}))


@attempt("changes.page")
async def _(s: Stranger) -> Any:
    return (await s.work.changes.page("task", s.task.number)).items


@attempt("changes.since")
async def _(s: Stranger) -> Any:
    return await s.work.changes.since("task", [s.task.number], NOON)


@attempt("changes.add_new")
async def _(s: Stranger) -> Any:
    s.work.changes.add_new("task", [s.task.number], NOON, s.there.ann, "of there")


@attempt("changes.add")
async def _(s: Stranger) -> Any:
    s.work.changes.add(ChangeEntry("task", s.task.number, NOON, s.there.ann, "of there"))


@attempt("comments.named")
async def _(s: Stranger) -> Any:
    return await s.work.comments.named(["comment"])


@attempt("comments.about")
async def _(s: Stranger) -> Any:
    found = await s.work.comments.about("task", s.task.number, limit=1)
    return found.total or found.latest


@attempt("comments.withdraw")
async def _(s: Stranger) -> Any:
    return await s.work.comments.withdraw("comment", NOON)


@attempt("comments.add")
async def _(s: Stranger) -> Any:
    s.work.comments.add(_comment(s.there, s.task.number))


@attempt("audit.latest")
async def _(s: Stranger) -> Any:
    return await s.work.audit.latest(10)


@attempt("audit.add")
async def _(s: Stranger) -> Any:
    s.work.audit.add(AuditEntry(NOON, s.here.ann, s.here.general.id, "of there", ""))


@attempt("operations.latest")
async def _(s: Stranger) -> Any:
    return [*await s.work.operations.latest(10), *await s.work.operations.latest(10, failed_only=True)]


@attempt("settings.has_prices")
async def _(s: Stranger) -> Any:
    return await s.work.settings.has_prices()


@attempt("customers.page")
async def _(s: Stranger) -> Any:
    return (await s.work.of(CUSTOMERS).page("", s.everything)).items


@attempt("customers.called")
async def _(s: Stranger) -> Any:
    return [
        one
        for word in ("Secret", "secret@example.org")
        for one in await s.work.of(CUSTOMERS).called(word, s.everything)
    ]


@attempt("customers.suggest")
async def _(s: Stranger) -> Any:
    return await s.work.of(CUSTOMERS).suggest("sec", s.everything)


@attempt("customers.stream")
async def _(s: Stranger) -> Any:
    return [chunk async for chunk in s.work.of(CUSTOMERS).stream(s.everything)]


@attempt("customers.told_of")
async def _(s: Stranger) -> Any:
    told = await s.work.of(CUSTOMERS).told_of(1)
    return told.usernames | told.texts


@attempt("customers.forget")
async def _(s: Stranger) -> Any:
    # There has to be one of that number, or nothing would be looked for.
    s.work.of(CUSTOMERS).add_all([customer_of(s.there, username="Other", email="other@example.org")])
    await s.work.of(CUSTOMERS).forget(1, LATER, since=NOON)


@attempt("customers.spending")
async def _(s: Stranger) -> Any:
    return await s.work.of(CUSTOMERS).spending(Decimal(0), "EUR", 10)


@attempt("orders.page")
async def _(s: Stranger) -> Any:
    return (await s.work.of(ORDERS).page(OrderFilter(), s.everything)).items


@attempt("orders.suggest")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDERS).suggest("sec", s.everything)


@attempt("orders.cart_of")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDERS).cart_of(s.here.ann, s.here.general.id)


@attempt("orders.overdue")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDERS).overdue(LATER, 10)


@attempt("orders.next_receipt")
async def _(s: Stranger) -> Any:
    assert await s.work.of(ORDERS).next_receipt() == 1


@attempt("orders.lines")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDERS).lines([1, 2])


@attempt("orders.put_lines")
async def _(s: Stranger) -> Any:
    await s.work.of(ORDERS).put_lines(1, [])


@attempt("orders.payments")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDERS).payments(1)


@attempt("stock_figures.attention")
async def _(s: Stranger) -> Any:
    return await s.work.of(STOCK_FIGURES).attention(ALL, 10)


@attempt("stock_figures.sums")
async def _(s: Stranger) -> Any:
    return (await s.work.of(STOCK_FIGURES).sums(ALL)).products


@attempt("stock_figures.categories")
async def _(s: Stranger) -> Any:
    return await s.work.of(STOCK_FIGURES).categories()


@attempt("stock_figures.sold")
async def _(s: Stranger) -> Any:
    return await s.work.of(STOCK_FIGURES).sold(ALL)


@attempt("orders.takings")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDERS).takings(NOON, LATER + timedelta(days=9))


@attempt("orders.erase")
async def _(s: Stranger) -> Any:
    await s.work.of(ORDERS).erase([1])


@attempt("orders.put_payment")
async def _(s: Stranger) -> Any:
    s.work.of(ORDERS).add_all([order_of(s.there)])
    await s.work.of(ORDERS).put_payment(payment_of(1), NOON, s.there.ann)


@attempt("order_cards.find")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDER_CARDS).find(PaymentKey(1))


@attempt("order_cards.due")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDER_CARDS).due(LATER, 10)


@attempt("order_cards.put")
async def _(s: Stranger) -> Any:
    await _paid_there(s)


@attempt("order_cards.refunds")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDER_CARDS).refunds(1)


@attempt("order_cards.due_refunds")
async def _(s: Stranger) -> Any:
    return await s.work.of(ORDER_CARDS).due_refunds(LATER, 10)


@attempt("order_cards.put_refund")
async def _(s: Stranger) -> Any:
    await _paid_there(s)
    await s.work.of(ORDER_CARDS).put_refund(refund_of(s.there))


async def _paid_there(s: Stranger) -> None:
    s.work.of(ORDERS).add_all([order_of(s.there)])
    await s.work.of(ORDERS).put_payment(payment_of(1), NOON, s.there.ann)
    await s.work.of(ORDER_CARDS).put(card_of(s.there))


@attempt("discount_codes.called")
async def _(s: Stranger) -> Any:
    return await s.work.of(DISCOUNT_CODES).called("SECRET", s.everything)


@attempt("discount_codes.all")
async def _(s: Stranger) -> Any:
    return await s.work.of(DISCOUNT_CODES).all(s.everything)


@attempt("products.page")
async def _(s: Stranger) -> Any:
    return (await s.work.of(PRODUCTS).page(ProductFilter(), s.everything)).items


@attempt("products.search")
async def _(s: Stranger) -> Any:
    found = [await s.work.of(PRODUCTS).search(sought(text), s.everything) for text in ("secret", "sercet", "secret xx")]
    return [hits for hits in found if hits.page.items or hits.page.total]


@attempt("products.low")
async def _(s: Stranger) -> Any:
    pages = [await s.work.of(PRODUCTS).low(level, s.everything) for level in (None, 100)]
    return [item for page in pages for item in page.items]


@attempt("products.called")
async def _(s: Stranger) -> Any:
    return [one for word in ("SECRET", "secret") for one in await s.work.of(PRODUCTS).called(word, s.everything)]


@attempt("products.by_sku")
async def _(s: Stranger) -> Any:
    return await s.work.of(PRODUCTS).by_sku(["SECRET"], s.everything)


@attempt("products.free_sku")
async def _(s: Stranger) -> Any:
    return await s.work.of(PRODUCTS).free_sku("SECRET") != "SECRET"


@attempt("products.stream")
async def _(s: Stranger) -> Any:
    return await _collect(s.work.of(PRODUCTS).stream(ProductFilter(), s.everything))


@attempt("products.suggest")
async def _(s: Stranger) -> Any:
    return await s.work.of(PRODUCTS).suggest("sec", s.everything)


@attempt("products.value")
async def _(s: Stranger) -> Any:
    return (await s.work.of(PRODUCTS).value()).products


@attempt("ledger.apply")
async def _(s: Stranger) -> Any:
    return (await s.work.of(LEDGER).apply([Change(1, on_hand=-1)]))[0]


@attempt("ledger.write")
async def _(s: Stranger) -> Any:
    s.work.of(LEDGER).write([first_movement(product_of(s.there))])


@attempt("ledger.page")
async def _(s: Stranger) -> Any:
    return (await s.work.of(LEDGER).page(1)).items


@attempt("ledger.levels")
async def _(s: Stranger) -> Any:
    return await s.work.of(LEDGER).levels(1)


@attempt("ledger.locations")
async def _(s: Stranger) -> Any:
    return await s.work.of(LEDGER).locations()


@attempt("ledger.place")
async def _(s: Stranger) -> Any:
    s.work.of(LEDGER).place(1, {"secret cellar": -1})


@attempt("ledger.id_of")
async def _(s: Stranger) -> Any:
    return await s.work.of(LEDGER).id_of(first_movement(product_of(s.here)))


@attempt("books.page")
async def _(s: Stranger) -> Any:
    return (await s.work.of(BOOKS).page(BookFilter(), BookSort.TITLE, s.everything)).items


@attempt("books.search")
async def _(s: Stranger) -> Any:
    sorts = (None, BookSort.TITLE)
    found = [await s.work.of(BOOKS).search(sought("secret"), sort, s.everything) for sort in sorts]
    return [hits for hits in found if hits.page.items or hits.page.total]


@attempt("books.by_isbn")
async def _(s: Stranger) -> Any:
    return await s.work.of(BOOKS).by_isbn([ISBN], s.everything)


@attempt("books.by_identity")
async def _(s: Stranger) -> Any:
    return await s.work.of(BOOKS).by_identity([identity_of("Secret garden", "Nobody")], s.everything)


@attempt("books.called")
async def _(s: Stranger) -> Any:
    return await s.work.of(BOOKS).called("secret garden", s.everything)


@attempt("books.stream")
async def _(s: Stranger) -> Any:
    return await _collect(s.work.of(BOOKS).stream(BookFilter(), s.everything))


@attempt("books.suggest")
async def _(s: Stranger) -> Any:
    return await s.work.of(BOOKS).suggest("sec", s.everything)


@attempt("books.products_of")
async def _(s: Stranger) -> Any:
    return await s.work.of(BOOKS).products_of([1])


@attempt("books.link")
async def _(s: Stranger) -> Any:
    await s.work.of(BOOKS).link({1: 2})


@attempt("books.genres")
async def _(s: Stranger) -> Any:
    return await s.work.of(BOOKS).genres()


@attempt("sales.latest")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALES).latest("import", ALL, 10)


@attempt("sale_figures.of_source")
async def _(s: Stranger) -> Any:
    return await s.work.of(SALE_FIGURES).of_source("import", ALL)


async def fill(place: Place, prefix: str = "") -> Task:
    """Have something of everything in a workspace; what is unique in the whole database begins with `prefix`."""
    task = place.task(7, title="secret plan", assignees=(place.ann,), batch=BATCH, remind_at=LATER)
    async with place.writing() as work:
        work.of(TASKS).add(task)
        for number in (1, 2):
            assert await work.jobs.queue(NewJob("wait", {}, place.ann, place.general.id, f"{JOB}{number}"), NOON)
            assert await work.jobs.claim(number, "theirs", NOON)
        assert await work.jobs.cancel(2, NOON)
        work.of(SCHEDULES).add(schedule_of(place, 1, title="secret plan"))
        assert await work.of(ALERTS).keep(ALERT)
        assert await work.of(ALERTS).keep(DUE)
        work.of(STOCK_COUNTS).add_all([count_of(place)])
        await work.of(STOCK_COUNTS).put(1, Tally(1, 3, 10, 0))
        work.of(CATEGORIES).add(Category(1, place.ann, NOON, "secrets", "secret-goods", is_active=False))
        work.of(ALERT_PLACES).add(AlertPlace(1, place.ann, NOON, "secrets", place.general.id))
        work.of(SALES).add([SOLD])
        work.of(PRODUCTS).add(product_of(place, category="secrets"))
        work.of(LEDGER).place(1, {"secret cellar": 3})
        work.of(BOOKS).add(book_of(place, 1, "Secret garden", "Nobody", isbn=ISBN))
        await work.of(BOOKS).link({1: 1})
        work.of(CUSTOMERS).add(customer_of(place))
        for number in (1, 2):
            work.of(ORDERS).add(order_of(place, number))
            await work.of(ORDERS).put_lines(number, [LINE])
        await work.of(ORDERS).put_payment(payment_of(1).becoming(Status.PAID), NOON, place.ann)
        work.of(DISCOUNT_CODES).add(code_of(place))
        await work.of(SALES).remember_headings({"product": "Secret"})
        assert await work.imports.begin(IMPORT)
        work.imports.stage(IMPORT.id, 0, [["secret"]])
        work.imports.keep_effect(IMPORT.id, 0, Effect([7], []))
        await work.messages.post(place.general.id, author_id=None, text="secret", key="key", at=NOON)
        work.files.add(_file("file", place))
        work.actions.add(
            f"{prefix}set", (Action("A", "/a", id=f"{prefix}set.0"),), channel_id=place.general.id, expires_at=LATER
        )
        await work.boards.put(_board(place, message="posted", digest="seen"))
        work.undo.add(_undo("undo", place.ann))
        work.audit.add(AuditEntry(NOON, place.ann, place.general.id, "task add", "7"))
        work.changes.add(ChangeEntry("task", task.number, NOON, place.ann, "task add"))
        work.comments.add(_comment(place, task.number))
        await work.codes.add(f"{prefix}digest", "link", place.ann, LATER)
    await place.storage.system.record_operations(
        [Operation(place.id, place.ann, "task add", NOON, NOON, "internal", "REF")]
    )
    return task


async def _all_of(place: Place, task: Task) -> list[Any]:
    """Return all that is in a workspace, as its own people see it."""
    async with place.reading() as work:
        return [
            await work.of(TASKS).find(task.number),
            await work.of(TASKS).find(task.number + 1),
            await _collect(work.of(TASKS).stream(TaskFilter(status=None), place.everything)),
            (await work.jobs.page(JobFilter(), place.everything)).items,
            await work.of(SCHEDULES).find(1),
            await work.of(ALERTS).of(ALERT.subject.kind, [ALERT.subject.number]),
            await work.of(ALERTS).of(DUE.subject.kind, [DUE.subject.number]),
            await work.of(CATEGORIES).find(1),
            await work.of(ALERT_PLACES).find(1),
            await work.of(STOCK_COUNTS).find(1),
            await work.of(STOCK_COUNTS).tally(1, 1),
            await work.of(PRODUCTS).find(1),
            await work.of(CUSTOMERS).find(1),
            await work.of(ORDERS).find(1),
            await work.of(ORDERS).lines([1, 2]),
            await work.of(ORDERS).payments(1),
            await work.of(DISCOUNT_CODES).find(1),
            (await work.of(LEDGER).page(1)).items,
            await work.of(LEDGER).levels(1),
            await work.of(BOOKS).find(1),
            await work.imports.get(IMPORT.id),
            await work.imports.staged(IMPORT.id, 0),
            await work.imports.effect(IMPORT.id, 0),
            await work.members.all(),
            await work.channels.all(),
            await work.settings.get(),
            await work.messages.changes(place.general.id, place.ann, since=0),
            await work.files.get("file"),
            await work.undo.get("undo"),
            await work.boards.of(place.general.id, "task"),
            await work.audit.latest(10),
            await work.changes.page("task", task.number),
            await work.comments.about("task", task.number, limit=10),
            await work.operations.latest(10),
        ]


async def test_no_method_reads_or_changes_another_workspace(here: Place) -> None:
    task = await fill(here)
    before = await _all_of(here, task)
    for name, attempt in TRIES.items():
        there = await build_place(here.storage, f"there, for {name}")
        async with there.writing() as work:
            assert not await attempt(Stranger(here, there, work, task)), name
        assert await _all_of(here, task) == before, name


async def test_every_method_of_every_repository_is_tried(here: Place) -> None:
    async with here.reading() as work:
        shared = set(dir(type(work))) - {"commit", "laid_out", "of", "workspace_id"}
        repositories = {name: getattr(work, name) for name in shared if not name.startswith("_")}
        repositories |= {kept.name: work.of(kept) for kept in REPOSITORIES}
    names = {
        f"{name}.{method}"
        for name, repository in repositories.items()
        for method in dir(repository)
        if method[0] != "_" and callable(getattr(repository, method))
        if name == TASKS.name or not _is_shared(type(repository), method)
    }
    assert names == set(TRIES)


def _is_shared(repository: type, method: str) -> bool:
    """Whether a method is that of all numbered items, which is tried on tasks."""
    return getattr(repository, method) is getattr(NumberedItems, method, None)


@pytest.mark.parametrize("field", ["channel_id", "author_id", "assignees"])
async def test_a_task_can_not_refer_to_another_workspace(here: Place, there: Place, field: str) -> None:
    foreign: Any = {"channel_id": here.general.id, "author_id": here.ann, "assignees": (here.ann,)}[field]
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await there.add(there.task(1, **{field: foreign}))
    assert await there.find(1) is None
