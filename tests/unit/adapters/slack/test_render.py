"""Whatever a reply holds, Slack takes the message, and what did not fit is in a file."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.platforms.slack.render import ALL_NATIVE, SPOKEN, Native, Rendered, render, render_bare
from core.chat.actions import number_actions
from core.chat.reply import Action, Chart, Choice, Column, Field, Problem, Reply, Row, Series, Style, Table
from core.chat.text import Bold, Code, Link, Mention, Moment, lines, text
from tests.support.slack.blocks import check_blocks, too_long
from tests.support.slack.messages import controls_in, texts_in
from tests.support.slack.schema import Report
from tests.unit.adapters.slack.replies import NOW, SET_ID, replies

BROADCAST = re.compile(r"<[!@#](?!date\^|U0KNOWN>)")


def known(member: int) -> str | None:
    return "U0KNOWN" if member == 1 else None


def problems_of(shown: Rendered) -> list[str]:
    report = Report()
    check_blocks(report, "/blocks", list(shown.blocks), "message")
    return report.problems


def live_words(node: object) -> str:
    """The texts in which Slack looks for mentions and links."""
    if isinstance(node, list | tuple):
        return "\n".join(map(live_words, node))
    if not isinstance(node, dict):
        return ""
    own = str(node["text"]) if node.get("type") == "mrkdwn" else ""
    return "\n".join([own, *map(live_words, node.values())])


def words_of(shown: Rendered) -> str:
    return "\n".join(texts_in(list(shown.blocks)))


def numbered(reply: Reply) -> Reply:
    return number_actions(reply, SET_ID)[0]


@given(replies)
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_slack_takes_every_message_and_nobody_is_called_by_what_it_quotes(reply: Reply) -> None:
    for native in (ALL_NATIVE, frozenset[Native]()):
        shown = render(reply, known, native)
        assert problems_of(shown) == []
        assert not too_long(list(shown.blocks))
        assert 0 < len(shown.text) <= SPOKEN
        assert not BROADCAST.search(shown.text)
        assert not BROADCAST.search(live_words(shown.blocks))


def test_small_print_stands_above_the_buttons_however_long_the_rest_is() -> None:
    reply = Reply(text=text("word " * 9000), actions=(Action("Pause", "/x"),), footer=text("By Ann: ", Code("/x")))
    *_, footer, buttons, note = render(numbered(reply)).blocks
    assert footer == {"type": "context", "elements": [{"type": "mrkdwn", "text": "By Ann: `/x`"}]}
    assert (buttons["type"], note["type"]) == ("actions", "context")
    assert render(Reply(footer=text("By Ann"))).text == "By Ann"


def test_words_behind_more_blanks_than_fit_are_shown() -> None:
    shown = render(Reply(text=text(" " * 3000, "0")), known)
    assert problems_of(shown) == []
    assert "0" in words_of(shown)


@given(replies)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_message_without_blocks_always_fits(reply: Reply) -> None:
    shown = render_bare(reply)
    assert 0 < len(shown.text) <= SPOKEN
    assert not BROADCAST.search(shown.text)


def _tasks(count: int, title: str = "A task with a title as long as they are") -> Table:
    columns = (
        Column("number", "No.", "number"),
        Column("title", "Title"),
        Column("due", "Due", "moment"),
        Column("for", "For", "people"),
    )
    snooze = tuple(Choice(label, "/x") for label in ("20 minutes", "3 hours", "Tomorrow 9:00", "Monday", "Pick…"))
    buttons = (
        Action("Done", "/task done 1", style=Style.PRIMARY),
        Action("Snooze", choices=snooze),
        Action("Assign", "/task assign 1"),
    )
    rows = tuple(
        Row((number, f"{title} {number}", "2026-12-01T09:00:00+01:00", "Ann, Ben"), buttons) for number in range(count)
    )
    return Table("Open tasks", columns, rows)


def test_ten_rows_with_three_controls_each_fit_into_one_message() -> None:
    paging = (Action("Previous", "/task list page:a"), Action("Next", "/task list page:b"))
    reply = numbered(Reply(title="Open tasks", text=text("12 tasks."), tables=(_tasks(10, "x" * 150),), actions=paging))
    shown = render(reply)
    assert problems_of(shown) == []
    assert not too_long(list(shown.blocks))
    assert [control.label for control in controls_in(list(shown.blocks))] == ["Done", "Snooze", "Assign"] * 10 + [
        "Previous",
        "Next",
    ]
    assert shown.documents == ()


def test_rows_that_do_not_fit_are_all_in_a_file_and_the_message_says_how_many() -> None:
    shown = render(numbered(Reply(title="Open tasks", tables=(_tasks(40),))))
    (document,) = shown.documents
    content = document.content.decode("utf-8-sig")
    assert content.count("\n") == 41
    count = words_of(shown).count("*#")
    assert f"{40 - count} more rows are in the file {document.name}." in words_of(shown)


def test_a_shortened_title_is_whole_in_the_file_beside_it() -> None:
    long = "word " * 90
    shown = render(numbered(Reply(title="Open tasks", tables=(_tasks(1, long),))))
    assert "…" in words_of(shown)
    (document,) = shown.documents
    assert long.strip() in document.content.decode("utf-8-sig")


def test_a_long_text_goes_on_in_a_file() -> None:
    shown = render(Reply(title="Notes", text=text("line of words\n" * 2000)))
    (document,) = shown.documents
    assert document.content.decode().count("line of words") == 2000
    assert f"The rest is in the file {document.name}." in words_of(shown)


def test_cells_that_a_spreadsheet_would_run_are_defused_in_files() -> None:
    columns = (Column("a", "A"), Column("b", "B"), Column("c", "C"))
    table = Table("T", columns, tuple(Row(("=1+1", "x" * 60, "y" * 60)) for _ in range(200)))
    (document,) = render(Reply(tables=(table,))).documents
    assert "\n'=1+1," in document.content.decode("utf-8-sig").replace("\r\n", "\n")


def _blocks(shown: Rendered, kind: str) -> list[dict[str, Any]]:
    return [block for block in shown.blocks if block["type"] == kind]


def _small(title: str, columns: Sequence[str] = ("Who", "Open", "Done")) -> Table:
    return Table(
        title,
        tuple(Column(label.lower(), label, "number" if index else "text") for index, label in enumerate(columns)),
        (Row(("Ann", 3, 4)[: len(columns)]), Row(("Ben", 12, None)[: len(columns)])),
    )


def test_the_first_plain_table_is_native_and_the_next_is_text_in_columns() -> None:
    shown = render(Reply(tables=(_small("One"), _small("Two"))))
    (native,) = _blocks(shown, "table")
    assert [[cell["text"] for cell in row] for row in native["rows"]] == [
        ["Who", "Open", "Done"],
        ["Ann", "3", "4"],
        ["Ben", "12", "–"],
    ]
    assert shown.native == {Native.TABLE}
    assert "```Who  Open  Done\nAnn     3     4\nBen    12```" in words_of(shown)


def test_names_and_values_are_lines_where_no_table_may_be() -> None:
    shown = render(Reply(tables=(_small("One", ("Who", "Open")),)), native=frozenset())
    assert "• Ann: 3\n• Ben: 12" in words_of(shown)


@pytest.mark.parametrize("kind", ["bar", "line", "pie"])
def test_a_chart_is_native_and_its_sentence_is_heard(kind: Any) -> None:
    chart = Chart("Open", kind, ("low", "high"), (Series("Tasks", (1.0, 2.0)),), "Open: low 1, high 2.")
    shown = render(Reply(charts=(chart,)))
    (native,) = _blocks(shown, "data_visualization")
    assert native["chart"]["type"] == kind
    assert "Open: low 1, high 2." in shown.text
    assert problems_of(shown) == []
    worded = render(Reply(charts=(chart,)), native=frozenset())
    assert _blocks(worded, "data_visualization") == []
    assert "Open: low 1, high 2." in words_of(worded)


def test_what_slack_can_not_draw_is_said_in_words() -> None:
    labels = tuple(f"label {number}" for number in range(21))
    many = Chart("Many", "bar", labels, (Series("s", (1.0,) * 21),), "Too many to draw.")
    below = Chart("Below", "pie", ("a", "b"), (Series("s", (1.0, -1.0)),), "Below nothing.")
    empty = Chart("Empty", "line", (), (), "No sales 3–9 Nov.")
    shown = render(Reply(charts=(many, below, empty)))
    assert _blocks(shown, "data_visualization") == []
    for sentence in ("Too many to draw.", "Below nothing.", "No sales 3–9 Nov."):
        assert sentence in words_of(shown)


def test_a_problem_says_what_and_what_to_do_with_its_code_marked() -> None:
    shown = render(Reply(problem=Problem("not_found", "There is no task #9.", "`/task list` shows them.")))
    assert "There is no task #9.\n`/task list` shows them." in words_of(shown)
    assert shown.text == "There is no task #9.\n/task list shows them."


def test_people_and_links_are_live_and_words_and_instants_are_not() -> None:
    said = lines(
        text(Mention(1, "Ann"), " and ", Mention(2, "Ben")),
        text(Moment(NOW, "Fri 20 Nov 2026 09:00 (UTC)"), " ", Link("here", "https://example.com/?a=b&c")),
        text(Bold("not *bold*"), Code("/task list"), Link("evil", "javascript:alert(1)"), "<!here>"),
    )
    shown = words_of(render(Reply(text=said), known))
    assert "<@U0KNOWN> and @Ben" in shown
    assert "Fri 20 Nov 2026 09:00 (UTC) <https" in shown, "in one zone, which is named, not in each reader's own"
    assert "<https://example.com/?a=b&amp;c|here>" in shown
    assert "not *bold*`/task list`evil (javascript:alert(1))&lt;!here&gt;" in shown


def test_a_card_has_fields_and_a_sentence_has_them_in_small_print() -> None:
    fields = (Field("due", "Due", "2026-12-01", "date"), Field("overdue", "Overdue", True), Field("none", "None", None))
    card = render(Reply(title="#1 Milk", fields=fields))
    assert [field["text"] for field in card.blocks[1]["fields"]] == ["*Due*\nTue 1 Dec 2026", "*Overdue*\nyes"]
    sentence = render(Reply(text=text("Added."), fields=fields))
    assert sentence.blocks[1]["elements"][0]["text"] == "Due Tue 1 Dec 2026 · Overdue yes"


def test_a_button_asks_first_where_it_is_to_and_only_what_is_stored_can_be_pressed() -> None:
    reply = numbered(Reply(actions=(Action("Remove", "/x", style=Style.DANGER, confirm="It is gone then."),)))
    (button,) = [control.element for control in controls_in(list(render(reply).blocks))]
    assert button["style"] == "danger"
    assert button["confirm"]["text"]["text"] == "It is gone then."
    assert render(Reply(text=text("x"), actions=(Action("Done", "/x"),))).blocks[-1]["type"] == "section"


def test_a_reply_with_nothing_in_it_still_says_something() -> None:
    assert render(Reply()).text == "Done."
    assert render(Reply(progress=0.5)).blocks[0]["elements"][0]["text"] == "▰▰▰▰▰▱▱▱▱▱ 50%"
