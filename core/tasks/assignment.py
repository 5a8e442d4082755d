"""Who does a task, and how those who are given one hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.chat.actor import Actor
from core.people.model import Member, Reader
from core.ports.storage import Post, UnitOfWork
from core.shared.errors import NotFoundError
from core.tasks.model import Task
from core.tasks.notices import Notices
from core.tasks.requests import AssignMode
from core.tasks.rules import checked_assignees


def reassigned(task: Task, people: Sequence[int], mode: AssignMode) -> Task:
    """Return the task with its people changed; the same task if nothing changes."""
    if mode is AssignMode.REMOVE:
        assignees = tuple(member for member in task.assignees if member not in people)
    else:
        assignees = checked_assignees(people if mode is AssignMode.SET else (*task.assignees, *people), "people")
    return task if set(assignees) == set(task.assignees) else replace(task, assignees=assignees)


async def named_members(work: UnitOfWork, actor: Actor, people: Sequence[int]) -> Mapping[int, Member]:
    """Return the members named besides the actor, by id; costs no query when there are none.

    Raises `NotFoundError` for somebody who is not in the workspace, or no longer active.
    """
    others = set(people) - {actor.member_id}
    if not others:
        return {}
    known = {member.id: member for member in await work.members.all() if member.id in others and member.active}
    for member_id in people:
        if member_id in others and member_id not in known:
            raise NotFoundError("member", member_id)
    return known


async def announce(
    work: UnitOfWork,
    notices: Notices,
    actor: Actor,
    changes: Sequence[tuple[Task | None, Task]],
    people: Mapping[int, Member],
    now: datetime,
) -> None:
    """Queue a direct message for everybody who has been given tasks, one for all of a channel; not for oneself."""
    given: dict[tuple[int, int], list[Task]] = {}
    for before, after in changes:
        for member_id in after.assignees:
            if member_id in people and (before is None or member_id not in before.assignees):
                given.setdefault((member_id, after.channel_id), []).append(after)
    if not given:
        return
    zones = await work.settings.zones()
    for (member_id, channel_id), tasks in given.items():
        member = people[member_id]
        reader = Reader(member, zones.of(member.zone, channel_id=channel_id))
        reply = notices.assigned(tasks, reader, actor.name, now)
        work.outbox.add(Post(reply, channel_id=channel_id, member_id=member_id), now)
