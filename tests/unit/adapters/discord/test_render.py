"""Replies as Discord messages: within every limit, calling nobody, losing nothing."""

import re
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings

from adapters.platforms.discord.controls import Component, Home, expanded, pressed
from adapters.platforms.discord.marks import code, escape
from adapters.platforms.discord.render import Rendered, render
from core.chat.actions import number_actions
from core.chat.reply import Action, Choice, Column, Problem, Reply, Row, Table
from core.chat.text import Bold, Code, Link, Mention, Moment, text
from tests.support.discord.message_form import check_message
from tests.support.discord.messages import controls_in
from tests.support.discord.schema import Report
from tests.unit.adapters.slack.replies import NOW, SET_ID, replies

HOME = Home("1234567890123456789", "1234567890123456780")
CALLS = re.compile(r"@(?:everyone|here)\b|(?<!\\)<@[!&]?\d+>")


def numbered(reply: Reply) -> Reply:
    return number_actions(reply, SET_ID)[0]


def problems_of(shown: Rendered) -> Any:
    report = Report()
    check_message(report, {**shown.body(), "flags": shown.flags}, {})
    return report.errors if report else []


def words_of(shown: Rendered) -> str:
    parts = [shown.content]
    for embed in shown.embeds:
        parts += [embed.get("title", ""), embed.get("description", "")]
        parts += [f"{one['name']} {one['value']}" for one in embed.get("fields", ())]
        parts.append((embed.get("footer") or {}).get("text", ""))
    return "\n".join(parts)


@given(replies)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_reply_is_a_message_that_discord_takes_and_calls_nobody(reply: Reply) -> None:
    shown = render(reply, HOME)
    assert problems_of(shown) == []
    assert not CALLS.search(words_of(shown))
    assert shown.body()["allowed_mentions"] == {"parse": [], "users": []}


def test_small_print_comes_below_all_else_and_is_kept_where_the_rest_is_long() -> None:
    short = render(Reply(text=text("Sold."), footer=text("By Ann: ", Code("/x"))), HOME)
    assert short.embeds[0]["description"] == "Sold.\n-# By Ann: `/x`"
    long = render(Reply(text=text("word\n" * 9000), footer=text("By Ann: ", Code("/x"))), HOME)
    assert "By Ann: /x" in words_of(long)
    assert problems_of(long) == []


def _tasks(count: int) -> Table:
    columns = (Column("number", "No.", "number"), Column("title", "Title"), Column("due", "Due", "moment"))
    snooze = tuple(Choice(label, "/x") for label in ("20 minutes", "3 hours"))
    buttons = (Action("Done", "/x"), Action("Snooze", choices=snooze), Action("Assign", "/x"))
    rows = tuple(Row((n, f"Task {n}", "2026-12-01T09:00:00+01:00"), buttons) for n in range(count))
    return Table("Open tasks", columns, rows)


def test_the_rows_of_a_table_share_a_select_for_each_kind_of_button() -> None:
    paging = (Action("Previous", "/x"), Action("Next", "/x"))
    reply = numbered(Reply(title="Open tasks", tables=(_tasks(10),), actions=paging))
    shown = render(reply, HOME)
    assert problems_of(shown) == []
    labels = [control.label for control in controls_in(list(shown.components))]
    assert labels == ["Done: which one?", "Snooze: which one?", "Assign: which one?", "Previous", "Next"]
    done, snooze = (row["components"][0] for row in shown.components[:2])
    chosen = pressed(done["custom_id"], [done["options"][3]["value"]])
    assert chosen
    wanted = reply.tables[0].rows[3].actions
    assert (chosen.action_id, chosen.home, chosen.wants_choices) == (wanted[0].id, HOME, False)
    asked = pressed(snooze["custom_id"], [snooze["options"][3]["value"]])
    assert asked
    assert (asked.action_id, asked.wants_choices) == (wanted[1].id, True)


def _chosen(shown: Sequence[Component], row: int, action: Action) -> list[Component]:
    """The controls after choosing a row in the select of snoozing."""
    snooze = next(held["components"][0] for held in shown if controls_in([held])[0].label == "Snooze: which one?")
    return expanded(shown, snooze["custom_id"], action, HOME, snooze["options"][row]["value"])


def _labels(shown: Sequence[Component]) -> list[str]:
    return [control.label for control in controls_in(list(shown))]


def test_the_choices_of_a_row_come_up_below_and_another_row_can_still_be_chosen() -> None:
    reply = numbered(Reply(title="Open tasks", tables=(_tasks(3),), actions=(Action("Next", "/x"),)))
    shown: Sequence[Component] = render(reply, HOME).components
    for row in (1, 2):
        shown = _chosen(shown, row, reply.tables[0].rows[row].actions[1])
        wanted = ["Done: which one?", "Snooze: which one?", f"Snooze #{row} Task {row}", "Assign: which one?", "Next"]
        assert _labels(shown) == wanted


def test_without_room_the_choices_of_a_row_take_the_place_of_the_select() -> None:
    other = Action("Sort", choices=(Choice("By due", "/x"), Choice("By title", "/x")))
    reply = numbered(Reply(title="Open tasks", tables=(_tasks(3),), actions=(Action("Next", "/x"), other)))
    shown = _chosen(render(reply, HOME).components, 1, reply.tables[0].rows[1].actions[1])
    assert _labels(shown) == ["Done: which one?", "Snooze #1 Task 1", "Assign: which one?", "Next", "Sort"]


def test_a_single_row_has_its_own_buttons() -> None:
    shown = render(numbered(Reply(title="Open tasks", tables=(_tasks(1),))), HOME)
    assert [control.label for control in controls_in(list(shown.components))] == ["Done", "Assign", "Snooze"]
    select = shown.components[1]["components"][0]
    chosen = pressed(select["custom_id"], [select["options"][1]["value"]])
    assert chosen
    assert chosen.action_id.endswith(".1.1")


def test_rows_that_do_not_fit_are_all_in_a_file_and_the_message_says_how_many() -> None:
    shown = render(numbered(Reply(title="Open tasks", tables=(_tasks(200),))), HOME)
    (document,) = shown.documents
    assert document.content.decode("utf-8-sig").count("\n") == 201
    count = words_of(shown).count("**#")
    assert f"{200 - count} more rows are in the file {document.name}." in words_of(shown)


def test_a_narrow_table_without_buttons_is_text_in_columns() -> None:
    columns = (Column("a", "Name"), Column("b", "Open", "number"), Column("c", "Done", "number"))
    shown = render(Reply(title="People", tables=(Table("People", columns, (Row(("Ann", 3, 12)),)),)), HOME)
    assert "```\nName  Open  Done\nAnn      3    12\n```" in words_of(shown)


def test_words_are_shown_as_they_were_typed() -> None:
    assert escape("*a* _b_ ~~c~~ `d` ||e|| [f](g)") == r"\*a\* \_b\_ \~\~c\~\~ \`d\` \|\|e\|\| \[f](g)"
    assert escape("see https://example.com/a_b_c?d=*e*") == "see https://example.com/a_b_c?d=*e*"
    assert escape("- one\n# two\n#3 three") == "\\- one\n\\# two\n#3 three"
    assert "@everyone" not in escape("@everyone")
    assert code("a`b") == "`` a`b ``"


def test_people_and_links_are_discords_own_and_an_instant_is_told_in_one_zone() -> None:
    said = text(
        Mention(7, "Ann"),
        " ",
        Moment(NOW, "Fri 20 Nov 2026 09:00 (UTC)"),
        " ",
        Link("here", "https://example.com/a b"),
        Bold(" x"),
    )
    shown = render(Reply(text=said), HOME, {7: "42"}.get)
    assert shown.content == "<@42> Fri 20 Nov 2026 09:00 (UTC) [here](<https://example.com/a%20b>)**x**"
    assert shown.pings == ("42",)
    assert shown.body(notify=True)["allowed_mentions"] == {"parse": [], "users": ["42"]}


def test_a_problem_says_what_and_how_to_go_on() -> None:
    shown = render(Reply(problem=Problem("x", "There is no task #99.", "Type `/task list`.")), HOME)
    assert shown.content == "There is no task #99.\nType `/task list`."


def test_code_stays_code() -> None:
    assert render(Reply(text=(Code("/task add"),)), HOME).content == "`/task add`"
