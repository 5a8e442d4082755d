"""Figures of reports: what the database adds up is what is there, as far as the reader may see it."""

from datetime import timedelta
from typing import Any

from core.dates.due import parse_due
from core.reports.model import Done
from core.reports.repository import REPORTS
from core.tasks.model import Status, Task
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place

DAY = timedelta(days=1)
EDGES = [NOON - 2 * DAY, NOON - DAY, NOON]


def done(place: Place, days: float, **fields: Any) -> Task:
    """A task that was completed so many days before the last edge."""
    return place.task(status=Status.COMPLETED, completed_at=NOON - days * DAY, **fields)


async def figures(place: Place, audience: Audience, channel: int | None = None) -> list[Done]:
    async with place.reading() as work:
        return list(await work.of(REPORTS).tasks_done(EDGES, channel, audience))


async def test_a_task_counts_from_the_instant_of_an_edge_and_up_to_the_next(here: Place) -> None:
    await here.add(done(here, 2), done(here, 1.01), done(here, 1), done(here, 0), done(here, 2.01), here.task())
    assert await figures(here, here.everything) == [Done(2, 0), Done(1, 0)]


async def test_what_was_done_after_it_was_due_is_late_and_what_has_no_due_never_is(here: Place) -> None:
    due = parse_due("2026-11-18", now=NOON - 9 * DAY, zone="Europe/Berlin")
    await here.add(done(here, 0.5, due=due), done(here, 0.4), done(here, 1.9, due=due))
    assert await figures(here, here.everything) == [Done(1, 0), Done(2, 1)]


async def test_only_what_the_reader_may_see_counts(here: Place) -> None:
    closed: dict[str, Any] = {"channel_id": here.board.id}
    own = done(here, 0.1, **closed, author_id=here.ben)
    given = done(here, 0.1, **closed, assignees=(here.ben,))
    await here.add(done(here, 0.1), done(here, 0.1, **closed), own, given)
    assert await figures(here, here.public) == [Done(), Done(3, 0)]
    assert await figures(here, here.public, here.board.id) == [Done(), Done(2, 0)]
    assert await figures(here, here.everything, here.board.id) == [Done(), Done(3, 0)]


async def test_what_was_removed_does_not_count(here: Place) -> None:
    await here.add(done(here, 0.1, removed_at=NOON))
    assert await figures(here, here.everything) == [Done(), Done()]
