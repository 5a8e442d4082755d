"""What areas declare is collected, and nothing is declared twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest

from bot.application.context import Context
from bot.application.services import Services
from bot.grammar.arguments import reference
from bot.grammar.declaration import Area, DeclarationError
from bot.grammar.registry import DuplicateDeclarationError, Registry
from bot.grammar.subjects import Subject
from bot.texts.errors import DuplicateReasonError, Reasons
from core.chat.reply import Reply
from core.chat.spec import SubjectInfo
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.schedules.kind import SCHEDULE_CHANGE
from core.shared.errors import ConflictError, InvalidArgumentError, NotFoundError, RefusedError
from tests.support.notes import NOTES
from tests.support.notes.texts import TOLD
from tests.unit.bot.stage import staged


async def taken_back(_ctx: Context, _entry: UndoEntry) -> Reply:
    return Reply()


def area(name: str, noun: str = "", reasons: Reasons | None = None, inverse: str = "") -> Area:
    subject = Subject(SubjectInfo(noun, f"{noun}s", f"`/{name} list` shows them."), NOTES, TOLD) if noun else None
    made = Area(name, "Things", subject, (reasons,) if reasons else ())
    if inverse:
        made.inverse(inverse)(taken_back)
    return made


class Cook:
    """A service."""


def serving(name: str) -> Area:
    made = area(name)

    @made.service
    def cook(_services: Services) -> Cook:
        return Cook()

    return made


RAW = Reasons(refusals={"raw": lambda _w: ("It is raw.", "")})
USED = Reasons(refusals={"undo_used": lambda _w: ("It is used up.", "")})


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        (lambda: area("egg"), lambda: area("egg"), DuplicateDeclarationError),
        (lambda: area("egg", "egg"), lambda: area("shell", "egg"), DuplicateDeclarationError),
        (lambda: area("egg", inverse="eggs"), lambda: area("pan", inverse="eggs"), DuplicateDeclarationError),
        (lambda: serving("egg"), lambda: serving("pan"), DuplicateDeclarationError),
        (lambda: area("egg", reasons=RAW), lambda: area("pan", reasons=RAW), DuplicateReasonError),
        (lambda: area("egg"), lambda: area("pan", reasons=USED), DuplicateReasonError),
    ],
)
def test_what_two_areas_declare_is_refused(
    first: Callable[[], Area], second: Callable[[], Area], problem: type[Exception]
) -> None:
    Registry.of([first()])
    with pytest.raises(problem):
        Registry.of([first(), second()])


def test_an_area_has_one_inverse_of_a_kind() -> None:
    with pytest.raises(DeclarationError, match=r"egg\.change"):
        area("egg", inverse="egg.change").inverse("egg.change")(taken_back)


def test_a_service_says_of_which_class_it_is_and_there_is_one_of_each() -> None:
    def unsaid(_services: Services) -> object | None:
        return None

    with pytest.raises(DeclarationError):
        area("egg").service(unsaid)
    cooked = serving("egg")
    with pytest.raises(DeclarationError, match="Cook"):
        cooked.service(cooked.services[Cook])


async def test_a_service_is_the_same_throughout_a_request_and_another_in_the_next(tmp_path: Path) -> None:
    made: list[tuple[Cook, Cook]] = []
    kitchen = serving("kitchen")

    @kitchen.command(role=Role.GUEST)
    async def ring(ctx: Context) -> Reply:
        """Ring for the cook."""
        made.append((ctx.services.get(Cook), ctx.services.get(Cook)))
        return Reply()

    async with staged(tmp_path, areas=[kitchen]) as stage:
        await stage.type("/kitchen ring")
        await stage.type("/kitchen ring")
    (first, again), (second, _) = made
    assert first is again
    assert second is not first


def test_a_reference_to_what_no_area_keeps_is_refused() -> None:
    eggs = area("egg", "egg")

    @eggs.command(role=Role.GUEST)
    async def boil(ctx: Context, pan: Annotated[int, reference("pan")]) -> Reply:
        """Boil.

        Args:
            pan: which one, such as `3`
        """
        return Reply()

    with pytest.raises(DeclarationError, match="pan"):
        Registry.of([eggs])
    assert set(Registry.of([eggs, area("kitchen", "pan")]).subjects) == {"egg", "pan"}


def test_what_is_wrong_is_said_in_the_words_of_the_area_it_is_about() -> None:
    own = Reasons(
        arguments={"too_big": lambda w: (f"That {w['argument']} is too big.", "Take a smaller one.")},
        refusals={"raw": lambda w: (f"#{w['number']} is raw.", "Boil it.")},
        absent={"salt": ("There is no salt.", "Buy some.")},
    )
    texts = Registry.of([area("breakfast", "egg", own), area("kitchen")]).errors
    assert texts.problem_of(InvalidArgumentError("egg", "too_big")).message == "That egg is too big."
    assert texts.problem_of(RefusedError("raw", number=3)).message == "#3 is raw."
    assert texts.problem_of(ConflictError("raw", number=4)).hint == "Boil it."
    assert texts.problem_of(NotFoundError("salt", "")).message == "There is no salt."
    gone = texts.problem_of(NotFoundError("egg", 12))
    assert (gone.message, gone.hint) == ("There is no egg #12.", "`/breakfast list` shows them.")
    assert texts.problem_of(NotFoundError("spoon", "big")).message == "There is no spoon big."
    misnamed = texts.problem_of(InvalidArgumentError("egg", "not_a_reference", value="x", example="12", subject="egg"))
    assert misnamed.message == "An egg goes by its number, not “x”."
    assert misnamed.hint == "`/breakfast list` shows the numbers, such as `12`."


def test_schedules_of_any_area_can_be_taken_back_whichever_areas_there_are() -> None:
    assert SCHEDULE_CHANGE in Registry.of([]).inverses
