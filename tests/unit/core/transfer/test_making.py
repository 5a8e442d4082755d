"""Records made of what columns say of their fields, without a rule of the area."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest

from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.dates.due import Due
from core.people.model import Member, Role
from core.shared.ids import MemberId
from core.shared.names import Names
from core.shared.readable import one_line
from core.transfer import columns
from core.transfer.layout import Layout
from core.transfer.making import Maker
from core.transfer.records import NumberedRecords
from core.transfer.roster import Channels, People
from core.transfer.rows import RowReader
from core.transfer.sheet import Importer, PlainDraft, Sheet, Surroundings
from core.undo.kinds import RecordKind
from core.workspaces.model import Audience, Channel
from tests.support.notes import NOTES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BERLIN, TOKYO = "Europe/Berlin", "Asia/Tokyo"
ANN = Actor(1, 1, "Ann", Role.OWNER, BERLIN, "en", Platform.WEB, 1, 10, "general", ChannelKind.PUBLIC)
MEMBERS = [Member(number, name, Role.MEMBER, "", "", active=True) for number, name in ((1, "Ann"), (2, "Ben"))]
CHANNELS = [
    Channel(number, 1, Platform.WEB, name, name, ChannelKind.PUBLIC) for number, name in ((10, "general"), (11, "shop"))
]
AROUND = Surroundings(
    People.of(MEMBERS, ANN), Channels.of(CHANNELS, ANN, Audience(1, frozenset({10, 11}))), NOW, BERLIN
)
IMPORTER = Importer(1, 10, BERLIN, NOW, "batch")


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to send."""

    number: int
    name: str
    size: Size
    fragile: bool
    due: Due | None
    packers: tuple[MemberId, ...]
    link: str
    channel_id: int
    author_id: MemberId
    created_at: datetime
    batch: str = ""
    version: int = 1


PARCELS: Sheet[PlainDraft, Parcel] = Sheet(
    called=Names("parcel", "parcel", "parcels"),
    title="Parcels",
    columns=(
        columns.number(),
        columns.words("name", one_line, 20, one_line=True),
        columns.choice("size", {Size.SMALL: ["small", "s"], Size.LARGE: ["large", "l"]}, unsaid=Size.SMALL),
        columns.flag("fragile"),
        columns.due("due"),
        columns.people("packers", 2),
        columns.link("link"),
        columns.channel(),
        columns.created(),
    ),
    key="number",
    required=("name",),
    records=NumberedRecords(lambda work: work.of(NOTES)),  # type: ignore[arg-type]
    kind=RecordKind("parcel", Parcel, title="name", aside={"version"}),
    bare=("name", "size", "due"),
)
FRIDAY = Due(date(2026, 11, 20), None, TOKYO)
VASE = Parcel(7, "Vase", Size.LARGE, True, FRIDAY, (2, 1), "https://e/1", 11, 2, NOW, "older", 3)


def read(**cells: str) -> tuple[Maker[PlainDraft, Parcel], PlainDraft]:
    """What makes records of a file with those columns, and its one row."""
    layout = Layout.of(PARCELS, tuple(cells), ",")
    draft = RowReader(PARCELS, layout, AROUND).read(2, tuple(cells.values()))
    assert isinstance(draft, PlainDraft), draft
    return Maker(PARCELS, IMPORTER, layout.places), draft


def new(**cells: str) -> Parcel:
    maker, draft = read(**cells)
    return maker.new(draft, 5)


def changed(**cells: str) -> Parcel:
    maker, draft = read(number="7", **cells)
    return maker.merged(draft, VASE, 0).record


def test_a_new_record_has_what_is_said_and_what_its_importer_gives_it() -> None:
    assert new(name="Cup") == Parcel(5, "Cup", Size.SMALL, False, None, (), "", 10, 1, NOW, "batch")
    told = new(
        name="Cup", size="L", fragile="x", due="2026-12-01", packers="@ben, @ann", link="http://e", channel="shop"
    )
    due = Due(date(2026, 12, 1), None, BERLIN)
    assert told == Parcel(5, "Cup", Size.LARGE, True, due, (2, 1), "http://e", 11, 1, NOW, "batch")


def test_a_row_says_nothing_of_fields_whose_columns_are_not_there() -> None:
    assert changed(name="Jug") == replace(VASE, name="Jug", version=4)


def test_a_row_that_changes_nothing_is_the_record_itself() -> None:
    same = changed(name="Vase", size="large", fragile="yes", due="2026-11-20", packers="Ann; Ben", link="https://e/1")
    assert same is VASE, "the same day is in the zone that the record has it in, the same people in any order"


@pytest.mark.parametrize(
    ("column", "becomes"), [("fragile", False), ("due", None), ("packers", ()), ("link", ""), ("size", Size.LARGE)]
)
def test_an_empty_cell_empties_what_can_be_empty_and_says_nothing_of_what_can_not(column: str, becomes: object) -> None:
    assert getattr(changed(**{column: ""}), column) == becomes


def test_where_and_when_a_record_was_made_stays() -> None:
    moved = changed(name="Jug", channel="general", created="2020-01-01")
    assert (moved.name, moved.channel_id, moved.created_at) == ("Jug", 11, NOW)


def test_what_is_of_another_channel_than_those_here_comes_to_where_it_is_imported_and_is_told_of() -> None:
    for name, channel_id, elsewhere in (("shop", 11, False), ("nowhere", 10, True), ("", 10, False)):
        maker, draft = read(name="Cup", channel=name)
        assert (maker.new(draft, 1).channel_id, maker.is_elsewhere(draft)) == (channel_id, elsewhere)
    assert not read(name="Cup")[0].is_elsewhere(read(name="Cup")[1])


def test_a_record_of_another_workspace_is_told_apart_by_when_it_was_made() -> None:
    for created, is_ours in ((NOW, True), (NOW + timedelta(milliseconds=900), True), (NOW - timedelta(days=1), False)):
        maker, draft = read(number="7", created=created.isoformat())
        assert maker.is_about(draft, VASE) is is_ours
    maker, draft = read(number="7", name="Vase")
    assert maker.is_about(draft, VASE)


@pytest.mark.parametrize(
    ("column", "cell", "reason", "details"),
    [
        ("size", "huge", "choice_unknown", {"name": "size", "choices": "small, large"}),
        ("fragile", "perhaps", "flag_unknown", {"name": "fragile", "choices": "yes, no"}),
        ("name", "a\nb", "line_break", {"column": "name"}),
        ("packers", "x," * 2500, "too_many_people", {"limit": 2}),
    ],
)
def test_what_a_cell_can_not_say_is_told_with_what_it_can(
    column: str, cell: str, reason: str, details: dict[str, object]
) -> None:
    cells = {"name": "Cup", column: cell}
    found = RowReader(PARCELS, Layout.of(PARCELS, tuple(cells), ","), AROUND).read(2, tuple(cells.values()))
    assert isinstance(found, list)
    assert [(problem.reason, problem.details) for problem in found] == [(reason, details)]


def test_a_value_of_a_bare_column_is_no_heading() -> None:
    assert [PARCELS.is_value(cell) for cell in (" Large ", "2026-12-01", "l", "name", "yes", "")] == [
        True, True, False, False, False, False
    ]  # fmt: skip


def test_records_are_written_as_they_are_read() -> None:
    written = [column.write(VASE, AROUND) for column in PARCELS.columns]
    people, at = ["@Ben", "@Ann"], "2026-11-20T12:00:00Z"
    assert written == [7, "Vase", "large", "yes", "2026-11-20[Asia/Tokyo]", people, "https://e/1", "#shop", at]
