"""What is posted of jobs that schedules made: the channel hears of what went well, the owner of the rest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.texts.schedules import notices
from core.chat.reply import Reply, Visibility
from core.chat.text import lines
from core.jobs.model import Job
from core.ports.storage import Post, UnitOfWork
from core.schedules.missed import LATE_AFTER
from core.schedules.model import Ran
from core.schedules.outcomes import Outcome, let_rest, record_outcome
from core.shared.errors import ForbiddenError


async def posts_of(work: UnitOfWork, job: Job, reply: Reply, now: datetime) -> Sequence[Post]:
    """Keep with its schedule how a job went, in the transaction that ends it, and return what is posted of it."""
    if Ran.of(job.key) is None:
        return () if _says_nothing(reply) else (Post(reply, job.channel_id),)
    outcome = await record_outcome(work, job.key, reply.problem.message if reply.problem else "", now)
    if outcome is None:
        # Its schedule was removed while it ran.
        return ()
    owner = await work.members.get(job.member_id)
    name = owner.name if owner else "Somebody"
    if reply.problem is None:
        return (*_recovery(job, outcome), *_answer(job, outcome, reply, name, now))
    is_gone = owner is None or not owner.active
    if is_gone or reply.problem.code == ForbiddenError.code:
        paused = await let_rest(work, outcome.schedule.number)
        if outcome.schedule.personal:
            return ()
        return (Post(notices.put_to_rest(paused, name, is_gone=is_gone), job.channel_id),) if paused else ()
    if outcome.news is None:
        return ()
    return (Post(notices.failed(outcome.schedule, outcome.run, reply.problem, job.number), member_id=job.member_id),)


def _recovery(job: Job, outcome: Outcome) -> Sequence[Post]:
    """Return the post to the owner that a schedule works again, where they were told that it did not."""
    if outcome.news is None:
        return ()
    return (Post(notices.works_again(outcome.schedule, outcome.news), member_id=job.member_id),)


def _answer(job: Job, outcome: Outcome, reply: Reply, owner: str, now: datetime) -> Sequence[Post]:
    """Return the post of an answer, for the channel or, where the command answers its asker alone, for the owner."""
    # The answer is what a command is there for; other kinds do something, and nobody waits to read that.
    if _says_nothing(reply) or (reply.is_empty and outcome.schedule.skip_empty) or not job.runs_command:
        return ()
    if now - outcome.run > LATE_AFTER:
        reply = replace(reply, text=lines(notices.late(outcome.run, outcome.schedule), reply.text))
    reply = notices.signed(reply, outcome.schedule, owner)
    is_open = reply.visibility is Visibility.CHANNEL
    channel_id, member_id = (job.channel_id, None) if is_open else (None, job.member_id)
    return (Post(reply, channel_id, member_id, schedule=outcome.schedule.number),)


def _says_nothing(reply: Reply) -> bool:
    return reply == Reply(zone=reply.zone)
