"""Tasks from files: checked first, imported as asked, taken back."""

import asyncio
import csv
import io
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.commands.tasks.area import TASK_REMINDERS
from core.chat.request import Attachment
from core.dates.due import Due
from core.reminders.timer import Reminding
from core.shared.errors import ConflictError, FileTooLargeError, NotFoundError, RefusedError
from core.tasks.drafted import OVERDUE, UPCOMING
from core.tasks.model import Priority, Status, Task
from core.tasks.repository import TASKS
from core.transfer.choices import ImportMode
from core.transfer.findings import ELSEWHERE
from core.workspaces.model import Audience
from tests.support.task_files import EVERY, NOW, ZONE, Desk, in_pieces

DATA = Path(__file__).parents[2] / "data"
HEADED = "number,title,due,priority\n"


def sample(name: str) -> bytes:
    return (DATA / name).read_bytes()


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


async def titles(desk: Desk) -> list[str]:
    return [task.title for task in await desk.tasks()]


# --- the bare three columns -----------------------------------------------------------------------------------------


async def test_a_file_of_name_due_and_priority_loads_with_its_past_dates(desk: Desk) -> None:
    done = await desk.run(sample("tasks_bare.csv"))
    tasks = await desk.tasks()
    assert [(task.number, task.title, task.due, task.priority) for task in tasks] == [
        (1, "Renew the insurance", Due(date(2024, 3, 1), None, ZONE), Priority.HIGH),
        (2, "Order paper bags", Due(date(2027, 6, 15), None, ZONE), Priority.LOW),
        (3, "Return the samples", Due(date(2023, 11, 30), None, ZONE), Priority.MEDIUM),
        (4, "Invoice Miller, Smith & Co.", Due(date(2027, 1, 10), None, ZONE), Priority.HIGH),
        (5, "Clean the cellar", Due(date(2024, 2, 29), None, ZONE), Priority.LOW),
    ]
    found = done.findings
    assert [found.tallies[priority.label] for priority in Priority] == [0, 2, 1, 2]
    assert (found.tallies[OVERDUE], found.tallies[UPCOMING]) == (3, 2)
    overdue = [row.record.title for row in found.picked]
    assert overdue == ["Renew the insurance", "Return the samples", "Clean the cellar"]


async def test_only_what_is_still_ahead_reminds(desk: Desk) -> None:
    await desk.run(sample("tasks_bare.csv"))
    assert [task.remind_at is not None for task in await desk.tasks()] == [False, True, False, True, False]


async def test_the_counts_of_an_import_are_those_of_the_list(desk: Desk) -> None:
    done = await desk.run(sample("tasks_bare.csv"))
    async with desk.transactions.read() as work:
        counts = await work.of(TASKS).counts(None, desk.audience(desk.ann), now=NOW, today=NOW.date())
    assert {priority.label: count for priority, count in counts.by_priority.items()} == {
        priority.label: done.findings.tallies[priority.label] for priority in counts.by_priority
    }
    assert (counts.overdue, counts.upcoming) == (done.findings.tallies[OVERDUE], done.findings.tallies[UPCOMING])


async def test_bad_rows_are_named_by_line_column_value_and_reason(desk: Desk) -> None:
    checked = await desk.run(sample("tasks_with_mistakes.csv"), ImportMode.CHECK)
    assert [(bad.line, bad.column, bad.value, bad.reason) for bad in checked.findings.problems] == [
        (2, "due", "2027-15-06", "due_no_such_date"),
        (3, "priority", "whenever", "choice_unknown"),
        (4, "title", "", "title_empty"),
    ]
    assert (checked.findings.rows, checked.findings.good, checked.findings.bad) == (5, 2, 3)


# --- check, good, all -----------------------------------------------------------------------------------------------


async def test_a_check_changes_nothing_and_gives_the_whole_file_back_with_its_errors(desk: Desk) -> None:
    checked = await desk.run(sample("tasks_with_mistakes.csv"), ImportMode.CHECK)
    assert await desk.tasks() == []
    rows = rows_of(await desk.read(checked.returned))
    assert rows[0] == ["title", "due", "priority", "error"]
    assert [row[:3] for row in rows[1:]] == rows_of(sample("tasks_with_mistakes.csv"))
    assert [bool(row[3]) for row in rows[1:]] == [False, True, True, True, False]
    assert rows[2][3] == "due “2027-15-06”: There is no such day in the calendar."
    assert checked.undo_id == ""


async def test_a_file_without_mistakes_gives_none_back(desk: Desk) -> None:
    checked = await desk.run(sample("tasks_bare.csv"), ImportMode.CHECK)
    assert (checked.returned, checked.findings.new, checked.findings.changes) == (None, 5, 5)
    assert await desk.tasks() == []


async def test_good_rows_are_imported_and_the_others_given_back_alone(desk: Desk) -> None:
    done = await desk.run(sample("tasks_with_mistakes.csv"), ImportMode.GOOD)
    assert await titles(desk) == ["Renew the insurance", "Clean the cellar"]
    returned = rows_of(await desk.read(done.returned))
    assert [row[0] for row in returned] == ["title", "Order paper bags", "Return the samples", ""]


async def test_all_or_nothing_imports_nothing_of_a_file_with_a_bad_row(desk: Desk) -> None:
    result = await desk.run(sample("tasks_with_mistakes.csv"), ImportMode.ALL)
    assert result.mode is ImportMode.CHECK
    assert (result.findings.bad, result.undo_id) == (3, "")
    assert result.returned is not None
    assert await desk.tasks() == []
    assert await titles_after_add(desk) == ["First"]


async def titles_after_add(desk: Desk) -> list[str]:
    """The next import gets the first number: nothing of a failed one is left."""
    await desk.run("First,2027-01-01,low\n")
    return [task.title for task in await desk.tasks() if task.number == 1]


async def test_the_file_given_back_imports_once_it_is_mended(desk: Desk) -> None:
    done = await desk.run(sample("tasks_with_mistakes.csv"), ImportMode.GOOD)
    mended = (await desk.read(done.returned)).decode()
    mended = mended.replace("2027-15-06", "2027-06-15").replace("whenever", "low").replace("\r\n,", "\r\nNamed,")
    again = await desk.run(mended, ImportMode.ALL, "tasks-errors.csv")
    assert again.findings.bad == 0
    assert await titles(desk) == [
        "Renew the insurance", "Clean the cellar", "Order paper bags", "Return the samples", "Named",
    ]  # fmt: skip


async def test_a_file_that_has_an_error_column_already_gets_it_filled_anew(desk: Desk) -> None:
    checked = await desk.run("error;title;due\nold;Fine;2027-01-01\n;Bad;soon\n", ImportMode.CHECK)
    data = await desk.read(checked.returned)
    assert data.decode() == (
        "error;title;due\r\n;Fine;2027-01-01\r\ndue “soon”: That is no date. Write it as 2026-12-31.;Bad;soon\r\n"
    )
    assert checked.file.name == "tasks.csv"
    assert checked.returned
    assert checked.returned.name == "tasks-errors.csv"


async def test_a_row_with_too_many_cells_is_given_back_with_all_of_them(desk: Desk) -> None:
    checked = await desk.run("title,due\nBuy milk, eggs,2027-01-01\nshort\n", ImportMode.CHECK)
    assert checked.findings.problems[0].reason == "too_many_cells"
    rows = rows_of(await desk.read(checked.returned))
    assert [row[:2] for row in rows[1:]] == [["Buy milk", " eggs,2027-01-01"], ["short", ""]]
    assert [bool(row[2]) for row in rows[1:]] == [True, False]


async def test_a_file_for_a_spreadsheet_is_given_back_as_one_and_defused(desk: Desk) -> None:
    checked = await desk.run("title,due\n=HYPERLINK(1),soon\n'=SUM(1),\n".encode("utf-16"), ImportMode.CHECK)
    data = await desk.read(checked.returned)
    assert data.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in rows_of(data)[1:]] == ["'=HYPERLINK(1)", "'=SUM(1)"]


async def test_only_the_first_problems_are_kept_but_all_are_in_the_file(desk: Desk) -> None:
    content = "title,due\n" + "x,soonish\n" * 2500
    checked = await desk.run(content, ImportMode.CHECK)
    assert (len(checked.findings.problems), checked.findings.bad) == (10, 2500)
    rows = rows_of(await desk.read(checked.returned))
    assert len(rows) == 2501
    assert all(row[2] for row in rows[1:])


async def test_the_zone_of_the_importer_says_when_a_day_is_over(desk: Desk) -> None:
    content = "Yesterday here,2026-11-20,low\n"
    far_east = replace(desk.ann, zone="Pacific/Kiritimati")
    file = await desk.upload(content)
    here = await desk.transfer.check(desk.ann, desk.audience(desk.ann), file.id)
    there = await desk.transfer.check(far_east, desk.audience(far_east), file.id)
    assert (here.findings.tallies[OVERDUE], there.findings.tallies[OVERDUE]) == (0, 1)


# --- rows with numbers ----------------------------------------------------------------------------------------------


async def test_a_row_with_a_known_number_updates_what_it_names_and_nothing_else(desk: Desk) -> None:
    await desk.run("title,due,priority,notes\nBuy milk,2027-01-01,high,the oat one\n")
    before = (await desk.tasks())[0]
    done = await desk.run("number,title\n1,Buy bread\n")
    assert (done.findings.new, done.findings.updated) == (0, 1)
    assert (await desk.tasks())[0] == replace(before, title="Buy bread", version=2)


async def test_an_empty_cell_takes_a_due_and_notes_away_but_not_the_priority(desk: Desk) -> None:
    await desk.run("title,due,priority,notes\nBuy milk,2027-01-01,high,the oat one\n")
    await desk.run("number,due,priority,notes\n1,,,\n")
    task = (await desk.tasks())[0]
    assert (task.due, task.remind_at, task.notes, task.priority) == (None, None, "", Priority.HIGH)


async def test_the_same_file_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    await desk.run(sample("tasks_bare.csv"))
    content = "number,title,status,due\n1,Renewed,done,2024-03-01\n2,Order paper bags,pending,2027-06-15\n"
    first = await desk.run(content)
    after = await desk.tasks()
    second = await desk.run(content)
    assert (first.findings.updated, first.findings.unchanged) == (1, 1)
    assert (second.findings.updated, second.findings.unchanged, second.undo_id) == (0, 2, "")
    assert await desk.tasks() == after


async def test_completing_and_reopening_by_file_keep_the_reminder_right(desk: Desk) -> None:
    await desk.run("Later,2027-01-01,low\n")
    reminder = (await desk.tasks())[0].remind_at
    await desk.run("number,status\n1,completed\n")
    task = (await desk.tasks())[0]
    assert (task.status, task.completed_at, task.completed_by, task.remind_at) == (
        Status.COMPLETED, NOW, desk.ann.member_id, None,
    )  # fmt: skip
    await desk.run("number,status\n1,open\n")
    task = (await desk.tasks())[0]
    assert (task.status, task.completed_at, task.completed_by, task.remind_at) == (Status.PENDING, None, None, reminder)


async def test_an_unknown_number_makes_a_new_task_and_is_counted(desk: Desk) -> None:
    done = await desk.run(HEADED + "77,Buy milk,,\n78,Call Bob,,\n")
    assert (done.findings.new, done.findings.new_keys) == (2, 2)
    assert [task.number for task in await desk.tasks()] == [1, 2]


async def test_an_unknown_number_without_a_title_is_a_bad_row(desk: Desk) -> None:
    checked = await desk.run("number,status\n77,done\n", ImportMode.CHECK)
    assert [(bad.line, bad.reason) for bad in checked.findings.problems] == [(2, "key_unknown")]


async def test_the_number_of_a_task_one_may_not_see_is_as_good_as_unknown(desk: Desk) -> None:
    hidden = Task(
        1, "Secret", "", Status.PENDING, Priority.LOW, None, desk.channels["secret"].id, desk.ben.member_id, (), "", NOW
    )
    await desk.add(hidden)
    done = await desk.run(HEADED + "1,Mine,,\n")
    assert (done.findings.new, done.findings.updated) == (1, 0)
    assert await desk.tasks() == [hidden, (await desk.tasks())[1]]


async def test_a_number_twice_in_a_file_is_refused_the_second_time(desk: Desk) -> None:
    checked = await desk.run(HEADED + "5,One,,\n5,Two,,\n", ImportMode.CHECK)
    found = [(bad.line, bad.reason, bad.details["first"]) for bad in checked.findings.problems]
    assert found == [(3, "key_twice", 2)]


async def test_a_task_of_another_workspace_with_the_same_number_is_not_taken_for_ours(desk: Desk) -> None:
    await desk.run("Ours,2027-01-01,low\n")
    done = await desk.run("number,title,created\n1,Theirs,2020-02-02T02:02:02Z\n")
    assert (done.findings.new, done.findings.new_keys) == (1, 1)
    assert await titles(desk) == ["Ours", "Theirs"]


async def test_a_day_stays_in_the_zone_that_the_task_has_it_in(desk: Desk) -> None:
    await desk.run("Ours,2027-01-01,low\n")
    away = replace(desk.ann, zone="Asia/Tokyo")
    file = await desk.upload("number,title,due\n1,Ours,2027-01-01\n")
    done = await desk.apply(away, file.id, ImportMode.ALL)
    assert done.findings.unchanged == 1


# --- people and channels --------------------------------------------------------------------------------------------


async def test_new_tasks_go_to_the_channel_they_name_if_one_may_see_it(desk: Desk) -> None:
    done = await desk.run("title,channel\nHere,\nThere,#shop\nHidden,secret\nNowhere,nowhere\n")
    ids = {name: channel.id for name, channel in desk.channels.items()}
    channels = [task.channel_id for task in await desk.tasks()]
    assert channels == [ids["general"], ids["shop"], ids["general"], ids["general"]]
    assert done.findings.tallies[ELSEWHERE] == 2


async def test_people_are_found_by_name(desk: Desk) -> None:
    await desk.run('title,assignees\nx,"@ann-lee, Ben"\ny,"""Cid, Jr."""\n')
    assert [len(task.assignees) for task in await desk.tasks()] == [2, 1]


# --- JSON -----------------------------------------------------------------------------------------------------------


async def test_json_is_imported_by_the_same_rules(desk: Desk) -> None:
    content = json.dumps(
        [
            {"title": "'=1", "due": "2027-01-01", "assignees": ["@Ann Lee", "@Cid, Jr."], "colour": "red"},
            {"Name": "Done", "completed": True, "notes": None, "priority": "HIGH"},
            {"title": "Bad", "due": 20271301},
            ["no object"],
        ],
        indent=1,
    )
    done = await desk.run(content, ImportMode.GOOD, "tasks.json")
    one, two = await desk.tasks()
    assert (one.title, len(one.assignees), two.status, two.priority) == ("'=1", 2, Status.COMPLETED, Priority.HIGH)
    assert done.findings.unused == ("colour",)
    assert [(bad.line, bad.column) for bad in done.findings.problems] == [(17, "due"), (21, "title")]
    returned = json.loads(await desk.read(done.returned))
    assert returned[0]["title"] == "Bad"
    assert returned[0]["error"].startswith("due “20271301”")
    assert returned[1]["value"] == ["no object"]


async def test_a_key_that_an_object_leaves_out_stays_as_it_is(desk: Desk) -> None:
    await desk.run('[{"title": "A", "due": "2027-01-01"}, {"title": "B", "due": "2027-01-02"}]', name="x.json")
    await desk.run('[{"number": 1, "notes": "n"}, {"number": 2, "due": null}]', name="x.json")
    first, second = await desk.tasks()
    assert (first.due, first.notes, second.due) == (Due(date(2027, 1, 1), None, ZONE), "n", None)


# --- undo -----------------------------------------------------------------------------------------------------------


async def test_one_undo_takes_new_tasks_away_and_puts_changed_ones_back(desk: Desk) -> None:
    await desk.run(sample("tasks_bare.csv"))
    before = await desk.tasks()
    done = await desk.run(HEADED + "2,Renamed,,urgent\n,New,2027-01-01,low\n")
    undone = await desk.undo(done)
    after = await desk.tasks()
    assert (undone.removed, undone.restored) == (1, 1)
    assert [replace(task, version=0) for task in after] == [replace(task, version=0) for task in before]


async def test_undo_is_refused_once_a_new_task_was_changed(desk: Desk) -> None:
    done = await desk.run(sample("tasks_bare.csv"))
    await desk.run("number,title\n2,Changed since\n")
    with pytest.raises(ConflictError) as refused:
        await desk.undo(done)
    assert (refused.value.reason, refused.value.details["numbers"]) == ("import_changed_since", (2,))
    assert len(await desk.tasks()) == 5


async def test_undo_takes_back_what_was_changed_and_changed_back(desk: Desk) -> None:
    await desk.run("title,assignees\nOld,@Ben\n")
    before = await desk.tasks()
    done = await desk.run("number,title,assignees\n1,Renamed,@Ann Lee\n,New,@Ben\n,Newer,\n")
    later = await desk.run("number,title,assignees,due\n1,Other,@Ben,2027-01-01\n2,Other,@Ann Lee,2027-01-01\n")
    with pytest.raises(ConflictError):
        await desk.undo(done)
    await desk.undo(later)
    undone = await desk.undo(done)
    assert (undone.removed, undone.restored) == (2, 1)
    assert [replace(task, version=0) for task in await desk.tasks()] == [replace(task, version=0) for task in before]


async def test_undo_is_refused_while_one_of_two_changes_is_left(desk: Desk) -> None:
    done = await desk.run("title,due\nNew,2027-01-01\n")
    await desk.run("number,title,due\n1,Other,2027-02-02\n")
    await desk.run("number,title\n1,New\n")
    with pytest.raises(ConflictError):
        await desk.undo(done)
    await desk.run("number,due\n1,2027-01-01\n")
    assert (await desk.undo(done)).removed == 1


@pytest.mark.parametrize(("changed", "more"), [(10, False), (11, True)])
async def test_undo_that_is_refused_names_ten_tasks_and_says_whether_there_are_more(
    desk: Desk, changed: int, more: bool
) -> None:
    done = await desk.run("title\n" + "".join(f"Task {number}\n" for number in range(1, 13)))
    await desk.run("number,title\n" + "".join(f"{number},Changed since\n" for number in range(1, changed + 1)))
    with pytest.raises(ConflictError) as refused:
        await desk.undo(done)
    assert refused.value.details["numbers"] == tuple(range(1, 11))
    assert refused.value.details["more"] is more


async def test_undo_is_refused_once_an_updated_task_was_changed_or_removed(desk: Desk) -> None:
    await desk.run(sample("tasks_bare.csv"))
    done = await desk.run("number,title\n1,A\n2,B\n3,C\n")
    await desk.run("number,title\n3,D\n")
    async with desk.transactions.write() as work:
        task = await work.of(TASKS).find(1)
        assert task
        await work.of(TASKS).change(replace(task, removed_at=NOW, version=task.version + 1), task.version)
        await work.commit()
    before = await desk.tasks()
    with pytest.raises(ConflictError) as refused:
        await desk.undo(done)
    assert refused.value.details["numbers"] == (1, 3)
    assert await desk.tasks() == before


async def test_undo_of_thousands_of_updates_is_whole(desk: Desk) -> None:
    await desk.run("title\n" + "x\n" * 2500)
    done = await desk.run("number,title\n" + "".join(f"{number},y{number}\n" for number in range(1, 2501)))
    assert done.findings.updated == 2500
    assert (await desk.undo(done)).restored == 2500
    assert {task.title for task in await desk.tasks()} == {"x"}


async def test_an_undo_belongs_to_its_author_and_the_channel(desk: Desk) -> None:
    done = await desk.run(sample("tasks_bare.csv"))
    stranger = replace(desk.ben, channel_id=desk.channels["shop"].id)
    with pytest.raises(NotFoundError):
        await desk.undo(done, stranger)
    assert (await desk.undo(done, desk.ben)).removed == 5


async def test_an_undo_does_not_send_a_reminder_whose_time_has_come_meanwhile(desk: Desk) -> None:
    await desk.run("title,due\nSoon,2026-11-20T13:10\n")
    done = await desk.run("number,due\n1,2027-01-01\n")
    desk.clock.forward(minutes=14)
    await desk.undo(done)
    task = (await desk.tasks())[0]
    assert task.due
    assert (task.due.time is not None, task.remind_at) == (True, None)


async def test_reminders_that_went_out_meanwhile_do_not_keep_an_import_from_being_undone(desk: Desk) -> None:
    await desk.run("title,due\nBuy milk,2026-11-20T13:10\n")
    done = await desk.run("number,title,due\n1,Buy oat milk,2026-11-20T13:10\n,Water the plants,2026-11-20T13:10\n")
    assert (done.findings.updated, done.findings.new) == (1, 1)
    desk.clock.forward(minutes=14)
    reminders = Reminding(desk.storage, desk.clock, [TASK_REMINDERS])
    assert await reminders.run() == 2
    undone = await desk.undo(done)
    assert (undone.removed, undone.restored) == (1, 1)
    assert [(task.title, task.remind_at) for task in await desk.tasks()] == [("Buy milk", None)]
    assert await reminders.run() == 0


async def test_an_import_is_one_event_and_one_undo_entry(desk: Desk) -> None:
    seen: list[tuple[str, object]] = []
    desk.storage.watch(lambda committed: seen.extend((event.kind, event.payload) for event in committed.events))
    done = await desk.run(sample("tasks_bare.csv"))
    assert seen == [("task.imported", {"batch": done.undo_id, "created": 5, "updated": 0})]
    assert (await desk.undo_entry(done)).command == "task import"


# --- what can't be imported -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "tasks.csv", "file_empty"),
        (b"PK\x03\x04" + b"\0" * 100, "tasks.xlsx", "sheet_damaged"),
        (bytes(range(256)) * 10, "photo.png", "file_binary"),
        ("title\nKäse\n".encode("cp1252"), "tasks.csv", "file_encoding"),
        (b'title\n"Buy milk\nCall Bob\n', "tasks.csv", "file_unclosed_quote"),
        (b"just\nsome\nwords\n", "notes.txt", "file_no_header"),
        (b'[{"title": "x"},', "tasks.json", "file_json_broken"),
        (b"[" + b"1," * 1000 + b'{"title": "x"}]', "tasks.json", "file_json_no_objects"),
    ],
)
@pytest.mark.parametrize("mode", list(ImportMode))
async def test_what_is_no_file_of_tasks_is_refused_and_leaves_nothing(
    desk: Desk, content: bytes, name: str, reason: str, mode: ImportMode
) -> None:
    file = await desk.upload(content, name)
    with pytest.raises(RefusedError) as refused:
        await desk.apply(desk.ann, file.id, mode)
    assert refused.value.reason == reason
    assert await desk.tasks() == []


async def test_a_file_over_the_limit_is_refused_whatever_its_claimed_size(desk: Desk) -> None:
    for claimed in (None, 10, 200_000_000):
        attachment = Attachment("big.csv", "text/csv", claimed, lambda: in_pieces(b"x" * 200_000, 1000))
        with pytest.raises(FileTooLargeError):
            await desk.small_files.keep(desk.ann, attachment)


@pytest.mark.parametrize("file_id", ["missing.csv", "", "../../etc/passwd", "0" * 26])
async def test_a_missing_file_is_a_clear_answer(desk: Desk, file_id: str) -> None:
    with pytest.raises(NotFoundError) as missing:
        await desk.transfer.check(desk.ann, desk.audience(desk.ann), file_id)
    assert missing.value.details["kind"] == "file"


async def test_somebody_elses_upload_can_not_be_imported(desk: Desk) -> None:
    file = await desk.upload("Mine,2027-01-01,low\n")
    with pytest.raises(NotFoundError):
        await desk.apply(desk.ben, file.id, ImportMode.ALL)


async def test_an_empty_table_is_no_error(desk: Desk) -> None:
    checked = await desk.run("title,due\n", ImportMode.CHECK)
    assert (checked.findings.rows, checked.returned) == (0, None)


# --- size and manners -----------------------------------------------------------------------------------------------


async def test_rows_are_read_in_a_thread_and_progress_is_told(desk: Desk) -> None:
    content = "title\n" + "Buy milk and much else\n" * 5000
    file = await desk.upload(content)
    told: list[float] = []
    threads: list[int] = []

    def hear(fraction: float) -> None:
        told.append(fraction)
        threads.append(threading.get_ident())

    await desk.apply(desk.ann, file.id, ImportMode.ALL, hear)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert set(threads) == {threading.get_ident()}
    assert len([fraction for fraction in told if fraction <= 0.5]) == 5


async def test_numbers_follow_the_order_of_the_file(desk: Desk) -> None:
    await desk.run("title\n" + "".join(f"Task {number}\n" for number in range(1, 3001)))
    assert all(task.title == f"Task {task.number}" for task in await desk.tasks())


async def test_nobody_else_waits_for_more_than_a_few_imports_at_once(desk: Desk) -> None:
    files = [await desk.upload("title\n" + f"From {which}\n" * 500) for which in range(12)]
    audience = Audience(desk.ann.member_id, frozenset())
    await asyncio.gather(*(desk.transfer.check(desk.ann, audience, file.id) for file in files))
    await asyncio.gather(*(desk.apply(desk.ann, file.id, ImportMode.ALL, audience=audience) for file in files))
    tasks: Sequence[Task] = await desk.tasks(EVERY)
    assert len(tasks) == 6000
    assert len({task.number for task in tasks}) == 6000
