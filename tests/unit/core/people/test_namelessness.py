"""Answers without the name of who was forgotten, and with all other words that look like it."""

import pytest

from adapters.storage.work.codec import actions_of, actions_text, post_of, post_text, reply_of, reply_text
from core.chat.reply import Action, Choice, Column, Field, Problem, Reply, Row, Table
from core.chat.text import Bold, Code, Mention
from core.people.namelessness import Nameless
from core.ports.storage import Post

WILL = Nameless(7, "Will", "will@example.org", frozenset({"Will Smith", "Ann", "Willow"}))
ANA = Nameless(8, "Ana Costa", "", frozenset({"Ana Costa-Silva", "Ana"}))
MAY = Nameless(9, "May", "", frozenset())


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
    ],
)
def test_a_sentence_is_rid_of_a_name_and_of_nothing_else(who: Nameless, before: str, after: str) -> None:
    stored = reply_text(Reply(text=(before,)))
    assert reply_of(who.answer(stored)) == Reply(text=(after,))
    assert before == after or who.may_tell(stored)


def test_what_people_wrote_stays_as_they_wrote_it() -> None:
    written = Reply(
        text=("#1 ", Bold("Ask Will, and Will agrees"), Code("/task add Will called")),
        fields=(Field("title", "Title", "Ask Will"),),
        tables=(Table("Tasks", (Column("title", "Task"),), (Row(("Ann and Will",)),)),),
    )
    assert reply_of(WILL.answer(reply_text(written))) == written


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
    )
    without = reply_of(WILL.answer(reply_text(answer)))
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
    )


def test_posts_and_buttons_are_rid_of_the_name_too() -> None:
    post = Post(Reply(text=("Will gave you ",)), channel_id=3)
    assert post_of(WILL.answer(post_text(post))) == Post(Reply(text=("somebody gave you ",)), channel_id=3)
    buttons = (Action("Theirs", "task list assign:@will"),)
    assert actions_of(WILL.answer(actions_text(buttons))) == (Action("Theirs", "task list assign:@somebody"),)


def test_who_has_no_name_yet_takes_nothing_along() -> None:
    stored = reply_text(Reply(text=("Somebody added ", "", "@ ")))
    assert reply_of(Nameless(7, "", "", frozenset({"Ann"})).answer(stored)) == reply_of(stored)
