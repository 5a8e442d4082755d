"""What people read of scheduled reports: the list of them, and what can be done about each."""

from collections.abc import Sequence

from bot.texts.records import Listed, Listing, page_of
from bot.texts.schedules.words import NAMES, cells, columns_of
from bot.texts.view import View
from core.chat.reply import Action, Placement, Reply, Row, Table
from core.chat.text import Code, text
from core.schedules.model import Schedule, ScheduleState
from core.shared.paging import Page

LIST = Action("All schedules", "/report schedules")


def run_action(number: int) -> Action:
    """Return the button that posts a report now, beside its times."""
    return Action("Run now", f"/report run {number}")


def resume_action(number: int, then: str = "") -> Action:
    """Return the button that lets a schedule run again."""
    return Action("Resume", f"/report resume {number}", then=then or None)


def pause_action(number: int, then: str = "") -> Action:
    """Return the button that pauses a schedule."""
    return Action("Pause", f"/report pause {number}", then=then or None)


def listed(page: Page[Schedule], listing: Listing, view: View) -> Reply:
    """Show a page of scheduled reports."""
    nothing = text("Nothing is scheduled. To begin: ", Code('/report schedule sales "weekdays 9:00"'))

    def table(schedules: Sequence[Schedule]) -> Table:
        rows = tuple(_row(one, listing, view) for one in schedules)
        return Table("Scheduled reports", columns_of(schedules), rows)

    return page_of("Scheduled reports", page, Listed(NAMES, table, nothing), listing)


def _row(schedule: Schedule, listing: Listing, view: View) -> Row:
    number, is_active = schedule.number, schedule.state is ScheduleState.ACTIVE
    rest = pause_action(number, listing.command) if is_active else resume_action(number, listing.command)
    gone = Action("Remove", f"/report unschedule {number}", placement=Placement.MESSAGE, then=listing.command)
    return Row(cells(schedule, view), (run_action(number), rest, gone), "warning" if schedule.streak else "")
