"""What people read of jobs that run again and again: the list of them, and each with how it went."""

from collections.abc import Sequence

from bot.texts.common import sentence_case
from bot.texts.errors import Reasons, did_you_mean, shown
from bot.texts.records import Listed, Listing, channel_field, member_field, moment_field, page_of, record
from bot.texts.schedules.words import cells, columns_of, coming, state_of, when
from bot.texts.view import View
from core.chat.reply import Action, Column, Field, Reply, Row, Table
from core.chat.text import Code, text
from core.jobs.model import Job
from core.schedules.model import Schedule, ScheduleState
from core.schedules.requests import Scheduled
from core.shared.names import Names
from core.shared.paging import Page

NAMES = Names("job", "periodic job", "periodic jobs")

REASONS = Reasons(
    arguments={
        "periodic_name": lambda w: (
            f"“{shown(w['value'])}” can't be the name of a job.",
            "A name has letters, and up to 60 characters: `/job every nightly-sync 2h wait 5`.",
        ),
        "periodic_nothing": lambda _w: (
            "Say what is to be done.",
            "A kind of job with what it takes, as `/job run` has it, or a command: `/job every standup 1d /task list`.",
        ),
        "periodic_starts_jobs": lambda w: (
            f"“{shown(w['line'])}” starts jobs of its own: again and again, they would become more and more.",
            "Say what is to be done each time: a kind of job, as in `/job every rest 15m wait 5`, or a command, as in "
            "`/job every standup 1d /task list`.",
        ),
        "periodic_too_often": lambda w: (
            f"{sentence_case(str(w['times']))} is too often for a {w['kind']}: the shortest is {w['shortest']}.",
            'Say times that are further apart, such as `"daily 3:00"`.',
        ),
        "periodic_command": lambda w: (
            f"There is no command “{shown(w['value'])}” that you may run.",
            did_you_mean(w) or "`/qm help` lists what there is.",
        ),
    }
)


def pause_action(number: int, then: str = "") -> Action:
    """Return the button that pauses a periodic job."""
    return Action("Pause", f"/job pause {number}", then=then or None)


def resume_action(number: int, then: str = "") -> Action:
    """Return the button that lets a periodic job run again."""
    return Action("Resume", f"/job resume {number}", then=then or None)


def start_action(number: int, then: str = "") -> Action:
    """Return the button that starts a stopped job."""
    return Action("Start", f"/job start {number}", then=then or None)


def stop_action(number: int) -> Action:
    """Return the button that stops a periodic job."""
    return Action("Stop", f"/job stop {number}")


def listed(page: Page[Schedule], listing: Listing, view: View) -> Reply:
    """Show a page of periodic jobs."""
    title = "Periodic jobs"
    nothing = text("Nothing runs again and again. To begin: ", Code("/job every standup 1d /task list"))

    def table(schedules: Sequence[Schedule]) -> Table:
        rows = tuple(_row(one, listing, view) for one in schedules)
        has_failed = any(one.last_error for one in schedules)
        last_error = Column("last_error", "Last error", implied=not has_failed)
        return Table(title, (*columns_of(schedules), Column("job", "Does"), last_error), rows)

    return page_of(title, page, Listed(NAMES, table, nothing), listing)


def card(shown_: Scheduled, view: View) -> Reply:
    """Show everything about a periodic job."""
    schedule = shown_.schedule
    told = (
        Field("state", "State", state_of(schedule)),
        Field("what", "What", _does(schedule)),
        Field("when", "When", when(schedule)),
        moment_field("next", "Next", schedule.next_at, view),
        moment_field("last", "Last", schedule.last_at, view),
        Field("runs", "Runs", schedule.runs, "number"),
        Field("errors", "Errors", schedule.errors, "number"),
        Field("last_error", "Last error", schedule.last_error) if schedule.last_error else None,
        Field("skipped", "Left out", schedule.skipped, "number") if schedule.skipped else None,
        member_field("owner", "Of", schedule.author_id, view),
        channel_field(schedule.channel_id, view),
    )
    name = f"#{schedule.number} {schedule.title}"
    actions = (_rest_action(schedule), stop_action(schedule.number))
    return record(name, coming(shown_.runs, schedule, view), told, actions)


def _row(schedule: Schedule, listing: Listing, view: View) -> Row:
    remove = Action("Remove", f"/job remove {schedule.number}", then=listing.command)
    actions = (_rest_action(schedule, listing.command), remove)
    return Row(
        (*cells(schedule, view), _does(schedule), schedule.last_error), actions, "warning" if schedule.streak else ""
    )


def _does(schedule: Schedule) -> str:
    """Return what it does each time, as people would type it."""
    return Job(0, schedule.kind, schedule.given, "", schedule.author_id, schedule.channel_id, schedule.created_at).title


def _rest_action(schedule: Schedule, then: str = "") -> Action:
    """Return the button for the other one of running and resting."""
    kinds = {
        ScheduleState.ACTIVE: pause_action,
        ScheduleState.PAUSED: resume_action,
        ScheduleState.STOPPED: start_action,
    }
    return kinds[schedule.state](schedule.number, then)
