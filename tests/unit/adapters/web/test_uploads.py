from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.files import open_file_store
from adapters.platforms.web.uploads import UploadGoneError, Uploads, clean_name
from adapters.secrets import AesGcmSecretBox
from core.shared.errors import FileTooLargeError, NotFoundError
from tests.support.clock import HeldClock


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(
        open_file_store(None, tmp_path), AesGcmSecretBox(["a key for these tests only"]), HeldClock(), limit=1_000_000
    )


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_hands_over_what_was_uploaded(uploads: Uploads) -> None:
    token, size = await uploads.receive("tasks.csv", "text/csv", chunks(b"title\n", b"Milk\n"), "owner")
    attachment = uploads.attachment(token, "owner")

    assert (attachment.name, attachment.media_type, attachment.size, size) == ("tasks.csv", "text/csv", 11, 11)
    assert b"".join([chunk async for chunk in attachment.open()]) == b"title\nMilk\n"


async def test_nobody_else_can_name_it(uploads: Uploads) -> None:
    token, _ = await uploads.receive("tasks.csv", "text/csv", chunks(b"x"), "owner")

    with pytest.raises(UploadGoneError):
        uploads.attachment(token, "ann")
    with pytest.raises(UploadGoneError):
        uploads.attachment(token[:-2] + "xx", "owner")
    with pytest.raises(UploadGoneError):
        uploads.attachment("", "owner")


async def test_what_was_taken_is_gone(uploads: Uploads) -> None:
    token, _ = await uploads.receive("tasks.csv", "text/csv", chunks(b"x"), "owner")
    attachment = uploads.attachment(token, "owner")
    await uploads.discard([token])

    with pytest.raises(NotFoundError):
        [chunk async for chunk in attachment.open()]


async def test_refuses_what_is_too_large(uploads: Uploads) -> None:
    part = b"x" * (1024 * 1024)

    with pytest.raises(FileTooLargeError):
        await uploads.receive("big.bin", "", chunks(*[part] * (uploads.limit // len(part) + 1)), "owner")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("tasks.csv", "tasks.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\tasks.csv", "tasks.csv"),
        ("ta\nsks\x00.csv", "tasks.csv"),
        ("\u202etxt.exe", "txt.exe"),
        ("  ", ""),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_names_of_files_are_plain(given: str, shown: str) -> None:
    assert clean_name(given) == shown
