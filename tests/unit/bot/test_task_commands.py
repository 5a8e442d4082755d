"""`/task …` as people type it and press it, through the whole application."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.platforms.terminal import document, render_text
from bot.settings.model import load_settings
from bot.wiring.bootstrap import open_product
from bot.wiring.composition import Parts
from bot.wiring.product import Product
from core.chat.reply import Action, Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.text import plain
from core.tasks.repository import TASKS
from tests.support.clock import HeldClock
from tests.support.storage import fresh_url

GENERAL = ChannelRef("general", "general", ChannelKind.PUBLIC)
BOARD = ChannelRef("board", "board", ChannelKind.PRIVATE)


@dataclass
class Desk:
    """People at the console: what they type and press, and what they read."""

    product: Product
    parts: Parts
    clock: HeldClock

    async def type(self, line: str, by: str = "ann", channel: ChannelRef = GENERAL) -> Reply:
        self.clock.moment += timedelta(seconds=1)
        return await self.product.application.handle(self.request(by, channel, text=line))

    async def press(self, button: Action, by: str = "ann", channel: ChannelRef = GENERAL, choice: str = "") -> Reply:
        action_id = next((found.id for found in button.choices if found.label == choice), button.id)
        return await self.product.application.handle(self.request(by, channel, action_id=action_id))

    def request(self, by: str, channel: ChannelRef, **what: str) -> Request:
        user = UserRef(by, by.capitalize(), zone="Europe/Berlin")
        return Request(Platform.WEB, "console", channel, user, **what)  # type: ignore[arg-type]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = HeldClock()
    fresh_url(tmp_path)
    env_file = tmp_path / ".env"
    env_file.write_text(f"QM_DATA_DIR={tmp_path}\nQM_TIMEZONE=Europe/Berlin\n")
    settings = load_settings(env_file)
    async with open_product(settings, clock=clock) as (product, parts):
        made = Desk(product, parts, clock)
        for name in ("ann", "ben"):
            await made.type("/task list", by=name)
        yield made


def words(reply: Reply) -> str:
    assert reply.problem is None, reply.problem
    return plain(reply.text)


def button(reply: Reply, label: str) -> Action:
    return next(action for action in reply.actions if action.label == label)


def row_button(reply: Reply, label: str, row: int = 0) -> Action:
    return next(action for action in reply.tables[0].rows[row].actions if action.label == label)


def titles(reply: Reply) -> list[object]:
    return [row.cells[1] for table in reply.tables for row in table.rows]


async def test_adding_echoes_the_date_with_its_zone(desk: Desk) -> None:
    reply = await desk.type("/task add Buy milk due:tomorrow 9am assign:@me priority:high")
    assert words(reply) == "Ann added #1 Buy milk, due tomorrow, Sat 21 Nov 2026 09:00 (Europe/Berlin), for Ann."


async def test_a_task_goes_from_adding_over_done_and_undo_to_removed(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    done = await desk.type("/task done #1")
    assert words(done) == "Ann completed #1 Buy milk."
    assert "was done already" in words(await desk.type("/task done 1"))
    undone = await desk.press(button(done, "Undo"), by="ben")
    assert words(undone) == "Ben undid /task done.\n#1 Buy milk is open again."
    assert words(await desk.type("/task remove 1")) == "Ann removed #1 Buy milk."
    assert words(await desk.type("/qm undo")) == "Ann undid /task remove.\n#1 Buy milk is back."
    assert titles(await desk.type("/task list")) == ["Buy milk"]


async def test_a_spent_undo_button_answers_its_first_result(desk: Desk) -> None:
    added = await desk.type("/task add Buy milk")
    first = await desk.press(button(added, "Undo"))
    again = await desk.press(button(added, "Undo"))
    assert words(first) == words(again) == "Ann undid /task add.\n#1 Buy milk is taken away again."


async def test_an_undo_after_somebody_elses_change_says_what_changed(desk: Desk) -> None:
    added = await desk.type("/task add Buy milk")
    await desk.type("/task edit 1 Buy oat milk", by="ben")
    refused = await desk.press(button(added, "Undo"))
    assert refused.problem
    assert "has been changed since (its title)" in refused.problem.message


async def test_an_undo_comes_too_late_after_fifteen_minutes(desk: Desk) -> None:
    added = await desk.type("/task add Buy milk")
    desk.clock.moment += timedelta(minutes=15, seconds=1)
    refused = await desk.press(button(added, "Undo"))
    assert refused.problem
    assert titles(await desk.type("/task list")) == ["Buy milk"]


async def test_the_buttons_of_a_list_act_and_refresh_it(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    await desk.type("/task add Call Ben")
    listed = await desk.type("/task list")
    pressed = await desk.press(row_button(listed, "Done"))
    assert words(pressed) == "Ann completed #1 Buy milk."
    assert pressed.original
    assert titles(pressed.original) == ["Call Ben"]


async def test_a_snooze_is_chosen_from_the_list_or_asked_for(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    snooze = row_button(await desk.type("/task list"), "Snooze")
    for choice, until in (
        ("20 minutes", "Fri 20 Nov 2026 13:20"),
        ("3 hours", "Fri 20 Nov 2026 16:00"),
        ("Tomorrow 9:00", "Sat 21 Nov 2026 09:00"),
        ("In a week 9:00", "Fri 27 Nov 2026 09:00"),
    ):
        reply = await desk.press(snooze, choice=choice)
        assert words(reply) == f"Ann snoozed #1 Buy milk until {until} (Europe/Berlin)."
    asked = await desk.press(snooze, choice="Pick a time…")
    assert asked.form
    assert [field.name for field in asked.form.fields] == ["until"]
    assert asked.form.fixed == {"task": "1"}


async def test_assigning_from_the_list_asks_for_the_people(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    asked = await desk.press(row_button(await desk.type("/task list"), "Assign"))
    assert asked.form
    assert "people" in [field.name for field in asked.form.fields]


async def test_people_are_assigned_by_name(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    assert words(await desk.type("/task assign 1 @ben @me")) == "Ann assigned #1 Buy milk: Ben and Ann will do it."
    assert words(await desk.type("/task assign 1 @ben mode:set")) == "Ann assigned #1 Buy milk: Ben will do it."
    assert words(await desk.type("/task assign 1 @ben mode:remove")) == "Ann assigned #1 Buy milk: nobody has it now."


async def test_dues_are_set_taken_away_and_warned_about(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    await desk.type("/task add Call Ben")
    assert "2 tasks are due Mon 23 Nov 2026." in words(await desk.type("/task due 1 2 next monday"))
    assert words(await desk.type("/task due 1 none")) == "#1 Buy milk has no due date any more."
    assert words(await desk.type("/task due 1 3 dec")) == "#1 Buy milk is due Thu 3 Dec 2026."
    assert "in the past already" in words(await desk.type("/task due 1 2026-11-01"))
    wrong = await desk.type("/task due 1 tomorrow 25:00")
    assert wrong.problem
    assert wrong.problem.field == "due"


async def test_an_edit_takes_the_rest_of_the_line_or_named_values(desk: Desk) -> None:
    await desk.type('/task add Buy milk notes:"the oat one"')
    assert "It was called “Buy milk”." in words(await desk.type("/task edit 1 Buy oat milk"))
    assert words(await desk.type("/task edit 1 notes:none")) == "Ann changed the notes of #1 Buy oat milk."
    nothing = await desk.type("/task edit 1")
    assert nothing.problem
    assert nothing.problem.hint == "Try `/task edit 1 priority:high`; `urgent`, `medium` and `low` are the others."


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("/task edit 1 due:fri", "`/task due 1 fri 9am`"),
        ("/task edit 1 Buy oat milk due:tomorrow 9am", "`/task due 1 fri 9am`"),
        ("/task edit 1 assign:@ben", "`/task assign 1 @ann`"),
    ],
)
async def test_an_edit_of_what_other_commands_change_names_them(desk: Desk, line: str, instead: str) -> None:
    await desk.type("/task add Buy milk")
    refused = await desk.type(line)
    assert refused.problem
    assert instead in refused.problem.hint
    assert "Buy milk" in str(titles(await desk.type("/task list")))
    assert words(await desk.type("/task edit 1 Check what is due: the rent")).endswith("It was called “Buy milk”.")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("/task list", ["late", "urgent", "mine"]),
        ("/task list done", ["finished"]),
        ("/task list status:completed", ["finished"]),
        ("/task list status:pending", ["late", "urgent", "mine"]),
        ("/task list all", ["late", "urgent", "mine", "finished"]),
        ("/task list assignee:@me", ["mine"]),
        ("/task list assignee:none", ["late", "urgent"]),
        ("/task list urgent", ["urgent"]),
        ("/task list channel:all", ["late", "secret", "urgent", "mine"]),
        ("/task list channel:#general", ["late", "urgent", "mine"]),
    ],
)
async def test_a_list_filters_by_plain_words(desk: Desk, line: str, found: list[str]) -> None:
    await desk.type("/task add mine assign:@me")
    await desk.type("/task add urgent priority:urgent")
    await desk.type("/task add late due:2026-11-01")
    await desk.type("/task add finished")
    await desk.type("/task done 4")
    await desk.type("/task add secret due:tomorrow", channel=BOARD)
    assert titles(await desk.type(line)) == found


async def test_pages_keep_their_filters(desk: Desk) -> None:
    for number in range(12):
        await desk.type(f"/task add Task {number} assign:@me priority:low")
    first = await desk.type("/task list assignee:@ann priority:low")
    second = await desk.press(button(first, "Next"))
    assert (len(titles(first)), len(titles(second))) == (10, 2)
    assert button(second, "Previous").command.startswith("/task list assign:@ann priority:low page:")
    back = await desk.press(button(second, "Previous"))
    assert titles(back) == titles(first)


async def test_what_is_private_is_not_seen_from_outside(desk: Desk) -> None:
    await desk.type("/task add secret", channel=BOARD)
    unseen = await desk.type("/task show 1", by="ben")
    assert unseen.problem
    assert unseen.problem.code == "not_found"
    assert titles(await desk.type("/task list channel:all", by="ben")) == []
    assert (await desk.type("/task show 1", by="ben", channel=BOARD)).title == "#1 secret"


@pytest.mark.parametrize("command", ["task list", "task summary", "task export"])
async def test_a_private_channel_is_not_even_known_by_name_to_outsiders(desk: Desk, command: str) -> None:
    await desk.type("/task add secret", channel=BOARD)
    for name in ("#board", "board"):
        refused = await desk.type(f"/{command} channel:{name}", by="ben")
        unknown = await desk.type(f"/{command} channel:{name}s", by="ben")
        assert refused.problem
        assert unknown.problem
        assert refused.problem.message == unknown.problem.message.replace(f"{name}s", name)
    assert (await desk.type(f"/{command} channel:#board", by="ben", channel=BOARD)).ok


async def test_who_may_only_read_gets_no_buttons(desk: Desk) -> None:
    for number in range(11):
        await desk.type(f"/task add Task {number}")
    await desk.type("/task list", by="ben")
    await desk.type("/user role @ben guest", by="owner")
    listed, card = await desk.type("/task list", by="ben"), await desk.type("/task show 1", by="ben")
    assert [row.actions for table in listed.tables for row in table.rows] == [()] * 10
    assert [action.label for action in listed.actions] == ["Next", "Sort by"]
    assert card.actions == ()


async def test_a_summary_counts_this_channel(desk: Desk) -> None:
    await desk.type("/task add late due:2026-11-01 assign:@me")
    await desk.type("/task add other")
    reply = await desk.type("/task summary")
    assert [table.columns[0].label for table in reply.tables] == ["Priority", "For"]
    assert words(reply).startswith("2 tasks open, 1 overdue, 0 upcoming, 0 done.")
    assert titles(await desk.press(button(reply, "Show the open ones"))) == ["late", "other"]


@pytest.mark.parametrize(
    "line",
    [
        "/task done 99",
        "/task show 99999999999999999999",
        "/task done -1",
        "/task show abc",
        "/task add " + "x" * 10_000,
        "/task add Buy milk due:never ever",
        "/task add Buy milk assign:@nobody-here",
        "/task list page:nonsense",
        "/task list channel:#nowhere",
        "/task list status:lost",
        "/task snooze 1 yesterday",
        "/task remove 0",
    ],
)
async def test_what_can_not_be_done_is_said_in_a_sentence_with_what_to_do(desk: Desk, line: str) -> None:
    await desk.type("/task add Something")
    reply = await desk.type(line)
    assert reply.problem
    assert reply.problem.code in ("invalid_argument", "not_found")
    assert reply.problem.message.endswith(".")
    assert reply.problem.hint


async def test_the_buttons_of_another_channels_list_stay_with_that_channel(desk: Desk) -> None:
    shop = ChannelRef("C0SHOP", "shop", ChannelKind.PUBLIC)
    await desk.type("/task add One", channel=shop)
    await desk.type("/task add Two", channel=shop)
    listed = await desk.type("/task list channel:#shop")
    assert listed.title == "Open tasks in #shop"
    pressed = await desk.press(row_button(listed, "Done"))
    assert pressed.original
    assert titles(pressed.original) == ["Two"]


async def test_the_buttons_of_a_persons_list_mean_that_person_even_among_namesakes(desk: Desk) -> None:
    await desk.product.application.handle(
        Request(Platform.WEB, "console", GENERAL, UserRef("ben2", "Ben"), text="/task list")
    )
    for line in ("/task add One assign:<@ben>", "/task add Two assign:<@ben>", "/task add Three assign:<@ben2>"):
        await desk.type(line)
    ambiguous = await desk.type("/task list assignee:@ben")
    assert ambiguous.problem
    listed = await desk.type("/task list assignee:<@ben>")
    assert titles(listed) == ["One", "Two"]
    pressed = await desk.press(row_button(listed, "Done"))
    assert pressed.original
    assert titles(pressed.original) == ["Two"]


async def test_the_buttons_of_what_nobody_has_mean_that(desk: Desk) -> None:
    await desk.type("/task add One")
    await desk.type("/task add Two")
    pressed = await desk.press(row_button(await desk.type("/task list assignee:none"), "Done"))
    assert pressed.original
    assert titles(pressed.original) == ["Two"]


async def test_completed_tasks_are_reopened(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    await desk.type("/task done 1")
    assert words(await desk.type("/task reopen 1")) == "Ann reopened #1 Buy milk."
    again = await desk.type("/task reopen 1")
    assert "is open already" in words(again)
    assert again.visibility is Visibility.PRIVATE


async def test_a_history_tells_who_changed_what_from_what_to_what(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    await desk.type("/task edit 1 Buy oat milk priority:high", by="ben")
    await desk.type("/task assign 1 @ben")
    await desk.type("/task due 1 23 nov 9am")
    await desk.type("/task repeat 1 weekly")
    await desk.type("/task remove 1")
    shown = await desk.type("/task history 1")
    assert (shown.title, words(shown)) == ("What happened to #1 Buy oat milk", "6 changes, the newest first.")
    (table,) = shown.tables
    assert [column.key for column in table.columns] == ["at", "member", "command", "field", "before", "after"]
    assert [row.cells[1:] for row in table.rows] == [
        ("Ann", "/task remove", "Removed", "", "Fri 20 Nov 2026 13:00 (Europe/Berlin)"),
        ("Ann", "/task repeat", "Repeats", "", "every Monday"),
        ("Ann", "/task due", "Due", "", "Mon 23 Nov 2026 09:00 (Europe/Berlin)"),
        ("Ann", "/task assign", "For", "", "Ben"),
        ("Ben", "/task edit", "Title", "Buy milk", "Buy oat milk"),
        ("Ben", "/task edit", "Priority", "medium", "high"),
        ("Ann", "/task add", "New task", "", ""),
    ]
    assert table.rows[-1].cells[0] == "2026-11-20T13:00:03+01:00"


async def test_all_times_of_an_answer_are_in_the_zone_of_its_reader_and_days_have_none(desk: Desk) -> None:
    await desk.type("/task add Buy milk due:23 nov")
    moved = await desk.type("/task due 1 2026-11-23T09:00[America/New_York]")
    assert words(moved) == "#1 Buy milk is due Mon 23 Nov 2026 15:00 (Europe/Berlin)."
    assert "Due:  Mon 23 Nov 2026 15:00 (Europe/Berlin)" in " ".join(render_text(moved).split("\n"))
    history = await desk.type("/task history 1")
    assert history.tables[0].rows[0].cells[4:] == ("Mon 23 Nov 2026", "Mon 23 Nov 2026 15:00 (Europe/Berlin)")
    assert "Fri 20 Nov 2026 13:00 (Europe/Berlin)  Ann" in render_text(history)
    assert document(history)["tables"][0]["rows"][0][0].endswith("+01:00")


async def test_a_history_has_pages(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    for number in range(11):
        await desk.type(f"/task edit 1 Buy {number}")
    first = await desk.type("/task history 1")
    second = await desk.press(button(first, "Next"))
    assert [row.cells[2] for row in second.tables[0].rows] == ["/task edit", "/task add"]
    assert (await desk.press(button(second, "Previous"))).tables == first.tables


async def test_a_reminder_is_told_of_where_nothing_else_changed(desk: Desk) -> None:
    await desk.type("/task add Buy milk due:tomorrow 9am")
    await desk.type("/task snooze 1 in 3 h")
    (snoozed, _) = (await desk.type("/task history 1")).tables[0].rows
    assert snoozed.cells[2:] == (
        "/task snooze",
        "Reminder",
        "Sat 21 Nov 2026 09:00 (Europe/Berlin)",
        "Fri 20 Nov 2026 16:00 (Europe/Berlin)",
    )


async def test_a_task_that_is_older_than_histories_has_nothing_to_tell(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    async with desk.parts.storage.workspace(1).write() as work:
        task = await work.of(TASKS).find(1)
        assert task is not None
        work.of(TASKS).add(replace(task, number=2))
        await work.commit()
    assert words(await desk.type("/task history 2")) == "Nothing has happened to that task since histories are kept."


async def test_a_comment_is_told_to_the_channel_shown_with_the_task_and_kept_in_its_history(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    said = await desk.type("/task comment 1 The shop is closed: on Mondays", by="ben")
    assert said.visibility is Visibility.CHANNEL
    assert words(said) == "Ben commented on #1 Buy milk:\nThe shop is closed: on Mondays"
    await desk.type("/task comment #1 Tuesday then")
    shown = await desk.type("/task show 1")
    assert words(shown) == (
        "Ben, Fri 20 Nov 2026 13:00 (Europe/Berlin): The shop is closed: on Mondays\n"
        "Ann, Fri 20 Nov 2026 13:00 (Europe/Berlin): Tuesday then"
    )
    assert next(field.value for field in shown.fields if field.key == "comments") == 2
    told = (await desk.type("/task history 1")).tables[0].rows
    assert [row.cells[1:] for row in told] == [
        ("Ann", "/task comment", "Comment", "", "Tuesday then"),
        ("Ben", "/task comment", "Comment", "", "The shop is closed: on Mondays"),
        ("Ann", "/task add", "New task", "", ""),
    ]


async def test_a_comment_that_was_taken_back_is_not_told_any_more(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    said = await desk.type("/task comment 1 Oops")
    undone = await desk.press(button(said, "Undo"))
    assert words(undone) == "Ann undid /task comment.\nThe comment on #1 Buy milk is gone again."
    assert words(await desk.type("/task show 1")) == ""
    told = (await desk.type("/task history 1")).tables[0].rows
    assert [row.cells[2:] for row in told[:2]] == [
        ("/qm undo", "Comment", "", "taken back"),
        ("/task comment", "Comment", "", "taken back"),
    ]


async def test_a_comment_without_words_or_with_too_many_is_refused(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    for typed in ('/task comment 1 "  "', f"/task comment 1 {'x' * 2001}"):
        refused = await desk.type(typed)
        assert refused.problem
        assert refused.problem.field == "text"


async def test_what_was_done_before_an_update_is_taken_back_after_it(desk: Desk) -> None:
    """The entry is as the version before histories wrote it."""
    await desk.type("/task add Buy milk assign:@ben due:tomorrow 9am")
    await desk.type("/task done 1")
    async with desk.parts.storage.workspace(1).write() as work:
        made = await work.undo.latest(1, desk.clock.now())
        assert made is not None
        steps: Any = made.payload["steps"]
        tasks = [{"before": step["before"], "made": step["made"]} for step in steps]
        work.undo.add(replace(made, id="0" * 26, payload={"tasks": tasks}))
        await work.commit()
    undone = await desk.type(f"/qm undo {'0' * 26}")
    assert words(undone) == "Ann undid /task done.\n#1 Buy milk is open again."


@pytest.mark.parametrize("changed", [{"kind": "task.unheard"}, {"command": "task unheard"}, {"payload": {"tasks": 1}}])
async def test_what_an_update_can_not_take_back_is_refused_kindly(desk: Desk, changed: dict[str, Any]) -> None:
    await desk.type("/task add Buy milk")
    async with desk.parts.storage.workspace(1).write() as work:
        made = await work.undo.latest(1, desk.clock.now())
        assert made is not None
        work.undo.add(replace(made, **{"id": "0" * 26, **changed}))
        await work.commit()
    refused = await desk.type(f"/qm undo {'0' * 26}")
    assert refused.problem
    assert refused.problem.code == "conflict"
    assert "before an update" in refused.problem.message
