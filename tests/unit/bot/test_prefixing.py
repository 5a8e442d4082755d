"""Where a prefix goes before every command, people are told to type it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.areas import AREAS
from bot.grammar.prefixing import Prefixing
from bot.grammar.registry import Registry
from core.chat.reply import Column, Field, Problem, Reply, Row, Table
from core.chat.request import Platform, UserRef
from core.chat.text import Bold, Code, plain
from tests.unit.bot.stage import Stage, button, staged

SHOP = Prefixing(Registry.of(AREAS, "shop-").catalogue)
BARE = Prefixing(Registry.of(AREAS).catalogue)

REPLY = Reply(
    text=("see ", Code("/task list"), Bold("/task list"), Code("task list"), Code("/tasks"), Code("/shop-task add")),
    fields=(Field("a", "A", (Code("/qm help"),)), Field("b", "B", "/qm help")),
    tables=(Table("T", (Column("c", "C"),), (Row(((Code("/user list"),),)),), note=(Code("/qm undo 1"),)),),
    problem=Problem("code", "Not `/task ad`.", "Try `/task add Buy` or `/taskforce` or /task."),
    footer=(Code("/task list"),),
)


def test_what_is_to_be_typed_gets_the_prefix_and_nothing_else_changes() -> None:
    said = SHOP.reply(replace(REPLY, original=REPLY))
    assert said.text == (
        "see ",
        Code("/shop-task list"),
        Bold("/task list"),
        Code("task list"),
        Code("/tasks"),
        Code("/shop-task add"),
    )
    assert [field.value for field in said.fields] == [(Code("/shop-qm help"),), "/qm help"]
    assert said.tables[0].rows[0].cells == ((Code("/shop-user list"),),)
    assert said.tables[0].note == (Code("/shop-qm undo 1"),)
    assert said.problem == Problem("code", "Not `/shop-task ad`.", "Try `/shop-task add Buy` or `/taskforce` or /task.")
    assert said.footer == (Code("/shop-task list"),)
    assert said.original == replace(said, original=None)
    assert SHOP.reply(said) == said


def test_without_a_prefix_nothing_changes() -> None:
    assert BARE.reply(REPLY) is REPLY


@pytest.mark.parametrize("prefix", ["task-", "qm"])
def test_a_prefix_that_is_like_an_area_is_put_once(prefix: str) -> None:
    prefixing = Prefixing(Registry.of(AREAS, prefix).catalogue)
    once = prefixing.reply(REPLY)
    assert once.text[1] == Code(f"/{prefix}task list")
    assert prefixing.reply(once) == once


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, prefix="shop-") as made:
        yield made


async def test_answers_tell_what_can_be_typed_here(stage: Stage) -> None:
    assert "/shop-task add Buy milk due:tomorrow assign:@me" in plain((await stage.type("/shop-task list")).text)
    assert "/shop-task add Buy milk" in plain((await stage.type("/shop-qm help task add")).text)
    for line in ("/shop-task done 99", "/shop-task ad x", "/shop-task import", "/shop-task list page:nonsense"):
        problem = (await stage.type(line)).problem
        assert problem
        assert "`/shop-task " in problem.hint
        assert "`/task " not in problem.message + problem.hint


async def test_a_plan_that_asks_with_a_form_tells_it_too(stage: Stage) -> None:
    plan = stage.product.application.plan(stage.request("/shop-task import"))
    assert plan.problem
    assert "`/shop-task import" in plan.problem.hint


async def test_buttons_work_and_posts_tell_it_too(stage: Stage) -> None:
    stage.chat.profiles["U1"] = UserRef("U1", "Ann")
    await stage.type("/shop-task list", "U1", platform=Platform.SLACK)
    added = await stage.type("/shop-task add Milk due:in 2h assign:@ann")
    for number in range(11):
        await stage.type(f"/shop-task add Milk {number} due:in 2h assign:@ann")
    assert (await stage.press(button(added, "Done"))).ok
    stage.clock.moment += timedelta(hours=3)
    await stage.product.jobs.reminders.step()
    await stage.deliver_posts()
    (reminder,) = [reply for _, reply, _ in stage.chat.posts if "to look at now" in plain(reply.text)]
    assert "/shop-task list" in plain(reminder.text)
