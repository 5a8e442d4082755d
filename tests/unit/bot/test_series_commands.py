"""Tasks that repeat, as people type and press them, through the whole application."""

import pytest

from tests.unit.bot.test_task_commands import Desk, button, desk, row_button, titles, words

__all__ = ["desk"]


def field(reply: object, key: str) -> object:
    return next(found.value for found in reply.fields if found.key == key)  # type: ignore[attr-defined]


async def columns(desk: Desk, line: str) -> list[str]:
    return [column.key for column in (await desk.type(line)).tables[0].columns]


ADDED = "Ann added #1 Water plants, due "


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("repeat:weekly", "today, Fri 20 Nov 2026, ↻ repeats every Friday."),
        ("due:tomorrow 9am repeat:daily", "tomorrow, Sat 21 Nov 2026 09:00 (Europe/Berlin), ↻ repeats daily."),
        ("repeat:every mon and thu", "Mon 23 Nov 2026, ↻ repeats every Monday and Thursday."),
        (
            'repeat:"every 2 weeks on fri until 31 dec"',
            "today, Fri 20 Nov 2026, ↻ repeats every 2 weeks on Friday until 31 Dec 2026.",
        ),
        (
            "repeat:monthly on the 31st due:2026-12-31",
            "Thu 31 Dec 2026, ↻ repeats monthly on the 31st.\nIn shorter months it is due on the last day.",
        ),
        (
            "due:end of month repeat:monthly",
            "Mon 30 Nov 2026, ↻ repeats monthly on the last day.",
        ),
        (
            "repeat:every 2 months due:5pm on the last day of february",
            "Sun 28 Feb 2027 17:00 (Europe/Berlin), ↻ repeats every 2 months on the last day.",
        ),
        (
            "due:30 nov repeat:monthly",
            "Mon 30 Nov 2026, ↻ repeats monthly on the 30th.\nIn shorter months it is due on the last day.",
        ),
        (
            "due:end of month repeat:monthly on the 15th",
            "Mon 30 Nov 2026, ↻ repeats monthly on the 15th.",
        ),
        (
            "repeat:first monday of the month assign:@me",
            "Mon 7 Dec 2026, ↻ repeats monthly on the first Monday, for Ann.",
        ),
    ],
)
async def test_adding_echoes_how_a_task_repeats(desk: Desk, line: str, said: str) -> None:
    reply = await desk.type(f"/task add Water plants {line}")
    assert words(reply) == ADDED + said


async def test_the_words_of_the_title_may_come_behind(desk: Desk) -> None:
    reply = await desk.type("/task add repeat:every 2 weeks on fri Water plants")
    assert words(reply).startswith("Ann added #1 Water plants, due today, Fri 20 Nov 2026")
    assert field(reply, "repeat") == "every 2 weeks on Friday"


async def test_done_names_the_next_and_one_undo_takes_both_back(desk: Desk) -> None:
    await desk.type("/task add Water plants due:tomorrow 9am repeat:weekly")
    done = await desk.type("/task done 1")
    assert words(done) == ("Ann completed #1 Water plants.\nNext: #2, due Sat 28 Nov 2026 09:00 (Europe/Berlin).")
    assert (field(done, "next"), field(done, "next_due")) == (2, "2026-11-28T09:00:00+01:00")
    undone = await desk.press(button(done, "Undo"))
    assert (
        words(undone) == "Ann undid /task done.\n#1 Water plants is open again.\n#2 Water plants is taken away again."
    )
    assert titles(await desk.type("/task list")) == ["Water plants"]


async def test_the_next_counts_from_the_day_on_which_one_was_done(desk: Desk) -> None:
    await desk.type("/task add Clean the filter due:today 9am repeat:every 2 weeks after completion")
    desk.clock.forward(days=3)
    done = await desk.type("/task done 1")
    assert field(done, "next_due") == "2026-12-07T09:00:00+01:00"
    assert field(await desk.type("/task show 2"), "repeat") == "every 2 weeks after completion"
    skipped = await desk.type("/task skip 2")
    assert field(skipped, "due") == "2026-12-21T09:00:00+01:00"
    assert words(await desk.press(button(skipped, "Undo"))).endswith("is due as before.")


async def test_what_comes_for_some_days_ends_after_as_many_times(desk: Desk) -> None:
    await desk.type("/task add Water plants repeat:daily for 3 days")
    answers = [words(await desk.type(f"/task done {number}")) for number in (1, 2, 3)]
    assert ["was the last of its series" in answer for answer in answers] == [False, False, True]
    assert titles(await desk.type("/task list")) == []


async def test_several_done_at_once_name_what_follows_each(desk: Desk) -> None:
    for line in ("Water plants repeat:daily", "Buy milk", 'Pay rent repeat:"monthly, 1 time"'):
        await desk.type(f"/task add {line}")
    assert words(await desk.type("/task done 1 2 3")) == (
        "Ann completed 3 tasks.\nNext after #1: #4, due tomorrow, Sat 21 Nov 2026.\n#3 was the last of its series."
    )


async def test_opening_a_done_one_again_says_that_its_series_went_on(desk: Desk) -> None:
    await desk.type("/task add Water plants repeat:daily")
    await desk.type("/task done 1")
    assert words(await desk.type("/task reopen 1")) == (
        "Ann reopened #1 Water plants.\n"
        "It does not repeat any more: what comes next in its series is a task of its own."
    )
    assert words(await desk.type("/task done 1")) == "Ann completed #1 Water plants."


async def test_skipping_says_when_it_is_due_next_and_is_undone(desk: Desk) -> None:
    await desk.type("/task add Water plants due:fri 9am repeat:weekly")
    skipped = await desk.type("/task skip 1")
    assert words(skipped) == "Ann skipped #1 Water plants: next due Fri 4 Dec 2026 09:00 (Europe/Berlin)."
    back = await desk.press(button(skipped, "Undo"))
    assert words(back) == "Ann undid /task skip.\n#1 Water plants is due as before."
    await desk.type("/task add Buy milk repeat:daily")
    assert words(await desk.type("/task skip 1 2")) == "Ann skipped one time of 2 tasks."


async def test_repeating_is_set_changed_and_stopped(desk: Desk) -> None:
    await desk.type("/task add Water plants due:fri")
    assert words(await desk.type("/task repeat 1 weekly")) == (
        "#1 Water plants repeats every Friday, due Fri 27 Nov 2026."
    )
    assert "repeats every Friday already" in words(await desk.type("/task repeat 1 every fri"))
    changed = await desk.type("/task repeat #1 every mon, wed and fri")
    assert words(changed).startswith("#1 Water plants repeats every Monday, Wednesday and Friday, due Fri 27")
    for line, command in (("/task repeat 1 none", "/task repeat"), ("/task stop 1", "/task stop")):
        stopped = await desk.type(line)
        assert words(stopped) == "#1 Water plants does not repeat any more."
        back = words(await desk.press(button(stopped, "Undo")))
        assert back.startswith(f"Ann undid {command}.")
        assert "is as before" not in back
    await desk.type("/task stop 1")
    assert "does not repeat anyway" in words(await desk.type("/task repeat 1 none"))
    await desk.type("/task add Buy milk")
    assert words(await desk.type("/task repeat 1 2 daily")) == "Ann let 2 tasks repeat."
    assert words(await desk.type("/task stop 1 2")) == "Ann stopped 2 tasks from repeating."


async def test_moving_the_due_says_that_only_this_one_moves(desk: Desk) -> None:
    await desk.type("/task add Water plants due:fri repeat:weekly")
    assert words(await desk.type("/task due 1 tomorrow")) == (
        "#1 Water plants is due tomorrow, Sat 21 Nov 2026.\nOnly this time moves; it still repeats every Friday."
    )
    assert "Next: #2, due Fri 4 Dec 2026" in words(await desk.type("/task done 1"))


async def test_snoozing_leaves_the_series_alone(desk: Desk) -> None:
    await desk.type("/task add Water plants due:today repeat:daily")
    await desk.type("/task snooze 1 next monday")
    assert "Next: #2, due tomorrow, Sat 21 Nov 2026" in words(await desk.type("/task done 1"))


async def test_removing_says_that_the_series_ends(desk: Desk) -> None:
    await desk.type("/task add Water plants repeat:daily")
    assert words(await desk.type("/task remove 1")) == (
        "Ann removed #1 Water plants.\nThat ends the series. To leave out one time only, undo it and type /task skip 1."
    )


async def test_lists_say_how_tasks_repeat_only_where_some_do(desk: Desk) -> None:
    await desk.type("/task add Buy milk")
    assert "repeat" not in await columns(desk, "/task list")
    await desk.type("/task add Water plants repeat:weekly")
    listed = (await desk.type("/task list")).tables[0]
    assert listed.columns[-1].label == "Repeats"
    assert [row.cells[-1] for row in listed.rows] == ["every Friday", None]
    await desk.type("/task done 2")
    assert "repeat" not in await columns(desk, "/task list done")


async def test_a_card_says_how_it_repeats_and_skips_by_button(desk: Desk) -> None:
    await desk.type("/task add Water plants due:fri repeat:weekly")
    card = await desk.type("/task show 1")
    assert (field(card, "repeat"), field(card, "next_due")) == ("every Friday", "2026-12-04")
    pressed = await desk.press(button(card, "Skip"))
    assert pressed.original
    assert field(pressed.original, "due") == "2026-12-04"


async def test_buttons_of_lists_complete_what_repeats(desk: Desk) -> None:
    await desk.type("/task add Water plants due:fri repeat:weekly")
    pressed = await desk.press(row_button(await desk.type("/task list"), "Done"))
    assert pressed.original
    assert [row.cells[0] for row in pressed.original.tables[0].rows] == [2]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("repeat 1 blub", "I can't read “blub” as how a task repeats.", "`every mon and thu`"),
        (
            "repeat 1 every friday please",
            "I can read “every friday”, but not “please” behind it.",
            "`every mon and thu`",
        ),
        ("repeat 1 every friday at 25:00", "There is no 25:00 on the clock.", "`daily at 14:30`"),
        (
            "repeat 1 29th and 31st",
            "“29th and 31st”: shorter months don't have all of those",
            "`monthly on the 15th",
        ),
        ("repeat 1 every 2nd tuesday", "more than one way", "every other tuesday` or `every 2nd tuesday of the month"),
        ("repeat 1 every 5th monday", "most months have only four", "last monday of the month"),
        ("repeat 1 hourly", "days, weeks and months", "daily"),
        ("repeat 1 daily until 2026-11-01", "ends on Sun 1 Nov 2026, before the task is first due on", "later end"),
        ("repeat 1", "is missing", "weekly"),
        ("add Buy milk repeat:sometimes", "“sometimes”", "daily"),
        ("skip 1", "does not repeat", "/task repeat 1 weekly"),
        ("repeat 99 daily", "There is no task #99.", "/task list"),
    ],
)
async def test_what_can_not_be_is_said_with_what_would_do(desk: Desk, line: str, message: str, hint: str) -> None:
    await desk.type("/task add Buy milk")
    refused = (await desk.type(f"/task {line}")).problem
    assert refused
    assert message in refused.message
    assert hint in refused.hint


async def test_help_tells_of_repeating(desk: Desk) -> None:
    reply = await desk.type("/qm help task repeat")
    assert "first monday of the month" in words(reply)


async def test_undo_after_the_next_was_changed_says_what_changed(desk: Desk) -> None:
    await desk.type("/task add Water plants repeat:daily")
    done = await desk.type("/task done 1")
    await desk.type("/task skip 2", by="ben")
    refused = (await desk.press(button(done, "Undo"))).problem
    assert refused
    assert "#2 “Water plants” has been changed since (when it is due and how it repeats)" in refused.message
