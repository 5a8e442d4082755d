"""People talk about a task, those who may see it, and take back what they said."""

import pytest

from core.history.model import COMMENT_LIMIT
from core.history.service import Commented
from core.ports.storage import UndoEntry
from core.shared.errors import ConflictError, InvalidArgumentError, NotFoundError
from core.tasks.model import Task
from tests.unit.core.tasks.world import World


async def _say(world: World, number: int, words: str, by: str = "Ann") -> Commented[Task]:
    world.clock.forward(minutes=1)
    return await world.tasks.comment(world.actor(by), world.sees(by), number, words)


async def _entry(world: World, said: Commented[Task]) -> UndoEntry:
    async with world.storage.workspace(world.workspace_id).read() as work:
        entry = await work.undo.get(said.undo_id)
    assert entry is not None
    return entry


async def _latest(world: World, number: int) -> tuple[int, list[str]]:
    shown = (await world.tasks.show(number, world.sees())).discussion
    return shown.total, [comment.text for comment in shown.latest]


async def test_a_task_is_shown_with_the_latest_of_what_was_said(world: World) -> None:
    task = await world.add()
    assert await _latest(world, task.number) == (0, [])
    for words in ("One", "  Two\r\nlines ", "Three", "Four"):
        await _say(world, task.number, words)
    assert await _latest(world, task.number) == (4, ["Four", "Three", "Two\nlines"])
    assert await world.stored(task.number) == task


async def test_a_comment_is_part_of_the_history(world: World) -> None:
    task = await world.add()
    await _say(world, task.number, "Closed on Mondays", by="Ben")
    history = (await world.tasks.history(task.number, world.sees())).history
    (said, added) = history.page.items
    assert (said.command, said.member_id, added.command) == ("task comment", world.people["Ben"], "task add")
    assert [comment.text for comment in history.comments.values()] == ["Closed on Mondays"]


async def test_a_comment_is_taken_back_once(world: World) -> None:
    task = await world.add()
    said = await _say(world, task.number, "Oops")
    entry = await _entry(world, said)
    assert await world.tasks.withdraw_comment(world.actor("Ben"), entry, world.sees("Ben")) == task
    assert await _latest(world, task.number) == (0, [])
    with pytest.raises(ConflictError):
        await world.tasks.withdraw_comment(world.actor(), entry, world.sees())
    history = (await world.tasks.history(task.number, world.sees())).history
    assert [entry.command for entry in history.page.items] == ["qm undo", "task comment", "task add"]


async def test_a_comment_on_what_somebody_may_not_see_is_not_theirs_to_make_or_take_back(world: World) -> None:
    task = await world.add("Secret", channel="board")
    with pytest.raises(NotFoundError):
        await _say(world, task.number, "What is it?", by="Ben")
    said = await world.tasks.comment(world.actor("Ann", "board"), world.sees("Ann", "board"), task.number, "Hush")
    entry = await _entry(world, said)
    for channel, seen in (("general", ("board",)), ("board", ())):
        with pytest.raises(NotFoundError):
            await world.tasks.withdraw_comment(world.actor("Ben", channel), entry, world.sees("Ben", *seen))
    assert (await world.tasks.show(task.number, world.sees("Ann", "board"))).discussion.total == 1


async def test_a_task_that_was_removed_is_talked_about_no_more_and_what_was_said_stays(world: World) -> None:
    task = await world.add()
    await _say(world, task.number, "Closed on Mondays")
    await world.tasks.remove(world.actor(), world.sees(), [task.number])
    with pytest.raises(NotFoundError):
        await _say(world, task.number, "Too late")
    assert len((await world.tasks.history(task.number, world.sees())).history.comments) == 1


async def test_a_change_before_a_comment_can_still_be_taken_back(world: World) -> None:
    task = await world.add()
    done = await world.tasks.done(world.actor(), world.sees(), [task.number])
    await _say(world, task.number, "Well done", by="Ben")
    assert (await world.tasks.undo(world.actor(), await world.entry(done))).restored


@pytest.mark.parametrize("words", ["", " \n ", "\u200b", "x" * (COMMENT_LIMIT + 1)])
async def test_a_comment_says_something_and_not_too_much(world: World, words: str) -> None:
    task = await world.add()
    with pytest.raises(InvalidArgumentError):
        await _say(world, task.number, words)
