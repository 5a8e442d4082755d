"""What people do with tasks. One unit of work a method; whatever names several tasks does all of them or none."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from core.chat.actor import Actor
from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_rules import rule_of
from core.history.service import PAGE_SIZE, NumberedService
from core.ports.numbered import HIGHEST_NUMBER
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import ConflictError, InvalidArgumentError, NotFoundError, RefusedError
from core.shared.events import Event, EventValue
from core.shared.value_objects import value_object
from core.shared.zones import zone
from core.tasks.assignment import announce, named_members, reassigned
from core.tasks.kind import TASK_KIND, TASK_NAMES
from core.tasks.model import Status, Task, TaskFilter
from core.tasks.notices import Notices
from core.tasks.repository import TASKS
from core.tasks.requests import AssignMode, NewTask, TaskEdit, TaskSort
from core.tasks.results import Change, Summary, TaskCard, TaskList
from core.tasks.rules import (
    checked_assignees,
    checked_numbers,
    clean_notes,
    clean_title,
    moment_of,
    reminder_for,
    rescheduled,
)
from core.tasks.series import repeating, skipped, stopped, successor
from core.tasks.undo import TASK_UNDO, undone_events
from core.undo.entries import TakenBack
from core.undo.keeping import keep_change
from core.workspaces.model import Audience

LATEST_COMMENTS = 3
"""Comments that are shown with a task."""

_Facts = dict[str, EventValue]


def _no_facts(_before: Task, _after: Task) -> _Facts:
    return {}


def _nothing_follows(_before: Task, _now: datetime) -> Task | None:
    return None


@value_object
class _Verb:
    """What a command does to a task: the step it takes each on, the event that says so, and the facts in it.

    `told` are the people who hear of tasks that they are given. `follow` is the task that comes after one, if any.
    """

    command: str
    event: str
    step: Callable[[Task, datetime], Task]
    facts: Callable[[Task, Task], _Facts] = _no_facts
    told: Sequence[int] = ()
    follow: Callable[[Task, datetime], Task | None] = _nothing_follows


class TaskService(NumberedService[Task]):
    """The tasks of one workspace, for the length of one request.

    Every change records an event for each task and one undo entry for all of them.
    """

    called, kept, undoing = TASK_NAMES, TASKS, TASK_UNDO

    def __init__(self, transactions: Transactions, clock: Clock, notices: Notices) -> None:
        """Bind to the workspace's units of work, the time, and the words for people who are given tasks."""
        super().__init__(transactions, clock)
        self._notices = notices

    async def add(self, actor: Actor, new: NewTask) -> Change:
        """Add a task to the actor's channel, tell its people, and return it with its number.

        Raises `InvalidArgumentError` for a title, notes or number of people that can't be (see `rules`).
        """
        now = self._clock.now()
        task = Task(
            number=0,
            title=clean_title(new.title),
            notes=clean_notes(new.notes),
            status=Status.PENDING,
            priority=new.priority,
            due=new.due,
            channel_id=actor.channel_id,
            author_id=actor.member_id,
            assignees=checked_assignees(new.assignees),
            origin=new.origin,
            created_at=now,
            remind_at=reminder_for(new.due, now),
        )
        if new.repeat:
            task = repeating(task, new.repeat, now, actor.zone)
        async with self._transactions.write() as work:
            people = await named_members(work, actor, task.assignees)
            task = replace(task, number=await work.of(TASKS).reserve_numbers())
            work.of(TASKS).add(task)
            _record(work, "task.added", actor, task, now, {})
            undo_id = keep_change(work, TASK_KIND, actor, "task add", [None], [task], now)
            await announce(work, self._notices, actor, [(None, task)], people, now)
            await work.commit()
        return Change((task,), undo_id=undo_id)

    async def show(self, number: int, audience: Audience) -> TaskCard:
        """Return a task with the latest of what was said about it."""
        async with self._transactions.read() as work:
            task = await self._load(work, number, audience)
            return TaskCard(task, await work.comments.about(TASK_KIND.name, number, limit=LATEST_COMMENTS))

    async def list(
        self,
        wanted: TaskFilter,
        audience: Audience,
        *,
        sort: TaskSort = TaskSort.DUE,
        cursor: str = "",
        limit: int = PAGE_SIZE,
    ) -> TaskList:
        """Return a page: the longest overdue first, then by due, priority and number, unless sorted otherwise.

        Raises `InvalidArgumentError` with reason `no_such_page` for a cursor that is none.
        """
        async with self._transactions.read() as work:
            try:
                page = await work.of(TASKS).page(wanted, audience, sort=sort, cursor=cursor, limit=limit)
            except InvalidArgumentError as error:
                raise InvalidArgumentError("page", "no_such_page", value=cursor) from error
        return TaskList(page, wanted, self._clock.now())

    async def summary(self, actor: Actor, channel_id: int | None, audience: Audience) -> Summary:
        """Count the tasks of a channel, or of all, by status, priority and person, overdue and upcoming.

        Days are those of the actor's zone.
        """
        now = self._clock.now()
        today = now.astimezone(zone(actor.zone)).date()
        async with self._transactions.read() as work:
            counts = await work.of(TASKS).counts(channel_id, audience, now=now, today=today)
        return Summary(counts, channel_id, now)

    async def done(self, actor: Actor, audience: Audience, numbers: Sequence[int]) -> Change:
        """Complete tasks; those completed already stay as they are. One that repeats makes the next of its series."""

        def complete(task: Task, now: datetime) -> Task:
            if task.status is Status.COMPLETED:
                return task
            return replace(
                stopped(task), status=Status.COMPLETED, completed_at=now, completed_by=actor.member_id, remind_at=None
            )

        verb = _Verb("task done", "task.completed", complete, follow=successor)
        return await self._change(actor, audience, numbers, verb)

    async def reopen(self, actor: Actor, audience: Audience, numbers: Sequence[int]) -> Change:
        """Make completed tasks pending again; pending ones stay as they are."""

        def reopen(task: Task, now: datetime) -> Task:
            if task.status is Status.PENDING:
                return task
            return replace(
                task,
                status=Status.PENDING,
                completed_at=None,
                completed_by=None,
                remind_at=reminder_for(task.due, now),
            )

        return await self._change(actor, audience, numbers, _Verb("task reopen", "task.reopened", reopen))

    async def edit(self, actor: Actor, audience: Audience, number: int, edit: TaskEdit) -> Change:
        """Change title, notes or priority.

        Raises `InvalidArgumentError` for texts that can't be, or with reason `nothing_to_edit` when nothing is given.
        """
        if edit == TaskEdit():
            raise InvalidArgumentError("title", "nothing_to_edit", number=number)
        title = None if edit.title is None else clean_title(edit.title)
        notes = None if edit.notes is None else clean_notes(edit.notes)

        def apply(task: Task, _now: datetime) -> Task:
            return replace(
                task,
                title=task.title if title is None else title,
                notes=task.notes if notes is None else notes,
                priority=task.priority if edit.priority is None else edit.priority,
            )

        def fields(before: Task, after: Task) -> _Facts:
            names = ("title", "notes", "priority")
            return {"fields": [name for name in names if getattr(before, name) != getattr(after, name)]}

        return await self._change(actor, audience, (number,), _Verb("task edit", "task.edited", apply, fields))

    async def assign(
        self,
        actor: Actor,
        audience: Audience,
        numbers: Sequence[int],
        people: Sequence[int],
        mode: AssignMode = AssignMode.ADD,
    ) -> Change:
        """Give tasks to people, take them away, or make these people the only ones; the newly assigned are told.

        Raises `NotFoundError` for somebody who is not in the workspace, `InvalidArgumentError` for too many people.
        """

        def apply(task: Task, _now: datetime) -> Task:
            return reassigned(task, people, mode)

        def facts(before: Task, after: Task) -> _Facts:
            return {
                "added": [member for member in after.assignees if member not in before.assignees],
                "removed": [member for member in before.assignees if member not in after.assignees],
            }

        return await self._change(
            actor, audience, numbers, _Verb("task assign", "task.assigned", apply, facts, told=people)
        )

    async def set_due(self, actor: Actor, audience: Audience, numbers: Sequence[int], due: Due | None) -> Change:
        """Set when tasks are due, or that they are not; their reminder moves along."""

        def apply(task: Task, now: datetime) -> Task:
            return task if task.due == due else rescheduled(task, due, now)

        def facts(_before: Task, after: Task) -> _Facts:
            return {"due": after.due.iso() if after.due else None}

        return await self._change(actor, audience, numbers, _Verb("task due", "task.rescheduled", apply, facts))

    async def snooze(self, actor: Actor, audience: Audience, numbers: Sequence[int], until: Due) -> Change:
        """Remind of tasks at another time (9:00 for a day without one); when they are due stays as it is.

        Raises `InvalidArgumentError` with reason `snooze_past`, `RefusedError` with reason `snooze_completed`.
        """
        moment = moment_of(until)

        def apply(task: Task, now: datetime) -> Task:
            if moment <= now:
                raise InvalidArgumentError("until", "snooze_past", example="in 20 min")
            if task.status is Status.COMPLETED:
                raise RefusedError("snooze_completed", number=task.number, title=task.title)
            return replace(task, remind_at=moment)

        def facts(_before: Task, _after: Task) -> _Facts:
            return {"until": moment.isoformat()}

        return await self._change(actor, audience, numbers, _Verb("task snooze", "task.snoozed", apply, facts))

    async def repeat(
        self, actor: Actor, audience: Audience, numbers: Sequence[int], repeat: Recurrence | None
    ) -> Change:
        """Make tasks repeat from their due on (today without one), or with None no longer; see `series`.

        Raises `RefusedError` for a completed task, `InvalidArgumentError` for what would end before it begins.
        """
        return await self._set_repeat(actor, audience, numbers, repeat, "task repeat")

    async def stop(self, actor: Actor, audience: Audience, numbers: Sequence[int]) -> Change:
        """Let tasks no longer repeat: what `repeat` does with None, under the name that was typed."""
        return await self._set_repeat(actor, audience, numbers, None, "task stop")

    async def _set_repeat(
        self, actor: Actor, audience: Audience, numbers: Sequence[int], repeat: Recurrence | None, command: str
    ) -> Change:
        def apply(task: Task, now: datetime) -> Task:
            return repeating(task, repeat, now, actor.zone) if repeat else stopped(task)

        def facts(_before: Task, after: Task) -> _Facts:
            return {"repeat": rule_of(after.repeat) if after.repeat else None}

        return await self._change(actor, audience, numbers, _Verb(command, "task.repeat_changed", apply, facts))

    async def skip(self, actor: Actor, audience: Audience, numbers: Sequence[int]) -> Change:
        """Move repeating tasks on to their next time without doing them.

        Raises `RefusedError` with reason `not_repeating`, or `skip_last` where none comes after.
        """

        def facts(before: Task, after: Task) -> _Facts:
            return {
                "from": before.due.iso() if before.due else None,
                "due": after.due.iso() if after.due else None,
            }

        return await self._change(actor, audience, numbers, _Verb("task skip", "task.skipped", skipped, facts))

    async def remove(self, actor: Actor, audience: Audience, numbers: Sequence[int]) -> Change:
        """Take tasks out of every list; their numbers are never used again."""

        def apply(task: Task, now: datetime) -> Task:
            return replace(task, removed_at=now, remind_at=None)

        return await self._change(actor, audience, numbers, _Verb("task remove", "task.removed", apply))

    async def undo(self, actor: Actor, entry: UndoEntry, audience: Audience | None = None) -> TakenBack[Task]:
        """Take back what an undo entry of kind `TASK_CHANGE` records; marking the entry as used is the caller's.

        Besides its author, only people in the channel where the change was made reach it. Raises `NotFoundError`, and
        `ConflictError` naming what has changed since, unless the `audience` may not see the task any more.
        """
        now = self._clock.now()
        async with self._transactions.write() as work:
            undone = await TASK_UNDO.take_back(work, work.of(TASKS), actor, entry, now, audience)
            for event in undone_events(undone, actor, now):
                work.events.record(event)
            await work.commit()
        return undone

    async def _change(
        self,
        actor: Actor,
        audience: Audience,
        numbers: Sequence[int],
        verb: _Verb,
    ) -> Change:
        """Take each task a step on, and store those that the step changed, with their events and one undo entry."""
        now = self._clock.now()
        wanted = checked_numbers(numbers)
        async with self._transactions.write() as work:
            people = await named_members(work, actor, verb.told)
            asked = await _load(work, wanted, audience)
            after = {task.number: verb.step(task, now) for task in asked}
            before = [task for task in asked if after[task.number] != task]
            changed = [replace(after[task.number], version=task.version + 1) for task in before]
            unchanged = tuple(task for task in asked if after[task.number] == task)
            if not changed:
                return Change((), unchanged=unchanged)
            await _store(work, before, changed)
            for old, new in zip(before, changed, strict=True):
                _record(work, verb.event, actor, new, now, verb.facts(old, new))
            following = await _follow(work, verb, actor, before, now)
            found: list[Task | None] = [*before, *[None] * len(following)]
            undo_id = keep_change(work, TASK_KIND, actor, verb.command, found, [*changed, *following.values()], now)
            await announce(work, self._notices, actor, [*zip(before, changed, strict=True)], people, now)
            await work.commit()
        return Change(tuple(changed), tuple(before), unchanged, undo_id, following)


async def _load(work: UnitOfWork, numbers: Sequence[int], audience: Audience) -> Sequence[Task]:
    """Return the tasks in the order asked for; all of them or `NotFoundError` naming those that are not there."""
    possible = [number for number in numbers if 0 < number <= HIGHEST_NUMBER]
    if len(numbers) == 1 and possible:
        task = await work.of(TASKS).get(numbers[0], audience)
        found = {task.number: task} if task else {}
    else:
        found = {task.number: task for task in await work.of(TASKS).get_many(possible, audience)}
    missing = [number for number in numbers if number not in found]
    if missing:
        raise NotFoundError("task", ", #".join(map(str, missing)))
    return [found[number] for number in numbers]


async def _follow(
    work: UnitOfWork, verb: _Verb, actor: Actor, before: Sequence[Task], now: datetime
) -> dict[int, Task]:
    """Add the tasks that come after the changed ones and return them by the numbers of those."""
    coming = {old.number: task for old in before if (task := verb.follow(old, now))}
    if not coming:
        return {}
    first = await work.of(TASKS).reserve_numbers(len(coming))
    following = {old: replace(task, number=first + place) for place, (old, task) in enumerate(coming.items())}
    for old, task in following.items():
        work.of(TASKS).add(task)
        _record(work, "task.added", actor, task, now, {"assignees": list(task.assignees), "follows": old})
    return following


async def _store(work: UnitOfWork, before: Sequence[Task], changed: Sequence[Task]) -> None:
    if len(changed) > 1:
        await work.of(TASKS).change_many(changed)
    elif not await work.of(TASKS).change(changed[0], before[0].version):
        raise ConflictError("task_changed_meanwhile", number=changed[0].number, title=changed[0].title)


def _record(work: UnitOfWork, kind: str, actor: Actor, task: Task, now: datetime, facts: _Facts) -> None:
    known: _Facts = {"number": task.number, "assignees": list(task.assignees)}
    work.events.record(Event(kind, now, task.channel_id, actor.member_id, {**known, **facts}))
