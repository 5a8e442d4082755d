"""Which fields a record has, how they are written down and what differs is told from the record itself."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum

import pytest

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_rules import recurrence_of
from core.history.model import FieldChange
from core.shared.ids import ChannelId, MemberId, Refers
from core.undo.codecs import UnknownTypeError
from core.undo.kinds import RecordKind, references


class Shade(Enum):
    LIGHT = "light"


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class State(StrEnum):
    NEW = "new"
    SOLD = "sold"


@dataclass(frozen=True)
class Vase:
    """Something with a field of every type that there is."""

    number: int
    name: str
    size: Size
    state: State
    shade: Shade
    keepers: tuple[MemberId, ...]
    channel: ChannelId
    made_at: datetime
    is_fragile: bool = True
    seller: MemberId | None = None
    due: Due | None = None
    dusted: Recurrence | None = None
    sizes: tuple[Size, ...] = ()
    price: Decimal = Decimal(0)
    bought: date | None = None
    version: int = 1
    seen_at: datetime | None = None


VASES = RecordKind("vase", Vase, aside={"version"}, drifting={"seen_at"})
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
VASE = Vase(7, "Blue", Size.SMALL, State.NEW, Shade.LIGHT, (1, 2), 5, NOON)
FULL = replace(
    VASE,
    is_fragile=False,
    seller=3,
    due=Due(date(2026, 12, 1), time(9), "Europe/Berlin"),
    dusted=recurrence_of("FREQ=WEEKLY;BYDAY=FR"),
    sizes=(Size.LARGE, Size.SMALL),
    price=Decimal("12345678901234567.10"),
    bought=date(2024, 2, 29),
    seen_at=NOON,
)


@pytest.mark.parametrize("vase", [VASE, FULL])
def test_a_record_comes_back_from_json_as_it_was(vase: Vase) -> None:
    back = VASES.record(json.loads(json.dumps(VASES.snapshot(vase))))
    assert back == vase
    assert [type(value) for value in vars(back).values()] == [type(value) for value in vars(vase).values()]


def test_a_field_that_came_later_has_its_default_and_one_that_is_no_more_is_refused() -> None:
    kept = VASES.snapshot(VASE)
    del kept["due"]
    assert VASES.record(kept) == VASE
    with pytest.raises(KeyError):
        VASES.record({**kept, "gone": 1})


def test_what_differs_is_named_as_far_as_undo_minds() -> None:
    left = VASES.values(VASES.snapshot(VASE))
    assert VASES.unlike(left, VASE) == VASES.unlike({}, FULL) == ()
    assert VASES.unlike(left, replace(VASE, version=9, seen_at=NOON)) == ()
    assert VASES.unlike(left, replace(VASE, name="Red", is_fragile=False)) == ("name", "is_fragile")
    assert VASES.unlike({"name": "Blue"}, replace(VASE, name="Red", is_fragile=False)) == ("name",)


def test_people_in_another_order_are_the_same_people() -> None:
    others = replace(VASE, keepers=VASE.keepers[::-1])
    assert VASES.unlike(vars(VASE), others) == ()
    assert list(VASES.changes(VASE, others)) == []


def test_a_change_of_every_field_is_told_before_and_after() -> None:
    assert list(VASES.changes(VASE, replace(VASE, name="Red", size=Size.LARGE, seen_at=NOON, version=2))) == [
        FieldChange("name", "Blue", "Red"),
        FieldChange("size", 1, 2),
        FieldChange("seen_at", None, NOON.isoformat()),
    ]


def test_of_people_each_who_came_or_went_is_a_change() -> None:
    assert VASES.people == {"keepers", "seller"}
    assert list(VASES.changes(VASE, replace(VASE, keepers=(2, 4), seller=3))) == [
        FieldChange("keepers", 1, None, 1),
        FieldChange("keepers", None, 4, 4),
        FieldChange("seller", None, 3, 3),
    ]


def test_a_value_is_read_by_the_type_of_its_field() -> None:
    assert VASES.value("size", 2) is Size.LARGE
    assert VASES.value("made_at", NOON.isoformat()) == NOON
    assert VASES.value("keepers", 4) == 4
    assert VASES.value("size", None) is None
    assert VASES.value("a field that is no more", "x") == "x"


def test_numbers_say_what_they_stand_for() -> None:
    assert list(references(VASES.types["keepers"])) == [Refers.MEMBER]
    assert list(references(VASES.types["channel"])) == [Refers.CHANNEL]
    assert list(references(VASES.types["number"])) == []


@pytest.mark.parametrize("kind", [float, dict[str, int], tuple[int, str], tuple[float, ...], int | str, object])
def test_a_type_that_nobody_can_write_down_is_refused_where_the_record_is_declared(kind: object) -> None:
    @dataclass(frozen=True)
    class Odd:
        number: int
        odd: kind  # type: ignore[valid-type]

    with pytest.raises(UnknownTypeError):
        RecordKind("odd", Odd)
    assert RecordKind("odd", Odd, unwritten={"odd"}).snapshot(Odd(1, kind)) == {"number": 1}
