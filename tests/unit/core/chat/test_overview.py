"""What somebody has before them, of several areas."""

from dataclasses import replace

import pytest

from core.chat.overview import Overview, joined
from core.chat.reply import Action, Column, Problem, Reply, Row, Table
from core.chat.text import plain
from core.shared.events import Event, Followed
from tests.support.clock import NOON

TASKS = Reply("My work", ("1 task.",), tables=(Table("My work", (Column("n", "No."),), (Row((1,)),)),))
NOTES = Reply(
    "Notes", ("2 notes.",), tables=(Table("Notes", (Column("n", "No."),), (Row((2,)),)),), actions=(Action("Next"),)
)
NOTHING = Reply("My work", ("Nothing is waiting for you.",), actions=(Action("Keep it here"),))


def test_answers_stand_below_each_other_under_the_first_title() -> None:
    both = joined([TASKS, NOTES])
    assert (both.title, plain(both.text)) == ("My work", "1 task.\n2 notes.")
    assert [table.title for table in both.tables] == ["My work", "Notes"]
    assert [action.label for action in both.actions] == ["Next"]


def test_an_area_with_nothing_says_so_only_where_no_other_has_anything() -> None:
    assert joined([NOTHING, NOTES]) == NOTES
    assert joined([NOTHING, replace(NOTHING, title="Notes")]) == NOTHING
    assert joined([TASKS]) == TASKS


def test_what_is_refused_is_said() -> None:
    refused = Reply(problem=Problem("cursor", "That page is gone."))
    assert joined([TASKS, refused]) == refused


@pytest.mark.parametrize(
    ("kinds", "people"),
    [(["task.added"], {1}), (["task.added", "note.added"], {1, 2}), (["order.added"], set()), (["note.moved"], None)],
)
def test_whom_events_concern_is_known_of_all_areas(kinds: list[str], people: set[int] | None) -> None:
    payloads = {"task.added": {"who": [1]}, "note.added": {"author": [2]}, "order.added": {"who": [3]}}
    events = [Event(kind, NOON, None, None, dict(payloads.get(kind, {}))) for kind in kinds]
    overview = Overview([], [Followed("task", ("who",)), Followed("note", ("author",))])
    assert overview.concerned(events) == people
