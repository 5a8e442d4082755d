"""Keeping files and opening them for those who may read them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.chat.request import Attachment
from core.shared.errors import FileTooLargeError, NotFoundError, RefusedError
from core.workspaces.model import Audience
from tests.support.task_files import NOW, Desk, in_pieces, open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, files_url=f"file://{tmp_path / 'files'}") as opened:
        yield opened


def attached(data: bytes, name: str = "notes.txt", size: int | None = None) -> Attachment:
    return Attachment(name, "", size, lambda: in_pieces(data, 1000))


def stored(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


async def test_a_file_is_kept_and_read_back(desk: Desk) -> None:
    file = await desk.files.keep(desk.ann, attached(b"hello" * 1000))
    assert (file.name, file.media_type, file.size, file.created_at) == ("notes.txt", "text/plain", 5000, NOW)
    assert await desk.read(file) == b"hello" * 1000
    assert await desk.files.find(file.id, desk.audience(desk.ann)) == file


async def test_a_file_that_grows_beyond_the_limit_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(FileTooLargeError):
        await desk.small_files.keep(desk.ann, attached(b"x" * 100_001))
    assert stored(tmp_path) == []
    assert (await desk.small_files.keep(desk.ann, attached(b"x" * 100_000))).size == 100_000


async def test_a_file_said_to_be_too_large_is_not_even_opened(desk: Desk) -> None:
    def never() -> AsyncIterator[bytes]:
        raise AssertionError

    with pytest.raises(FileTooLargeError):
        await desk.small_files.keep(desk.ann, Attachment("big.csv", "", 200_000_000, never))


async def test_what_stops_an_upload_is_raised_as_it_is_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    class ConnectionLostError(OSError):
        pass

    async def broken() -> AsyncIterator[bytes]:
        yield b"some"
        raise ConnectionLostError

    with pytest.raises(ConnectionLostError):
        await desk.files.keep(desk.ann, Attachment("x.txt", "", None, broken))
    assert stored(tmp_path) == []


async def test_everybody_in_the_workspace_reads_files_of_a_public_channel(desk: Desk) -> None:
    file = await desk.files.keep(desk.ann, attached(b"x"))
    elsewhere = Audience(desk.ben.member_id, frozenset())
    assert await desk.files.find(file.id, elsewhere) == file


async def test_a_file_of_a_private_channel_is_for_its_members_and_its_author(desk: Desk) -> None:
    secret = desk.channels["secret"].id
    file = await desk.files.keep(replace(desk.ann, channel_id=secret), attached(b"x"))
    member = desk.ben.member_id
    assert await desk.files.find(file.id, Audience(member, frozenset({secret}))) == file
    assert await desk.files.find(file.id, Audience(desk.ann.member_id, frozenset())) == file
    assert await desk.files.find(file.id, Audience(member, frozenset(), everything=True)) == file
    with pytest.raises(NotFoundError):
        await desk.files.find(file.id, Audience(member, frozenset()))


async def test_a_file_for_one_member_is_for_nobody_else_in_the_channel(desk: Desk) -> None:
    file = await desk.files.keep(desk.ann, attached(b"x"), only=desk.ben.member_id)
    assert await desk.files.find(file.id, desk.audience(desk.ben)) == file
    with pytest.raises(NotFoundError):
        await desk.files.open(file.id, Audience(3, frozenset({desk.ann.channel_id})))


async def test_another_workspace_does_not_have_the_file(desk: Desk) -> None:
    file = await desk.files.keep(desk.ann, attached(b"x"))
    other = await desk.storage.system.create_workspace("other", zone="UTC", currency="EUR", locale="en", at=NOW)
    away = replace(desk, transactions=desk.storage.workspace(other.id))
    with pytest.raises(NotFoundError):
        await away.files.open(file.id, Audience(desk.ann.member_id, frozenset(), everything=True))


async def test_a_file_that_was_dropped_is_gone(desk: Desk, tmp_path: Path) -> None:
    made = await desk.files.write(desk.ann, "x.txt", in_pieces(b"x"))
    assert len(stored(tmp_path)) == 1
    await desk.files.discard(desk.ann, made)
    assert stored(tmp_path) == []


async def test_a_check_without_mistakes_and_an_import_leave_only_the_upload(desk: Desk, tmp_path: Path) -> None:
    await desk.run("Buy milk,2027-01-01,low\n")
    assert len(stored(tmp_path)) == 1


async def test_a_file_that_can_not_be_imported_leaves_only_the_upload(desk: Desk, tmp_path: Path) -> None:
    file = await desk.upload(b'title\nfine\n"open\n')
    with pytest.raises(RefusedError):
        await desk.transfer.check(desk.ann, desk.audience(desk.ann), file.id)
    assert len(stored(tmp_path)) == 1
