"""Answers without the name of who was forgotten, and with all other words that look like it."""

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.work.codec import post_of, post_text, reply_of, reply_text
from core.chat.reply import (
    Action,
    Chart,
    Choice,
    Column,
    Field,
    FileLink,
    Form,
    FormField,
    Later,
    Placement,
    Problem,
    Reply,
    Row,
    Series,
    Style,
    Table,
    Visibility,
)
from core.chat.text import Bold, Code, Link, Mention, Moment
from core.people.namelessness import Nameless
from core.ports.storage import Post

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WILL = Nameless(7, "Will", "will@example.org", frozenset({"Will Smith", "Ann", "Willow"}))
ANA = Nameless(8, "Ana Costa", "", frozenset({"Ana Costa-Silva", "Ana"}))
MAY = Nameless(9, "May", "", frozenset())
NONE = Nameless(10, "none", "", frozenset())
ME = Nameless(11, "me", "", frozenset())


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        (ANA, "Ana Costa added ", "somebody added "),
        (ANA, "Ana Costa gave you ", "somebody gave you "),
        (ANA, ", for Ana and Ana Costa.", ", for Ana and somebody."),
        (ANA, "\nAna Costa's tasks", "\nsomebody's tasks"),
        (ANA, "Ana Costa-Silva added, for @ana-costa-silva", "Ana Costa-Silva added, for @ana-costa-silva"),
        (ANA, "Diana Costa added", "Diana Costa added"),
        (WILL, "Will added ", "somebody added "),
        (WILL, "Will gave you ", "somebody gave you "),
        (WILL, "Will", "somebody"),
        (WILL, " was done already: Will completed it", " was done already: somebody completed it"),
        (WILL, ": Will will do it", ": somebody will do it"),
        (WILL, ": Ann and Will will do it", ": Ann and somebody will do it"),
        (WILL, "• #3 Will the order come · Will", "• #3 Will the order come · somebody"),
        (WILL, "It was called “Will the order come?”.", "It was called “Will the order come?”."),
        (WILL, "Will Smith added, for Will", "Will Smith added, for somebody"),
        (WILL, "Will it work? Willow will, @will.", "Will it work? Willow will, @somebody."),
        (WILL, "Write to will@example.org.", "Write to ."),
        (MAY, "May added ", "somebody added "),
        (MAY, " due Fri 1 May 2026, for May.", " due Fri 1 May 2026, for somebody."),
        (MAY, " until May 1.", " until May 1."),
        (WILL, "Open by person: nobody 2, Ann 1, Will 1.", "Open by person: nobody 2, Ann 1, somebody 1."),
        (WILL, "Open by person: Will 1, Ann 2.", "Open by person: somebody 1, Ann 2."),
        (NONE, "none added ", "somebody added "),
        (NONE, ", for Ann and none.", ", for Ann and somebody."),
        (NONE, "There is none left, none of 3.", "There is none left, none of 3."),
        (ME, "Ask me: @me does it.", "Ask me: @me does it."),
    ],
)
def test_a_sentence_is_rid_of_a_name_and_of_nothing_else(who: Nameless, before: str, after: str) -> None:
    stored = reply_text(Reply(text=(before,)))
    assert who.answer(reply_of(stored)) == Reply(text=(after,))
    assert before == after or who.may_tell(stored)


def test_what_people_wrote_stays_as_they_wrote_it() -> None:
    written = Reply(
        text=("#1 ", Bold("Ask Will, and Will agrees"), Code("/task add Will called")),
        fields=(Field("title", "Title", "Ask Will"),),
        tables=(Table("Tasks", (Column("title", "Task"),), (Row(("Ann and Will",)),)),),
    )
    assert WILL.answer(written) == written


def test_each_part_of_an_answer_is_rid_of_the_name() -> None:
    table = Table(
        "Will",
        (Column("title", "Task"), Column("assignees", "For", "people")),
        (Row(("Ask Will", "Ann, Will"), (Action("Theirs", "task list assign:@will"),)),),
        note=("That of Will.",),
    )
    answer = Reply(
        title="Will",
        text=(Mention(7, "Will"), " is now ", Bold("clerk"), ". ", Mention(3, "Will")),
        fields=(Field("assignees", "For", "Ann, Will", "people"), Field("name", "Name", "Will")),
        tables=(table,),
        actions=(Action("Snooze", choices=(Choice("Tomorrow", "task list assign:@will"),)),),
        problem=Problem("refused", "That is for Will to do.", "Ask @will."),
        original=Reply(text=("Will added ",)),
        footer=("Scheduled by Will, daily.",),
    )
    without = WILL.answer(answer)
    assert without == Reply(
        title="somebody",
        text=(Mention(7, "somebody"), " is now ", Bold("clerk"), ". ", Mention(3, "somebody")),
        fields=(Field("assignees", "For", "Ann, somebody", "people"), Field("name", "Name", "somebody")),
        tables=(
            Table(
                "somebody",
                table.columns,
                (Row(("Ask Will", "Ann, somebody"), (Action("Theirs", "task list assign:@somebody"),)),),
                note=("That of somebody.",),
            ),
        ),
        actions=(Action("Snooze", choices=(Choice("Tomorrow", "task list assign:@somebody"),)),),
        problem=Problem("refused", "That is for somebody to do.", "Ask @somebody."),
        original=Reply(text=("somebody added ",)),
        footer=("Scheduled by somebody, daily.",),
    )


def test_posts_and_buttons_are_rid_of_the_name_too() -> None:
    post = Post(Reply(text=("Will gave you ",)), channel_id=3)
    assert WILL.answer(post) == Post(Reply(text=("somebody gave you ",)), channel_id=3)
    buttons = (Action("Theirs", "task list assign:@will"),)
    assert WILL.answer(buttons) == (Action("Theirs", "task list assign:@somebody"),)


def test_who_has_the_same_name_and_stays_keeps_it() -> None:
    zed = Nameless(7, "Zed", "zed@example.org", frozenset({"Zed", "Ann"}))
    answer = Reply(title="Zed", text=("Zed added @zed, @zed#7, @zed#8 ", Mention(8, "Zed"), Mention(7, "Zed")))
    without = ("Zed added @zed, @somebody, @zed#8 ", Mention(8, "Zed"), Mention(7, "somebody"))
    assert zed.answer(answer) == Reply(title="Zed", text=without)


def test_a_name_that_is_a_word_goes_from_where_only_people_are() -> None:
    columns = (Column("title", "Task"), Column("for", "For", "people"))
    table = Table("Tasks", columns, (Row(("Buy none of it", "Ann, none")),))
    (without,) = NONE.answer(Reply(tables=(table,))).tables
    assert without.rows == (Row(("Buy none of it", "Ann, somebody")),)


def test_who_has_no_name_yet_takes_nothing_along() -> None:
    stored = reply_text(Reply(text=("Somebody added ", "", "@ ")))
    assert reply_of(Nameless(7, "", "", frozenset({"Ann"})).answer(stored)) == reply_of(stored)


EVERYTHING = Post(
    Reply(
        title="Tasks",
        text=(
            "Ann added ",
            Bold("milk"),
            Code("/task add"),
            Mention(7, "Ann"),
            Moment(NOON, "today"),
            Link("Open", "x:"),
        ),
        visibility=Visibility.CHANNEL,
        fields=(Field("role", "Role", "Owner"), Field("for", "For", "Ann, Ben", "people"), Field("cost", "Cost", 1.5)),
        tables=(
            Table(
                "Open",
                (Column("title", "Task", joins="for"), Column("for", "For", "people"), Column("due", "Due", "date")),
                (Row(("Buy milk", "Ann", ("due ", Bold("now"))), (Action("Done", "task done 1"),), "warning"),),
                note=("1 of 2",),
            ),
        ),
        charts=(Chart("By person", "bar", ("Ann", "nobody"), (Series("Open tasks", (1.0, 2.0)),), "Ann 1, nobody 2."),),
        files=(FileLink("f1", "milk.csv", "text/csv", 5),),
        actions=(
            Action("Undo", "undo", Style.DANGER, Placement.UPDATE, then="task list", confirm="Sure?", id="set.0"),
            Action("Snooze", choices=(Choice("1 hour", "task snooze 1 1 h", "set.1", Later(60)),), sorts=True),
        ),
        form=Form(
            "Add",
            "task add",
            (FormField("status", "Status", "choice", True, "a hint", "open", ("open", "done"), ("Open", "Done")),),
            {"channel": "general"},
            about="milk",
        ),
        problem=Problem("refused", "Not now.", "Later.", "title", "r1"),
        original=Reply(text=("Ben completed it",)),
    ),
    channel_id=1,
    member_id=1,
)
READ: Mapping[type, Set[str]] = {
    Reply: {"title"},
    Bold: {"text"},
    Mention: {"name"},
    Link: {"label"},
    Field: {"value"},
    Table: {"title"},
    Row: {"cells"},
    Chart: {"title", "labels", "summary"},
    Series: {"name"},
    FileLink: {"name"},
    Action: {"confirm"},
    Form: {"title", "about", "intro"},
    FormField: {"error"},
    Problem: {"message", "hint"},
}


def _unread(part: object) -> object:
    """Return all of an answer that is nothing to read: kinds, keys, ids, commands, labels of ours."""
    if isinstance(part, tuple):
        return [_unread(one) for one in part if not isinstance(one, str)]
    if not is_dataclass(part):
        return part
    left = (one.name for one in fields(part) if one.name not in READ.get(type(part), ()))
    return type(part), [(name, _unread(getattr(part, name))) for name in left]


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
        data = list(data.values())
    if isinstance(data, list):
        for one in data:
            yield from _strings(one)
    elif isinstance(data, str):
        yield data


WORDS = sorted({*_strings(json.loads(post_text(EVERYTHING))), "private", "default", "primary", "message", "null", "1"})


@given(st.sampled_from(WORDS) | st.text(min_size=1), st.sets(st.sampled_from(WORDS), max_size=2))
def test_whatever_somebody_was_called_only_what_people_read_changes(name: str, others: set[str]) -> None:
    nameless = Nameless(7, name, "", frozenset(others))
    without = nameless.answer(EVERYTHING)
    assert post_of(post_text(without)) == without
    assert _unread(without) == _unread(EVERYTHING)
    assert without.reply.text[3] == Mention(7, "somebody")
