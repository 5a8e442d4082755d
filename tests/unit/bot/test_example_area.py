"""What an area gets for declaring what it is: help, forms, completion, pages, words, Undo and history.

Tried on an area that the product does not have, so that areas of the product test their own rules only.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.chat.reply import Reply
from core.chat.request import Attachment, ChannelKind, ChannelRef, Platform
from core.chat.text import plain
from core.files.service import file_key
from tests.support.notes import NOTE_AREA
from tests.unit.bot.stage import BACK, GENERAL, Stage, button, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, further=NOTE_AREA) as made:
        yield made


def said(reply: Reply) -> str:
    assert reply.problem is None, reply.problem
    return plain(reply.text)


def refused(reply: Reply) -> tuple[str, str]:
    assert reply.problem is not None
    return reply.problem.message, reply.problem.hint


def rows(reply: Reply) -> list[object]:
    return [row.cells[1] for table in reply.tables for row in table.rows]


async def test_its_commands_are_explained(stage: Stage) -> None:
    general = await stage.type("/qm help")
    assert ("/note", "Notes of this channel") in [row.cells[:2] for row in general.tables[0].rows]
    assert "/note edit note [title] [pinned:…]" in plain((await stage.type("/qm help note edit")).text)


async def test_what_is_missing_is_asked_for_in_a_form_that_names_the_record(stage: Stage) -> None:
    await stage.type("/note add Buy milk")
    bare = await stage.type("/note edit")
    assert bare.form
    assert [field.name for field in bare.form.fields] == ["note", "title", "pinned"]
    asked = stage.product.application.plan(replace(stage.request("/note edit 1"), ask=True))
    assert asked.form
    assert asked.form.title == "Note: edit 1"
    assert asked.form.fixed == {"note": "1"}


async def test_it_is_completed_by_number_and_title_only_where_it_may_be_seen(stage: Stage) -> None:
    await stage.type("/note add Buy milk")
    await stage.type("/note add Milk is out", channel=BACK)

    async def labels(typed: str, by: str, channel: ChannelRef = GENERAL) -> list[str]:
        line = f"/note show {typed}"
        found = await stage.product.application.complete(stage.request(by=by, channel=channel), line, len(line))
        return [one.label for one in found]

    assert await labels("mil", "owner") == ["#2", "#1"]
    assert await labels("#2", "owner") == ["#2"]
    assert await labels("mil", "ann") == ["#1"]
    assert await labels("mil", "ann", BACK) == ["#2", "#1"]


async def test_who_names_none_or_one_that_is_not_there_is_told_in_its_words(stage: Stage) -> None:
    assert refused(await stage.type("/note show milk")) == (
        "A note goes by its number, not “milk”.",
        "`/note list` shows the numbers, such as `12`.",
    )
    assert refused(await stage.type("/note show 7")) == (
        "There is no note #7.",
        "`/note list` shows those of this channel.",
    )


async def test_what_is_of_a_private_channel_is_for_those_in_it_and_for_an_override(stage: Stage) -> None:
    await stage.type("/note add The safe", by="owner", channel=BACK)
    assert refused(await stage.type("/note show 1", by="ann"))[0] == "There is no note #1."
    assert rows(await stage.type("/note list channel:all", by="ann")) == []
    assert rows(await stage.type("/note list channel:all override:yes")) == ["The safe"]
    async with stage.parts.storage.workspace(1).read() as work:
        assert [entry.override for entry in await work.audit.latest(1)] == [True]


async def test_pages_lead_to_each_other(stage: Stage) -> None:
    for number in range(12):
        await stage.type(f"/note add Note {number}")
    first = await stage.type("/note list")
    assert said(first) == "1–10 of 12 notes."
    second = await stage.press(button(first, "Next"))
    assert rows(second) == ["Note 1", "Note 0"]
    assert said(second) == "11–12 of 12 notes."
    assert rows(await stage.press(button(second, "Previous"))) == rows(first)
    assert refused(await stage.type("/note list page:nowhere"))[0] == "That page is gone."


async def test_undo_takes_back_what_was_added_changed_and_removed(stage: Stage) -> None:
    added = await stage.type("/note add Buy milk")
    changed = await stage.type("/note edit 1 Buy oats pinned:yes")
    removed = await stage.type("/note remove 1")
    assert refused(await stage.type("/note show 1"))[0] == "There is no note #1."
    assert said(await stage.press(button(removed, "Undo"))) == "Owner undid /note remove. #1 Buy oats is as before."
    assert said(await stage.press(button(changed, "Undo"))) == "Owner undid /note edit. #1 Buy milk is as before."
    assert said(await stage.press(button(added, "Undo"))).endswith("#1 Buy milk is taken away again.")
    assert rows(await stage.type("/note list")) == []


async def test_undo_never_overwrites_what_somebody_changed_since(stage: Stage) -> None:
    added = await stage.type("/note add Buy milk")
    await stage.type("/note edit 1 Buy oats", by="ann")
    assert refused(await stage.press(button(added, "Undo"))) == (
        "#1 “Buy milk” has been changed since (its title), so nothing was undone.",
        "`/note show 1` shows it as it is now.",
    )


async def test_what_changes_nothing_is_told_to_whoever_asked_alone(stage: Stage) -> None:
    await stage.type("/note add Buy milk")
    unchanged = await stage.type("/note edit 1 Buy milk")
    assert said(unchanged) == "#1 Buy milk is that way already.\nNothing was changed."
    assert not unchanged.actions


async def test_what_is_said_about_it_is_found_in_its_history_and_can_be_taken_back(stage: Stage) -> None:
    await stage.type("/note add Buy milk")
    comment = await stage.type("/note comment 1 The oat one", by="ann")
    assert said(comment) == "Ann commented on #1 Buy milk:\nThe oat one"
    told = await stage.type("/note history 1")
    assert told.tables[0].rows[0].cells[1:] == ("Ann", "/note comment", "Comment", "", "The oat one")
    assert "is gone again" in said(await stage.press(button(comment, "Undo"), by="ann"))
    assert "The oat one" not in str((await stage.type("/note history 1")).tables)


async def test_its_history_tells_who_changed_what_and_that_it_was_taken_back(stage: Stage) -> None:
    await stage.type("/note add Buy milk")
    changed = await stage.type("/note edit 1 Buy oats", by="ann")
    await stage.press(button(changed, "Undo"), by="ann")
    told = [row.cells[1:] for row in (await stage.type("/note history 1")).tables[0].rows]
    assert told == [
        ("Ann", "/qm undo", "Title", "Buy oats", "Buy milk"),
        ("Ann", "/note edit", "Title", "Buy milk", "Buy oats"),
        ("Owner", "/note add", "New note", "", ""),
    ]


# ---------------------------------------------------------------- by themselves


async def test_its_people_are_reminded_once(stage: Stage) -> None:
    await stage.type("/note add Buy milk remind:in 2h")
    await stage.type("/note add Sweep remind:in 3h", by="ann")
    await stage.type("/note add Buy oats remind:in 4h")
    stage.clock.moment += timedelta(hours=3)
    while await stage.product.jobs.reminders.step():
        pass
    posts = await stage.parts.storage.outbox.claim(stage.clock.now(), 10)
    assert [plain(each.post.reply.text) for each in posts] == [
        "Owner, remember #1 Buy milk.",
        "Ann, remember #2 Sweep.",
    ]


async def test_its_board_follows_what_happens_beside_that_of_another_area(stage: Stage) -> None:
    shop: dict[str, Any] = {"platform": Platform.SLACK, "channel": ChannelRef("C1", "shop", ChannelKind.PUBLIC)}
    (loop,) = [loop for loop in stage.product.jobs.others if loop.name == "boards"]

    async def turn() -> None:
        stage.clock.moment += timedelta(seconds=3)
        while await loop.step():
            pass

    put_up = await stage.type("/note board", **shop)
    assert said(put_up) == "A board of the notes in #shop comes up here. It keeps itself up to date."
    assert [action.label for action in put_up.actions] == ["Take it down"]
    # One after the other: boards that come up in the same turn do so in any order.
    await turn()
    await stage.type("/task board", **shop)
    await turn()
    assert [(reply.title, plain(reply.text)[:9]) for _, reply, _ in stage.chat.posts] == [
        ("Notes in #shop", "No notes."),
        ("Tasks in #shop", "Nothing t"),
    ]
    await stage.type("/note add Buy milk", **shop)
    await turn()
    assert [(reply.title, plain(reply.text)) for _, reply in stage.chat.edits] == [("Notes in #shop", "#1 Buy milk")]
    assert said(await stage.type("/note unboard", **shop)) == "The board of #shop goes. Its notes stay."
    await turn()
    assert stage.chat.removed == ["m1"]
    assert refused(await stage.type("/note unboard", **shop))[1] == "`/note board` puts one up."


# ---------------------------------------------------------------- files


async def handed_in(stage: Stage, line: str, name: str, content: bytes) -> Reply:
    async def bytes_of() -> AsyncIterator[bytes]:
        yield content

    request = replace(stage.request(line), attachments=(Attachment(name, "text/csv", None, bytes_of),))
    return await stage.product.application.handle(request)


async def test_a_file_is_no_larger_than_the_settings_let_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QM_UPLOAD_MB", "1")
    async with staged(tmp_path, further=NOTE_AREA) as stage:
        reply = await handed_in(stage, "/note import", "notes.csv", b"title\n" + b"x" * 1_000_000)
        assert refused(reply)[0] == "That file is larger than 1.0 MB."
        said(await handed_in(stage, "/note import", "notes.csv", b"title\nBread\n"))


async def content_of(stage: Stage, reply: Reply) -> bytes:
    (link,) = reply.files
    return b"".join([piece async for piece in stage.parts.files.read(file_key(1, link.id))])


async def test_a_file_is_checked_mended_and_imported_and_taken_back_as_one(stage: Stage) -> None:
    await stage.type("/note add Buy milk")
    rows_ = b"number,title,pinned\n1,Buy oats,yes\n,Bread,no\n,,perhaps\n"
    checked = await handed_in(stage, "/note import", "notes.csv", rows_)
    assert rows(await stage.type("/note list")) == ["Buy milk"]
    assert b"Write yes or no." in await content_of(stage, checked)
    imported = await stage.press(next(action for action in checked.actions if action.label.startswith("Import")))
    assert rows(await stage.type("/note list")) == ["Bread", "Buy oats"]
    undone = said(await stage.press(button(imported, "Undo")))
    assert undone == "Import undone: 1 imported note removed and 1 changed note put back as before."
    assert rows(await stage.type("/note list")) == ["Buy milk"]


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
async def test_what_is_exported_is_imported_again_unchanged(stage: Stage, kind: str) -> None:
    await stage.type("/note add Buy milk, two litres pinned:yes")
    await stage.type("/note add The safe", channel=BACK)
    exported = await stage.type(f"/note export {kind}")
    again = await handed_in(stage, "/note import mode:all", f"notes.{kind}", await content_of(stage, exported))
    assert again.problem is None
    assert not [action for action in again.actions if action.label == "Undo"]
    assert rows(await stage.type("/note list channel:all")) == ["The safe", "Buy milk, two litres"]


async def test_an_export_holds_only_what_may_be_seen(stage: Stage) -> None:
    await stage.type("/note add The safe", channel=BACK)
    await stage.type("/note add Buy milk")
    theirs = await content_of(stage, await stage.type("/note export", by="ann"))
    assert b"Buy milk" in theirs
    assert b"The safe" not in theirs
