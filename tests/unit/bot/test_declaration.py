"""Commands from signatures: what a declaration says, and what it may not."""

from collections.abc import Awaitable, Callable
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any

import pytest

from bot.application.context import Context
from bot.grammar.arguments import LongText, People, Positional, Rest, reference
from bot.grammar.declaration import Area, Command, DeclarationError, choice_words
from core.chat.reply import Reply, Visibility
from core.chat.spec import ArgumentKind, Cost, Undo
from core.dates.due import Due
from core.people.model import Role

Function = Callable[..., Awaitable[Reply]]
Numbers = Annotated[tuple[int, ...], reference("thing", many=True)]


class Size(StrEnum):
    """A size."""

    SMALL = "small"
    LARGE = "extra-large"


class Rank(IntEnum):
    """A rank."""

    FIRST = 1


def declare(function: Function, **how: Any) -> Command:
    area = Area("test", "Things")
    area.command(role=Role.MEMBER, **how)(function)
    (command,) = area.commands
    return command


def test_a_docstring_says_everything_people_read() -> None:
    async def take_out(ctx: Context, thing: Rest) -> Reply:
        """Take a thing out.

        It goes to the street,
        where it is fetched.

        Args:
            thing: what, such as `bin` or
                `box`

        Examples:
            /test take-out bin
            /test take-out box
        """
        return Reply()

    info = declare(take_out).info
    assert (info.name, info.summary) == ("test take-out", "Take a thing out.")
    assert info.description == "It goes to the street,\nwhere it is fetched."
    assert info.examples == ("/test take-out bin", "/test take-out box")
    (argument,) = info.arguments
    assert (argument.name, argument.help, argument.example) == ("thing", "what, such as `bin` or `box`", "bin")


def test_a_declaration_is_careful_unless_told_otherwise() -> None:
    async def look(ctx: Context) -> Reply:
        """Look."""
        return Reply()

    info = declare(look).info
    assert (info.visibility, info.undo, info.cost, info.consequence) == (
        Visibility.PRIVATE,
        Undo.NOT_NEEDED,
        Cost.QUICK,
        "",
    )


def test_types_say_what_kind_of_argument_it_is() -> None:
    async def all_kinds(
        ctx: Context,
        one: Numbers,
        two: People = (),
        three: Due | None = None,
        four: Size = Size.SMALL,
        five: Rank | None = None,
        six: bool = False,
        seven: int = 0,
        eight: str = "",
        nine: LongText = "",
        ten: Annotated[str, Positional()] = "",
    ) -> Reply:
        """Take all.

        Args:
            one: x
            two: x
            three: x
            four: x
            five: x
            six: x
            seven: x
            eight: x
            nine: x
            ten: x
        """
        return Reply()

    command = declare(all_kinds)
    assert [argument.kind for argument in command.info.arguments] == [
        ArgumentKind.REFERENCE,
        ArgumentKind.MEMBERS,
        ArgumentKind.DUE,
        ArgumentKind.CHOICE,
        ArgumentKind.CHOICE,
        ArgumentKind.FLAG,
        ArgumentKind.INTEGER,
        ArgumentKind.LINE,
        ArgumentKind.LINES,
        ArgumentKind.LINE,
    ]
    by_name = {argument.name: argument for argument in command.info.arguments}
    assert [name for name, argument in by_name.items() if argument.subject] == ["one"]
    assert by_name["one"].subject == "thing"
    assert by_name["four"].choices == ("small", "extra-large")
    assert by_name["five"].choices == ("first",)
    assert [name for name, argument in by_name.items() if argument.positional] == ["one", "ten"]
    assert [name for name, argument in by_name.items() if argument.many] == ["one", "two"]
    nullable = {parameter.argument.name: parameter.nullable for parameter in command.parameters}
    assert (nullable["three"], nullable["five"], nullable["four"]) == (True, True, False)


def test_choices_are_typed_by_value_or_by_name() -> None:
    assert choice_words(Size) == {"small": Size.SMALL, "extra-large": Size.LARGE}
    assert choice_words(Rank) == {"first": Rank.FIRST}


# ---------------------------------------------------------------- what may not be


async def _undocumented(ctx: Context) -> Reply:
    return Reply()


async def _without_context(thing: str) -> Reply:
    """Do.

    Args:
        thing: what
    """
    return Reply()


async def _without_anything() -> Reply:
    """Do."""
    return Reply()


async def _unexplained(ctx: Context, thing: str) -> Reply:
    """Do."""
    return Reply()


async def _explains_too_much(ctx: Context) -> Reply:
    """Do.

    Args:
        thing: what
    """
    return Reply()


async def _odd_type(ctx: Context, thing: float) -> Reply:
    """Do.

    Args:
        thing: what
    """
    return Reply()


async def _odd_shape(ctx: Context, thing: list[str]) -> Reply:
    """Do.

    Args:
        thing: what
    """
    return Reply()


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (_undocumented, "no docstring"),
        (_without_context, "must take a Context first"),
        (_without_anything, "must take a Context first"),
        (_unexplained, "does not explain its argument thing"),
        (_explains_too_much, "explains unknown arguments: thing"),
        (_odd_type, r"_odd_type\(thing\) has a type that no argument can have"),
        (_odd_shape, "has a type that no argument can have"),
    ],
)
def test_a_declaration_that_cannot_work_stops_the_import(function: Function, words: str) -> None:
    with pytest.raises(DeclarationError, match=words):
        declare(function)


def test_a_command_declared_twice_stops_the_import_and_the_first_stays() -> None:
    area = Area("test", "Things")

    async def look(ctx: Context) -> Reply:
        """Look."""
        return Reply()

    async def look_(ctx: Context) -> Reply:
        """Look again."""
        return Reply()

    area.command(role=Role.GUEST)(look)
    with pytest.raises(DeclarationError, match="/test look is declared twice"):
        area.command(role=Role.GUEST)(look_)
    assert [command.info.summary for command in area.commands] == ["Look."]


def test_a_plain_enumeration_is_a_choice_too() -> None:
    class Colour(Enum):
        RED = "red"

    async def paint(ctx: Context, colour: Any) -> Reply:
        """Paint.

        Args:
            colour: which
        """
        return Reply()

    paint.__annotations__["colour"] = Colour
    assert declare(paint).info.arguments[0].choices == ("red",)


def test_a_consequence_of_an_argument_that_is_not_there_stops_the_import() -> None:
    async def look(ctx: Context) -> Reply:
        """Look."""
        return Reply()

    with pytest.raises(DeclarationError, match="/test look has no argument code"):
        Area("test", "Tests").command(role=Role.GUEST, consequence="It is gone.", consequence_of="code")(look)
