"""Value objects: equal by what they hold, shown without their secrets, and otherwise what dataclasses are."""

import pickle
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from core.shared.value_objects import value_object


@value_object
class Place:
    """Two fields that count, one that is a secret, and one that is worked out."""

    name: str
    row: int = 0
    key: str = field(default="", repr=False)
    seen: list[int] = field(default_factory=list, compare=False)

    def __post_init__(self) -> None:
        if self.row < 0:
            raise ValueError(self.row)


@value_object
class Corner(Place):
    """A place with more to it."""

    depth: int = 0


@value_object
class One:
    name: str


@value_object
class Nothing:
    """A value of which there is one."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What the standard library makes."""

    name: str
    row: int = 0


def test_equal_where_all_that_counts_is() -> None:
    assert Place("a", 1, seen=[1]) == Place("a", 1, seen=[2])
    assert len({Place("a", 1, seen=[1]), Place("a", 1), Place("a", 2), Place("b", 1)}) == 3
    assert Place("a", key="x") != Place("a", key="y")
    assert (One("a") == One("a"), One("a") == One("b")) == (True, False)
    assert Nothing() == Nothing()
    assert len({One("a"), One("a"), One("b"), Nothing(), Nothing()}) == 3


def test_one_of_another_class_is_not_equal() -> None:
    assert Corner("a") != Place("a")
    others: list[object] = [Usual("a"), "a", None]
    assert Place("a") not in others
    assert Corner("a", depth=1) != Corner("a", depth=2)
    assert hash(One("a")) == hash(One("a"))


def test_what_cannot_be_hashed_says_so() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(One([]))  # type: ignore[arg-type]


def test_shown_as_it_is_written_but_for_secrets() -> None:
    shown = repr(Corner("a", 1, key="secret", seen=[2], depth=3))
    assert shown == "Corner(name='a', row=1, seen=[2], depth=3)"
    assert repr(Nothing()) == "Nothing()"
    assert repr(Usual("a", 1)).replace("Usual", "Place") == "Place(name='a', row=1)"


def test_what_a_class_defines_itself_stays() -> None:
    @value_object
    class Loud:
        name: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Loud) and other.name.lower() == self.name.lower()

        def __hash__(self) -> int:
            return hash(self.name.lower())

        def __repr__(self) -> str:
            return self.name.upper()

    assert (Loud("a") == Loud("A"), hash(Loud("a")) == hash(Loud("A")), repr(Loud("a"))) == (True, True, "A")


def test_checked_as_it_is_made_also_where_it_is_made_of_another() -> None:
    with pytest.raises(ValueError, match="-1"):
        replace(Place("a"), row=-1)
    assert replace(Place("a", key="k"), row=2) == Place("a", 2, "k")


@pytest.mark.parametrize("copied", [deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301 - our own
def test_goes_to_other_processes_and_into_stores(copied: Callable[[Any], Any]) -> None:
    corner = Corner("a", 1, "k", [2], 3)
    assert copied(corner) == corner
    assert copied(corner).seen == [2]
    adapter = TypeAdapter(tuple[Corner])
    assert adapter.validate_json(adapter.dump_json((corner,))) == (corner,)


def test_holds_its_fields_and_nothing_else() -> None:
    assert is_dataclass(Corner)
    assert [one.name for one in fields(Corner)] == ["name", "row", "key", "seen", "depth"]
    with pytest.raises(AttributeError):
        Place("a").other = 1  # type: ignore[attr-defined]


def test_type_checkers_keep_it_from_change() -> None:
    place = Place("a")
    place.name = "b"  # type: ignore[misc]  # the error is asked for: without it mypy has nothing to ignore, and says so


def test_what_a_class_says_can_be_matched() -> None:
    match Place("a", 3):
        case Place(name, row):
            assert (name, row) == ("a", 3)
