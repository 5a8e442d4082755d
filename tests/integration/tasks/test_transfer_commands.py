"""`/task import` and `/task export` as people use them: a file dropped, buttons pressed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.chat.reply import Reply
from core.chat.request import Attachment
from core.chat.text import plain
from tests.support.task_files import in_pieces
from tests.unit.bot.stage import Stage, button, staged

GOOD = "Buy milk,2027-01-01,high\nCall Bob,2024-01-01,low\n"
MIXED = GOOD + "Never,2027-02-30,low\n"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


async def drop(stage: Stage, content: str | bytes, line: str = "/task import", name: str = "tasks.csv") -> Reply:
    """Type a line with a file attached to it."""
    data = content.encode() if isinstance(content, str) else content
    attachment = Attachment(name, "", len(data), lambda: in_pieces(data))
    request = replace(stage.request(line), attachments=(attachment,))
    return await stage.product.application.handle(request)


async def titles(stage: Stage) -> list[object]:
    reply = await stage.type("/task list")
    return [row.cells[1] for table in reply.tables for row in table.rows]


async def test_a_dropped_file_is_checked_imported_and_undone_by_buttons(stage: Stage) -> None:
    checked = await drop(stage, MIXED)
    assert await titles(stage) == []
    done = await stage.press(button(checked, "Import valid rows"))
    assert plain(done.text).startswith("Owner imported tasks.csv.")
    assert await titles(stage) == ["Call Bob", "Buy milk"]
    undone = await stage.press(button(done, "Undo"))
    assert plain(undone.text) == "Import undone: 2 imported tasks removed."
    assert await titles(stage) == []


async def test_a_button_pressed_twice_imports_once(stage: Stage) -> None:
    checked = await drop(stage, GOOD)
    first = await stage.press(button(checked, "Import 2 rows"))
    second = await stage.press(button(checked, "Import 2 rows"))
    assert plain(second.text) == plain(first.text)
    assert len(await titles(stage)) == 2


async def test_the_buttons_of_an_import_are_for_who_asked(stage: Stage) -> None:
    checked = await drop(stage, GOOD)
    refused = await stage.press(button(checked, "Import 2 rows"), by="ben")
    assert refused.problem is not None
    assert await titles(stage) == []


async def test_cancel_imports_nothing(stage: Stage) -> None:
    checked = await drop(stage, GOOD)
    assert plain((await stage.press(button(checked, "Cancel"))).text) == "Nothing was imported."
    assert await titles(stage) == []


async def test_good_rows_may_be_imported_at_once(stage: Stage) -> None:
    done = await drop(stage, MIXED, "/task import mode:good")
    assert (done.ok, len(done.files)) == (True, 1)
    assert len(await titles(stage)) == 2


async def test_all_at_once_with_a_bad_row_changes_nothing_and_shows_it(stage: Stage) -> None:
    refused = await drop(stage, MIXED, "/task import mode:all")
    assert refused.problem is not None
    assert refused.problem.message == "Nothing was imported, because 1 row can't be."
    assert await titles(stage) == []
    done = await stage.press(button(refused, "Import valid rows"))
    assert done.ok
    assert len(await titles(stage)) == 2


async def test_all_by_button_is_checked_again(stage: Stage) -> None:
    checked = await drop(stage, "title,assignees\nBuy milk,Ben\n")
    assert checked.problem is not None
    assert checked.problem.message == "Nothing was imported, because no row can be."
    await stage.type("/task list", by="ben")
    ready = await drop(stage, "title,assignees\nBuy milk,Ben\n")
    await stage.type("/task list", by="ben2", user=replace(stage.request(by="ben2").user, name="Ben"))
    refused = await stage.press(button(ready, "Import 1 row"))
    assert refused.problem is not None
    assert [row.cells[1:4] for row in refused.tables[0].rows] == [
        ("assignees", "Ben", "Several people are called “Ben”: @ben#2, @ben#3.")
    ]
    assert await titles(stage) == []


async def test_a_mended_file_of_the_rows_left_out_is_imported(stage: Stage) -> None:
    done = await drop(stage, MIXED, "/task import mode:good")
    found = await stage.type(f"/task import file:{done.files[0].id}")
    assert found.problem is not None
    assert found.tables[0].rows[0].cells[2] == "2027-02-30"


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "tasks.csv", "That file is empty."),
        (b"\x89PNG\r\n\x1a\n\0", "photo.png", "That file is not text, so there are no rows in it to read."),
        ("title\nKäse\n".encode("cp1252"), "tasks.csv", "Line 2 of that file has letters that are not UTF-8."),
        (b'title\n"open\n', "tasks.csv", "A quote is opened in the row on line 2 and never closed."),
    ],
)
@pytest.mark.parametrize("mode", ["check", "good", "all"])
async def test_a_wrong_file_is_one_clear_sentence_and_leaves_no_bytes(
    stage: Stage, tmp_path: Path, content: bytes, name: str, message: str, mode: str
) -> None:
    reply = await drop(stage, content, f"/task import mode:{mode}", name)
    assert reply.problem is not None
    assert reply.problem.message == message
    assert reply.problem.hint
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


async def test_a_missing_file_is_a_clear_answer(stage: Stage) -> None:
    reply = await stage.type("/task import file:missing.csv")
    assert reply.problem is not None
    assert reply.problem.code == "not_found"


async def test_an_export_is_offered_as_a_file_for_the_asker(stage: Stage) -> None:
    await drop(stage, GOOD, "/task import mode:all")
    reply = await stage.type("/task export json priority:high")
    assert [(file.name, file.media_type) for file in reply.files] == [("tasks-2026-11-20.json", "application/json")]
    assert plain(reply.text) == "1 task of all channels that you see."
    again = await stage.type(f"/task import file:{reply.files[0].id}")
    assert plain(again.text).splitlines()[1] == "1 row: 1 unchanged."
    assert (await stage.type(f"/task import file:{reply.files[0].id}", by="ben")).problem is not None


async def test_guests_neither_import_nor_export(stage: Stage) -> None:
    await stage.type("/task list", by="gus")
    await stage.type("/user role @gus guest")
    for line in ("/task import file:x", "/task export"):
        reply = await stage.type(line, by="gus")
        assert reply.problem is not None
        assert reply.problem.code == "forbidden"
