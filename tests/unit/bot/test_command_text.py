"""A command written as text, and read back."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.command_text import command_text
from core.chat.spec import Argument, ArgumentKind, CommandInfo
from tests.unit.bot.sample_area import planner, registry, request

COMMANDS = list(registry().catalogue.commands)
VALUES = st.one_of(
    st.text(min_size=1, max_size=40),
    st.text(alphabet=st.sampled_from("\"'\u201c\u201d\u2019 \n\\=:-a\u00a0\ufeff`@#,1"), min_size=1, max_size=12),
    st.sampled_from(
        ["--no-restock", "due:fri", "confirm:yes", "@ann, @ben", "12 13", '="x"', "\u2014quiet", "tomorrow 9am"]
    ),
).filter(lambda value: bool(value.strip("\x00").strip()) and "\x00" not in value)


def values_of(argument: Argument) -> st.SearchStrategy[tuple[str, ...]]:
    """Whatever somebody may give for an argument, whether it can be used or not."""
    return st.lists(VALUES, min_size=1, max_size=3 if argument.many else 1).map(tuple)


@st.composite
def calls(draw: st.DrawFn) -> tuple[CommandInfo, Mapping[str, tuple[str, ...]]]:
    """A declared command with some of its arguments, the required ones always, in any order."""
    info = draw(st.sampled_from(COMMANDS))
    some = [one for one in info.arguments if one.required or draw(st.booleans())]
    return info, {argument.name: draw(values_of(argument)) for argument in draw(st.permutations(some))}


@given(calls())
def test_every_command_with_any_values_is_read_back_as_it_was(
    call: tuple[CommandInfo, Mapping[str, tuple[str, ...]]],
) -> None:
    info, arguments = call
    plan = planner().plan(request(command_text(info, arguments)))
    assert plan.command == info
    assert plan.arguments == arguments
    files = [argument.name for argument in info.arguments if argument.kind is ArgumentKind.FILE]
    assert plan.problem is None or plan.problem.field in files


@given(calls())
def test_so_it_is_with_a_prefix_and_with_a_confirmation_behind_it(
    call: tuple[CommandInfo, Mapping[str, tuple[str, ...]]],
) -> None:
    info, arguments = call
    line = command_text(info, arguments) + (" confirm:yes" if info.consequence else "")
    plan = planner("shop-").plan(request(line))
    confirmed = {"confirm": ("yes",)} if info.consequence else {}
    assert (plan.command, plan.arguments) == (info, {**arguments, **confirmed})


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"title": ("Buy milk",), "due": ("fri",)}, '/task add title:"Buy milk" due:fri'),
        ({"title": ("milk",), "assign": ("@ann", "Bob Lee")}, '/task add title:milk assign:@ann assign:"Bob Lee"'),
        ({"title": ("milk",), "notes": ("",)}, "/task add title:milk"),
        ({"title": ("milk",), "notes": (" ",)}, "/task add title:milk"),
        ({"title": ('a "b"',)}, '/task add title:="a \\"b\\""'),
    ],
)
def test_a_command_is_written_as_somebody_would_type_it(arguments: Mapping[str, tuple[str, ...]], line: str) -> None:
    add = next(info for info in COMMANDS if info.name == "task add")
    assert command_text(add, arguments) == line
