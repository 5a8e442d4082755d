"""Folders and files that only their owner may read."""

import os
import secrets
import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600

_ABANDONED_AFTER = timedelta(days=1)


def make_private_folder(folder: Path) -> None:
    """Make a folder and its missing parents so that only the owner may enter; one that is there stays as it is.

    Raises `OSError`.
    """
    missing: list[Path] = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def settle(staged: Path, final: Path) -> None:
    """Move a finished file to its place: private, on disk before its name is, whole or not at all."""
    staged.chmod(FILE_MODE)
    _sync(staged)
    make_private_folder(final.parent)
    staged.replace(final)
    _sync(final.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create_once(path: Path, content: bytes) -> bool:
    """Write a private file unless one is there, and tell whether this call made it; nobody ever sees half of it.

    Of several processes that try at once exactly one makes it. Raises `OSError`.
    """
    staged = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, fails when the name is taken.
        os.link(staged, path)
    except FileExistsError:
        return False
    finally:
        staged.unlink(missing_ok=True)
    _sync(path.parent)
    return True


def remove_abandoned(folder: Path) -> None:
    """Remove what processes that died left in a folder of theirs more than a day ago."""
    # The age of a file is told by the machine's clock, as its time stamp is.
    before = time.time() - _ABANDONED_AFTER.total_seconds()
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime >= before:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
