"""What people read when they look at jobs, and when they stop one or begin it anew."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Literal

from bot.texts.answers import written
from bot.texts.background import begun_by, cancel_action, name_of, retry_action, show_action
from bot.texts.common import counted, sentence_case, undo_action, undo_ids
from bot.texts.common import listed as listed_words
from bot.texts.dates import moment_cell
from bot.texts.errors import Reasons, Words, shown
from bot.texts.history import Told
from bot.texts.records import Listed, Listing, channel_field, member_field, moment_field, page_of, record
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Action, Column, Field, Reply, Row, Table, Visibility
from core.chat.text import Code, Text, lines, text
from core.jobs.model import Job, JobInfo, JobState
from core.jobs.service import Changed
from core.ports.jobs import Runs
from core.shared.names import Names
from core.shared.paging import Page
from core.shared.undo import UNDO_WINDOW
from core.undo.kinds import RecordKind

NAMES = Names("job", "job", "jobs")

KIND = RecordKind("job", Job, unwritten={field.name for field in fields(Job)} - {"number"})
"""How a job is found and called; how it goes is told by its row, not by a history."""

TOLD = Told(KIND, "job", {})

REASONS = Reasons(
    arguments={
        "job_too_short": lambda w: (
            f"A wait of {w['value']} seconds is too short: the shortest is {w['least']}.",
            "Try `/job run wait 2`.",
        ),
        "job_too_long_wait": lambda w: (
            f"A wait of {w['value']:,} seconds is too long: the longest is {w['most']:,}, a day.",
            "`/job every` runs something again and again, whatever the time between.",
        ),
        "line_of_other_kind": lambda w: (
            f"“{shown(w['line'])}” is no {w['kind']}, so it can't be a job of that kind.",
            f"`{w['usage']}` is one, and `/job run command` takes any command.",
        ),
        "import_without_file": lambda w: (
            "A job can't be handed a file, but every import is a job by itself.",
            f"Attach the file to {_commands(w)}; `/job list kind:import` shows what came of it.",
        ),
        "missing_of_job": lambda w: (f"Such a job needs `{w['name']}:`.", f"Type `{w['usage']}`."),
    },
)


def _commands(words: Words) -> str:
    names = words["commands"]
    return listed_words([f"`/{name}`" for name in names], "or") if isinstance(names, tuple) else ""


_MARKS: Mapping[JobState, Literal["done", "warning"]] = {JobState.COMPLETED: "done", JobState.FAILED: "warning"}

_COLUMNS = (
    Column("number", "#", "number"),
    Column("job", "Job"),
    Column("state", "State"),
    Column("progress", "Progress"),
    Column("member", "For", "people"),
    Column("created", "Started", "moment"),
    Column("reason", "Why"),
)


def kinds(known: Sequence[JobInfo]) -> Reply:
    """Show which kinds of job there are, a line each."""
    told = (text(Code(f"/job run {kind.usage}"), f" – {kind.summary}") for kind in known)
    return Reply(title="Kinds of job", text=lines(*told))


def waited(job: Job, seconds: int) -> Reply:
    """Say that a wait is over."""
    said = text(f"Job #{job.number} waited {counted(seconds, 'second')}.")
    return Reply(text=said, visibility=Visibility.CHANNEL, actions=(show_action(job),))


def listed(
    page: Page[Job],
    listing: Listing,
    only: tuple[JobState | None, str | None],
    files: Mapping[str, str],
    view: View,
) -> Reply:
    """Show a page of jobs, perhaps only those in a state or of a kind, each with what can be done about it.

    `files` are the names of those that jobs bring in, by their ids.
    """
    title = sentence_case(" ".join([*filter(None, only), "jobs"]))
    nothing = text("There are none.") if any(only) else text("There are none. To start one: ", Code("/job run wait 2"))

    def table(jobs: Sequence[Job]) -> Table:
        return Table(title, _COLUMNS, tuple(_row(job, files, view) for job in jobs))

    return page_of(title, page, Listed(NAMES, table, nothing), listing)


def card(job: Job, files: Mapping[str, str], view: View) -> Reply:
    """Show everything about a job; `files` are the names of those that it brings in, by their ids."""
    why = job.result.problem if job.result else None
    answer = job.result if not why and _may_read(job, view) else None
    told = (
        Field("state", "State", job.state.value),
        Field("progress", "Progress", _progress(job)) if _progress(job) else None,
        Field("note", "At", job.note) if job.note else None,
        Field("reason", "Why", why.message) if why else None,
        Field("answer", "Answer", _answer(answer)) if answer and _answer(answer) else None,
        Field("attempts", "Begun", counted(job.attempts, "time")) if job.attempts > 1 else None,
        member_field("member", "For", job.member_id, view),
        channel_field(job.channel_id, view),
        moment_field("created", "Started", job.created_at, view),
        moment_field("ended", "Ended", job.ended_at, view),
    )
    actions = (*_actions(job), *(_taken_back(job, answer, view) if answer else ()))
    shown_ = record(f"Job #{job.number}", text(Code(job.titled(files))), told, actions)
    return replace(shown_, files=answer.files) if answer else shown_


def _taken_back(job: Job, answer: Reply, view: View) -> tuple[Action, ...]:
    """Return the button that takes back what a job did, for whoever did not see its answer, as long as it holds."""
    holds = job.ended_at is not None and view.now < job.ended_at + UNDO_WINDOW
    return tuple(undo_action(id) for id in undo_ids(answer.actions)) if holds else ()


def _may_read(job: Job, view: View) -> bool:
    """Tell whether an answer is for whoever looks: what was only for whom it was asked for stays theirs."""
    is_open = job.result is not None and job.result.visibility is Visibility.CHANNEL
    return is_open or job.member_id == view.actor.member_id


def _answer(reply: Reply) -> Text:
    return reply.text or text(reply.title)


def started(change: Changed, runs: Runs | None) -> Reply:
    """Say that a job goes on, in place of its answer; `runs` is who begins one that does not at once."""
    said = _STARTED[runs] if runs else text(" is under way.")
    return _changed(text("Job ", *name_of(change.job), *said), change, show_action(change.job))


_STARTED: Mapping[Runs, Text] = {
    Runs.HERE: text(" waits, and is begun as soon as jobs can run here."),
    **{runs: text(" waits.", *begun_by(runs)) for runs in (Runs.ELSEWHERE, Runs.NOWHERE)},
}


def cancelled(change: Changed) -> Reply:
    """Say that a job was cancelled."""
    return _changed(text("Cancelled job ", *name_of(change.job), "."), change, retry_action(change.job))


def asked_again(change: Changed, runs: Runs | None) -> Reply:
    """Say that a job begins anew, in place of its answer if that is waited for; else `runs` is who begins it."""
    does = "is to begin" if runs in (Runs.ELSEWHERE, Runs.NOWHERE) else "begins"
    where = (*begun_by(runs), " Its answer comes as a message.") if runs else ()
    said = text("Job ", *name_of(change.job), f" {does} anew.", *where)
    return _changed(said, change, show_action(change.job))


def undone(job: Job, command: str, view: View) -> Reply:
    """Say that a job was stopped, or begins anew, as what was done to it was taken back."""
    now = "is cancelled" if job.state is JobState.CANCELLED else "begins anew"
    said = lines(undid(command, view), text("Job ", *name_of(job), f" {now}."))
    return Reply(text=said, visibility=Visibility.CHANNEL, actions=(show_action(job),))


def _changed(said: Text, change: Changed, *first: Action) -> Reply:
    again = () if change.job.state is JobState.CANCELLED else (cancel_action(change.job),)
    return written(said, change.undo_id, (), *again, *first)


def _row(job: Job, files: Mapping[str, str], view: View) -> Row:
    why = job.result.problem.message if job.result and job.result.problem else ""
    cells = (
        job.number,
        job.titled(files),
        job.state.value,
        _progress(job),
        view.directory.name(job.member_id),
        moment_cell(job.created_at, view.actor.zone),
        why,
    )
    return Row(cells, _actions(job)[:1], _MARKS.get(job.state, ""))


def _progress(job: Job) -> str:
    if job.state is JobState.COMPLETED:
        return "100 %"
    return "" if job.progress is None else f"{job.progress:.0%}".replace("%", " %")


def _actions(job: Job) -> tuple[Action, ...]:
    if not job.state.is_over:
        return (cancel_action(job),)
    return (retry_action(job),) if job.state is not JobState.COMPLETED else ()
