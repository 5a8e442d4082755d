"""Buttons get opaque ids, wherever in a reply they are."""

from hypothesis import given
from hypothesis import strategies as st

from core.chat.actions import number_actions
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
