"""What is said of work in the background, whatever it is: that it goes on, how it ended, why it can't be as asked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.texts.common import listed, sentence_case, with_article
from bot.texts.errors import ErrorTexts, Reasons, Words, shown
from core.chat.reply import Action, Reply, Visibility
from core.chat.text import Code, Text, text
from core.jobs.kinds import IMPORT
from core.ports.jobs import Runs
from core.shared.errors import RefusedError

if TYPE_CHECKING:
    from core.jobs.model import Job

# By the words of `JobState`: every answer's problems are worded with these reasons at hand, few are about jobs.
_STATES = {
    "queued": "has not begun yet",
    "running": "is still under way",
    "completed": "was completed",
    "failed": "failed",
    "cancelled": "was cancelled",
}


def _is(words: Words) -> str:
    return f"Job #{words['number']} {_STATES[str(words['state'])]}"


def _unknown(words: Words) -> tuple[str, str]:
    near, kinds = words.get("near"), words.get("choices")
    meant = f"Did you mean `{near}`? " if near else ""
    known = listed([f"`{kind}`" for kind in kinds]) if isinstance(kinds, tuple) else ""
    return f"There is no kind of job “{shown(words['value'])}”.", f"{meant}There are {known}."


REASONS = Reasons(
    arguments={"unknown_job_kind": _unknown},
    refusals={
        "job_known": lambda w: ("That job was started already.", "`/job list` shows it."),
        "of_another": lambda w: (
            f"{sentence_case(str(w['noun']))} #{w['number']} is somebody else's.",
            f"Whoever it is of can do that, and anybody who is {with_article(str(w['role']))} or more.",
        ),
        "job_cancelled": lambda w: (
            f"Job #{w['number']} was cancelled.",
            "What it had brought in stays, and `/qm undo` takes it back."
            if w["kind"] == IMPORT
            else "Press Retry to have it begun anew.",
        ),
        "job_over": lambda w: (f"{_is(w)}, so there is nothing to cancel.", "`/job list` shows what is under way."),
        "job_not_failed": lambda w: (
            f"{_is(w)}, so it can't be asked for again.",
            "Only jobs that failed or were cancelled can be.",
        ),
        "import_half_in": lambda w: (
            "Part of that import is in, and begun anew it would bring that in twice.",
            f"`/qm undo {w['undo']}` takes it back; then `{w['line']}` brings the whole file in."
            if w["undo"]
            else f"It can't be taken back any more. Look at what is there before you type `{w['line']}`.",
        ),
        "job_too_long": lambda w: (
            f"It took longer than the {w['seconds']:,} seconds that such a job may take, and was stopped.",
            "Ask for less at once, or press Retry if something was slow.",
        ),
        "job_tried_often": lambda w: (
            f"It was begun {w['times']} times and could never be ended.",
            "Press Retry once the database and the network are well again.",
        ),
        "job_kind_gone": lambda w: (
            f"Nothing here knows jobs of the kind “{shown(w['kind'])}” any more.",
            "`/job run` names those that there are.",
        ),
        "nobody_there": lambda w: (
            "Whoever it is for is not active there any more.",
            "Somebody who is can ask for it.",
        ),
    },
)


def show_action(job: "Job") -> Action:
    """Return the button that shows a job."""
    return Action("Show job", f"/job show {job.number}")


def cancel_action(job: "Job") -> Action:
    """Return the button that cancels a job."""
    return Action("Cancel", f"/job cancel {job.number}")


def retry_action(job: "Job") -> Action:
    """Return the button that asks for a job again."""
    return Action("Retry", f"/job retry {job.number}")


def name_of(job: "Job") -> Text:
    """Return what a job is called: `#3 wait seconds:2`."""
    return text(f"#{job.number} ", Code(job.title))


def under_way(job: "Job") -> Reply:
    """Return what is said of a job in place of its answer."""
    return Reply(text=text("Job ", *name_of(job), " is under way."), actions=(show_action(job),))


def was_cancelled(job: "Job", texts: ErrorTexts) -> Reply:
    """Return the answer of a job that was cancelled."""
    error = RefusedError("job_cancelled", number=job.number, kind=job.kind)
    return ended(job, Reply(problem=texts.problem_of(error)))


def begun_by(runs: Runs) -> Text:
    """Return who begins what waits, and when; nothing more has to be said where this process does, at once."""
    return _BEGUN_BY[runs]


_BEGUN_BY: Mapping[Runs, Text] = {
    Runs.HERE: (),
    Runs.ELSEWHERE: text(" The process that serves begins it within seconds."),
    Runs.NOWHERE: text(" Nothing serves here now: it is begun once ", Code("quartermaster serve"), " runs."),
}


def ended(job: "Job", reply: Reply) -> Reply:
    """Return the answer of a job; one that failed can be asked for again."""
    if reply.problem is None:
        return reply
    # A command's own failure is only for whoever asked, as ever.
    visibility = reply.visibility if job.runs_command else Visibility.CHANNEL
    name = reply.title or f"Job #{job.number}"
    return replace(reply, title=name, visibility=visibility, actions=(*reply.actions, retry_action(job)))
