"""A line is run with the commands of its area alone only where that makes no difference."""

from typing import Annotated

import pytest

from bot.application.context import Context
from bot.commands import alone
from bot.commands.areas import AREAS
from bot.grammar.arguments import reference
from bot.grammar.declaration import Area
from bot.grammar.plan import Planner
from bot.grammar.registry import Registry
from core.chat.reply import Reply
from core.people.model import Role
from tests.support.clock import HeldClock
from tests.unit.bot.sample_area import NOW, request

EXAMPLES = [
    (area, line)
    for area in AREAS
    if area.name not in alone.OF_ALL_AREAS and alone.stands_alone(area)
    for command in area.commands
    if command.info.name not in alone.OF_ALL_AREAS
    for line in (f"/{command.info.name}", *command.info.examples)
]


@pytest.mark.parametrize(("area", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_a_command_means_the_same_whether_or_not_the_other_areas_are_there(area: Area, line: str) -> None:
    assert alone.area_of(line) is area
    by_itself, among_all = (Planner(Registry.of(areas), HeldClock(NOW)) for areas in ([area], AREAS))
    assert by_itself.plan(request(line)) == among_all.plan(request(line))


@pytest.mark.parametrize("line", ["task list", "/task list all", "/task add Milk\nand honey"])
def test_what_stands_behind_a_command_does_not_matter(line: str) -> None:
    area = alone.area_of(line)
    assert area is not None
    assert area.name == "task"


@pytest.mark.parametrize(
    "line",
    [
        *("", "/", "help", "/task", "/task help", "/task lst", "/tsk list", "/qm help", "/qm task list", "/qm undo"),
        *("/Task list", "/task\u00a0list", "/task list\u2003all", "/task  list", " /task list", "/task list: all"),
        "/shop-task list",
        "/job run wait seconds:2",
        "/job retry 12",
        "/job every sync 10m /task list",
        "/report sales last week",
        "/order add apples 2",
        "/order list",
    ],
)
def test_all_are_there_for_what_is_no_plain_command(line: str) -> None:
    assert alone.area_of(line) is None


def test_all_are_there_for_an_area_that_refers_to_records_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area("task", "Things to do with what another area keeps")

    @area.command(role=Role.MEMBER)
    async def pack(ctx: Context, order: Annotated[int, reference("order")]) -> Reply:
        """Pack an order.

        Args:
            order: the number of the order, such as `12`

        Examples:
            /task pack 12
        """
        raise NotImplementedError

    monkeypatch.setattr(alone, "load_area", {"task": area}.__getitem__)
    assert alone.area_of("/task pack 12") is None
