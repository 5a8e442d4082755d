"""Buttons get opaque ids, wherever in a reply they are."""

from hypothesis import given
from hypothesis import strategies as st

from core.chat.actions import NUMBER, about, number_actions, picked
from core.chat.reply import Action, Choice, Column, Reply, Row, Table

LABELS = st.text(alphabet="abc", min_size=1, max_size=3)
ACTIONS = st.builds(
    lambda label, choices: Action(label, f"/x {label}", choices=tuple(Choice(one, f"/y {one}") for one in choices)),
    LABELS,
    st.lists(LABELS, max_size=3),
)
TABLES = st.builds(
    lambda rows: Table("T", (Column("a", "A"),), tuple(Row(("x",), tuple(actions)) for actions in rows)),
    st.lists(st.lists(ACTIONS, max_size=2), max_size=3),
)
PLAIN = st.builds(
    lambda actions, tables: Reply(actions=tuple(actions), tables=tuple(tables)),
    st.lists(ACTIONS, max_size=3),
    st.lists(TABLES, max_size=2),
)
REPLIES = st.one_of(
    PLAIN, st.builds(lambda one, two: Reply(actions=one.actions, tables=one.tables, original=two), PLAIN, PLAIN)
)


def all_actions(reply: Reply) -> list[Action]:
    rows = [action for table in reply.tables for row in table.rows for action in row.actions]
    return [*rows, *reply.actions, *(all_actions(reply.original) if reply.original else [])]


@given(REPLIES)
def test_every_action_and_choice_has_an_id_of_its_own(reply: Reply) -> None:
    numbered, found = number_actions(reply, "SET")
    assert list(found) == all_actions(numbered)
    assert [action.id for action in found] == [f"SET.{place}" for place in range(len(found))]
    for action in found:
        assert [choice.id for choice in action.choices] == [
            f"{action.id}.{place}" for place in range(len(action.choices))
        ]


@given(REPLIES)
def test_nothing_else_of_the_reply_changes(reply: Reply) -> None:
    numbered, _ = number_actions(reply, "SET")
    bare, _ = number_actions(numbered, "SET")
    assert bare == numbered
    assert [(one.label, one.command) for one in all_actions(numbered)] == [
        (one.label, one.command) for one in all_actions(reply)
    ]


def test_a_reply_without_buttons_stays_as_it_is() -> None:
    reply = Reply(title="T", tables=(Table("T", (Column("a", "A"),), (Row(("x",)),)),))
    numbered, found = number_actions(reply, "SET")
    assert numbered == reply
    assert found == ()
    assert numbered.tables[0] is reply.tables[0]


DONE = Action("Done", f"/task done {NUMBER}", id="SET.0")
SNOOZE = Action(
    "Snooze",
    id="SET.1",
    choices=(Choice("Later", f"/task snooze {NUMBER} 3h", id="SET.1.0"), Choice("?", "/x", "SET.1.1")),
)
PLAIN_ADD = Action("Add", "/task add", id="SET.2")


def test_an_action_stored_once_is_about_whatever_number_its_id_names() -> None:
    done, snooze = about(DONE, 12), about(SNOOZE, 12)
    assert (done.id, done.command) == ("SET.0-12", "/task done 12")
    assert [choice.id for choice in snooze.choices] == ["SET.1-12.0", "SET.1-12.1"]
    stored = (DONE, SNOOZE, PLAIN_ADD)
    assert picked(stored, "SET.0-12") == (done, "/task done 12")
    assert picked(stored, "SET.1-12.0") == (snooze, "/task snooze 12 3h")
    assert picked(stored, "SET.1-12") == (snooze, "")
    assert picked(stored, "SET.2") == (PLAIN_ADD, "/task add")


def test_an_id_that_was_never_given_means_nothing() -> None:
    stored = (DONE, SNOOZE, PLAIN_ADD)
    for wrong in ("SET.2-12", "SET.0-012", "SET.0-1-2", "SET.0-", "SET.0-x", "SET.0-\u0661", "SET.1-12.9", "SET.9", ""):
        assert picked(stored, wrong) is None, wrong
