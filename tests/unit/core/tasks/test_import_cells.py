"""Reading rows of a file of tasks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.people.model import Identity, Member, Role
from core.tasks.drafted import TaskDraft
from core.tasks.model import NOTES_LIMIT, TITLE_LIMIT, Priority, Status, Task
from core.tasks.sheet import TASK_SHEET
from core.transfer.columns import Reached
from core.transfer.layout import Layout
from core.transfer.roster import Channels, People, UnknownPersonError
from core.transfer.rows import RowReader
from core.transfer.sheet import ABSENT, RowProblem, Surroundings
from core.workspaces.model import Audience, Channel

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONE = "Europe/Berlin"

ACTOR = Actor(1, 1, "Ann Lee", Role.OWNER, ZONE, "en", Platform.WEB, 1, 10, "general", ChannelKind.PUBLIC)
PEOPLE = People.of(
    [
        Member(1, "Ann Lee", Role.OWNER, "", "", active=True),
        Member(2, "Ben", Role.MEMBER, "", "", active=True),
        Member(3, "Ben", Role.MEMBER, "", "", True, (Identity(Platform.WEB, 1, "U3", 3),)),
        Member(4, "Cid", Role.MEMBER, "", "", active=False),
        Member(5, "Cid", Role.MEMBER, "", "", active=True),
    ],
    ACTOR,
)
CHANNELS = Channels.of(
    [
        Channel(10, 1, Platform.WEB, "general", "general", ChannelKind.PUBLIC),
        Channel(11, 2, Platform.SLACK, "C1", "general", ChannelKind.PUBLIC),
        Channel(12, 2, Platform.SLACK, "C2", "shop", ChannelKind.PUBLIC),
        Channel(13, 2, Platform.SLACK, "C3", "secret", ChannelKind.PRIVATE),
    ],
    ACTOR,
    Audience(1, frozenset({10})),
)


AROUND = Surroundings(PEOPLE, CHANNELS, NOW, ZONE)


def reader(*headings: str, guarded: bool = True) -> RowReader[TaskDraft, Task]:
    return RowReader(TASK_SHEET, Layout.of(TASK_SHEET, headings, ","), AROUND, guarded=guarded)


def draft(headings: str, *cells: str, guarded: bool = True) -> TaskDraft:
    found = reader(*headings.split(","), guarded=guarded).read(2, cells)
    assert isinstance(found, TaskDraft), found
    return found


def problems(headings: str, *cells: str) -> list[tuple[str, str, str]]:
    found = reader(*headings.split(",")).read(2, cells)
    assert not isinstance(found, TaskDraft), found
    return [(problem.column, problem.value, problem.reason) for problem in found]


def test_a_whole_row_becomes_a_draft() -> None:
    found = draft(
        "number,title,status,priority,due,assignees,notes,channel,origin,created,completed",
        "#12",
        "Buy milk",
        "Done",
        "HIGH",
        "2026-12-01",
        "@Ann Lee; Cid",
        "the oat one",
        "#shop",
        "https://example.com/1",
        "2026-01-02T03:04:05Z",
        "2026-02-03T04:05:06+01:00",
    )
    assert (found.line, found.number, found.title) == (2, 12, "Buy milk")
    assert (found.status, found.priority) == (Status.COMPLETED, Priority.HIGH)
    assert isinstance(found.due, tuple)
    assert found.due.due == Due(date(2026, 12, 1), None, ZONE)
    assert found.due.remind_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert not found.due.overdue
    assert (found.assignees, found.notes, found.channel) == ((1, 5), "the oat one", 12)
    assert found.origin == "https://example.com/1"
    assert found.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert found.completed == Reached(datetime(2026, 2, 3, 3, 5, 6, tzinfo=UTC))


def test_columns_that_are_not_there_are_told_from_empty_cells() -> None:
    found = draft("title,due,notes", "Buy milk", "", "")
    assert (found.due, found.notes) == (None, "")
    assert (found.status, found.priority, found.assignees) == (ABSENT, ABSENT, ABSENT)


def test_missing_cells_at_the_end_are_empty_and_empty_ones_beyond_do_not_matter() -> None:
    assert draft("title,due,notes", "Buy milk").due is None
    assert draft("title,due", "Buy milk", "", "", "").title == "Buy milk"


@pytest.mark.parametrize("word", ["High", "HIGH", "high", " high ", "2", "P2", "Major"])
def test_priorities_may_be_in_any_case_and_have_numbers(word: str) -> None:
    assert draft("title,priority", "x", word).priority is Priority.HIGH


@pytest.mark.parametrize(
    ("word", "priority"),
    [
        ("1", Priority.URGENT),
        ("p1", Priority.URGENT),
        ("3", Priority.MEDIUM),
        ("Normal", Priority.MEDIUM),
        ("4", Priority.LOW),
        ("P4", Priority.LOW),
        ("none", None),
        ("-", None),
    ],
)
def test_the_first_of_priorities_with_numbers_is_the_most_pressing(word: str, priority: Priority | None) -> None:
    assert draft("title,priority", "x", word).priority is priority


@pytest.mark.parametrize("marker", ["N/A", "None", "-", "NULL", "no", "never"])
def test_what_stands_for_nothing_is_nothing_unless_the_column_takes_it_for_something(marker: str) -> None:
    found = draft("title,due,assignees,repeat,origin,priority", "x", *[marker] * 5)
    assert (found.due, found.assignees, found.repeat, found.origin, found.priority) == (None, (), None, "", None)
    assert draft("title,notes", marker, marker).notes == marker


def test_a_no_says_of_a_state_that_it_is_not_reached() -> None:
    assert draft("title,status,completed", "x", "no", "no").status is Status.PENDING


def test_a_due_that_repeats_is_how_the_task_repeats() -> None:
    found = draft("title,due", "x", "every monday")
    assert found.due is ABSENT
    assert isinstance(found.repeat, Recurrence)
    assert found.repeat.words() == "every Monday"


def test_rows_of_other_kinds_are_no_records() -> None:
    assert problems("type,title", "note", "a remark") == [("type", "note", "other_kind")]
    assert draft("TYPE,CONTENT", "task", "x").title == "x"


@pytest.mark.parametrize(
    ("word", "status"), [("Pending", Status.PENDING), ("to do", Status.PENDING), ("x", Status.COMPLETED), ("", None)]
)
def test_statuses_are_known_by_other_words_too(word: str, status: Status | None) -> None:
    assert draft("title,status", "x", word).status is status


def test_past_dates_load_and_are_overdue_once_their_day_has_ended() -> None:
    yesterday, today = draft("title,due", "x", "2026-11-19").due, draft("title,due", "x", "2026-11-20").due
    assert isinstance(yesterday, tuple)
    assert isinstance(today, tuple)
    assert (yesterday.overdue, today.overdue) == (True, False)
    assert yesterday.remind_at is None


def test_a_due_keeps_its_time_and_zone() -> None:
    found = draft("title,due", "x", "2026-12-01T14:30-05:00[America/New_York]").due
    assert isinstance(found, tuple)
    assert found.due == Due(date(2026, 12, 1), time(14, 30), "America/New_York")


def test_texts_are_cleaned_as_typed_ones_are() -> None:
    found = draft("title,notes", "  Buy \u200b  milk\t", "one\r\ntwo \x07 ")
    assert (found.title, found.notes) == ("Buy milk", "one\ntwo")


def test_the_guard_of_a_cell_is_taken_away_in_csv_only() -> None:
    found = draft("title,notes", "'=1+1", "'-x")
    assert (found.title, found.notes) == ("=1+1", "-x")
    assert draft("title", "'=1+1", guarded=False).title == "'=1+1"
    assert draft("title", "'twas").title == "'twas"


def test_a_channel_that_is_not_here_or_may_not_be_seen_is_told_apart_from_none() -> None:
    names = ("general", "#secret", "#nowhere", "")
    assert [draft("title,channel", "x", name).channel for name in names] == [10, 0, 0, None]


def test_a_date_of_creation_that_is_none_is_no_reason_to_refuse_a_row() -> None:
    assert draft("title,created", "x", "03/12/25").created is None
    assert draft("title,created", "x", "2999-01-01").created is None


@pytest.mark.parametrize(("word", "done"), [("yes", True), ("TRUE", True), ("no", False), ("", False)])
def test_a_completed_column_may_say_yes_or_no(word: str, done: bool) -> None:
    assert (draft("title,completed", "x", word).completed is not None) is done


@pytest.mark.parametrize(
    ("headings", "cells", "expected"),
    [
        ("title", [" "], ("title", "", "title_empty")),
        ("title", ["x" * (TITLE_LIMIT + 1)], ("title", "x" * 59 + "…", "title_too_long")),
        ("title", ["a\nb"], ("title", "a b", "line_break")),
        ("title,notes", ["x", "y" * (NOTES_LIMIT + 1)], ("notes", "y" * 59 + "…", "notes_too_long")),
        ("title,Due Date", ["x", "2026-02-30"], ("Due Date", "2026-02-30", "due_no_such_date")),
        ("title,due", ["x", "01/02/2026"], ("due", "01/02/2026", "due_ambiguous")),
        ("title,due", ["x", "soonish"], ("due", "soonish", "due_not_understood")),
        ("title,due", ["x", "z" * 200], ("due", "z" * 59 + "…", "due_too_long")),
        ("title,prio", ["x", "medum"], ("prio", "medum", "choice_unknown")),
        ("title,status", ["x", "maybe"], ("status", "maybe", "choice_unknown")),
        ("title,completed", ["x", "soon"], ("completed", "soon", "reached_unknown")),
        ("title,who", ["x", "@Zoe"], ("who", "@Zoe", "nobody_by_that_name")),
        ("title,who", ["x", "Ben"], ("who", "Ben", "several_people")),
        ("title,who", ["x", "@Ann Lee," * 1000], ("who", ("@Ann Lee," * 10)[:59] + "…", "too_many_people")),
        ("title,link", ["x", "javascript:alert(1)"], ("link", "javascript:alert(1)", "link_bad")),
        ("title,link", ["x", "https://e/" + "x" * 500], ("link", "https://e/" + "x" * 49 + "…", "link_bad")),
        ("number,title", ["PROJ-1", "x"], ("number", "PROJ-1", "number_bad")),
        ("number,title", ["99999999999", "x"], ("number", "99999999999", "number_bad")),
        ("number,title", ["0", "x"], ("number", "0", "number_bad")),
        ("due,title", ["2026-01-01", "Buy milk", " eggs"], ("", "eggs", "too_many_cells")),
        ("due,status,number", ["2026-01-01", "", ""], ("title", "", "missing")),
    ],
)
def test_what_is_wrong_is_named_by_column_value_and_reason(
    headings: str, cells: Sequence[str], expected: tuple[str, str, str]
) -> None:
    assert problems(headings, *cells) == [expected]


def test_everything_wrong_with_a_row_is_named_at_once() -> None:
    found = problems("title,due,priority", "", "nope", "nope")
    assert [column for column, _, _ in found] == ["title", "due", "priority"]


def test_the_same_bad_cell_is_refused_every_time() -> None:
    rows = reader("title,due")
    found: list[Any] = [rows.read(line, ["x", "nonsense"]) for line in (2, 3)]
    assert [[problem.line for problem in row] for row in found] == [[2], [3]]


def test_a_number_that_comes_twice_is_refused_with_the_line_of_the_first() -> None:
    rows = reader("number", "title")
    assert isinstance(rows.read(2, ["7", "a"]), TaskDraft)
    assert rows.read(3, ["#7", "b"]) == [RowProblem(3, "number", "7", "key_twice", {"first": 2, "key": "number"})]


def test_people_are_written_so_that_they_are_found_again() -> None:
    awkward = [
        Member(1, "Smith, Ann", Role.MEMBER, "", "", active=True),
        Member(2, 'Ben "B" O;Neil', Role.MEMBER, "", "", active=True),
        Member(3, "Ann", Role.MEMBER, "", "", active=True),
        Member(4, "ann", Role.MEMBER, "", "", active=True),
        Member(5, "Ann#3", Role.MEMBER, "", "", active=True),
        Member(6, "@home", Role.MEMBER, "", "", active=True),
        Member(7, "", Role.MEMBER, "", "", active=True),
        Member(8, "Gone", Role.MEMBER, "", "", active=False),
        Member(9, "gone", Role.MEMBER, "", "", active=True),
        Member(10, "Ann-Lee", Role.MEMBER, "", "", active=True),
        Member(11, "Ann Lee", Role.MEMBER, "", "", active=True),
        Member(12, "=cmd", Role.MEMBER, "", "", active=True),
    ]
    people = People.of(awkward)
    everybody = tuple(member.id for member in awkward)
    assert people.read(people.write(everybody)) == everybody
    for member in everybody:
        assert people.read(people.write([member])) == (member,)


def test_people_may_be_named_as_in_a_command() -> None:
    assert PEOPLE.read("@ann-lee, CID") == (1, 5)
    assert PEOPLE.read("Ben#3") == (3,)
    assert PEOPLE.read("@ann") == (1,), "a first name that only one has"
    assert PEOPLE.read("@me, <@U3>, <@!U3|ben>") == (1, 3), "who imports, and who the platform mentions"


def test_a_name_of_several_is_refused_with_what_names_each() -> None:
    with pytest.raises(UnknownPersonError) as caught:
        PEOPLE.read("Ben")
    assert caught.value.choices == ["@ben#2", "@ben#3"]


def test_a_hostile_list_of_people_is_read_in_no_time() -> None:
    assert problems("title,who", "x", " " * 3900 + '"')[0][2] == "nobody_by_that_name"


def test_a_due_of_many_words_is_none_and_found_out_quickly() -> None:
    assert problems("title,due", "x", "a b c d e f g h i j") == [("due", "a b c d e f g h i j", "due_not_understood")]


def test_how_a_task_repeats_is_read_as_people_and_calendars_write_it() -> None:
    for cell in ("every mon and thu", "Mondays & Thursdays", "RRULE:FREQ=WEEKLY;BYDAY=MO,TH"):
        found = draft("title,Recurrence", "Water plants", cell).repeat
        assert isinstance(found, Recurrence)
        assert found.words() == "every Monday and Thursday"
    assert draft("title,repeat", "Water plants", "").repeat is None
    assert draft("title", "Water plants").repeat is ABSENT


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("sometimes", "repeat_not_understood"),
        ("every mon at 25:00", "repeat_no_such_time"),
        ("29th and 30th", "repeat_late_days"),
        ("hourly", "repeat_too_often"),
        ("x " * 200, "repeat_too_long"),
        (",", "repeat_empty"),
    ],
)
def test_what_says_no_repetition_is_refused(cell: str, reason: str) -> None:
    assert [problem[2] for problem in problems("title,repeat", "Water plants", cell)] == [reason]


@pytest.mark.parametrize("name", ["Ben ", "Ben,", "Ben"])
def test_namesakes_are_told_apart_by_their_numbers_whatever_their_names_end_in(name: str) -> None:
    people = People.of([Member(number, name, Role.MEMBER, "", "", active=False) for number in (1, 2)])
    assert people.read(people.write([2, 1])) == (2, 1)
