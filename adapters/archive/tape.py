"""The members of an archive, one after the other: a tar file that any program unpacks, read as if it were hostile.

Only the header's block of each member is ever taken at its word, and only its name and size: no links, no long names,
no attributes, nothing that has to be kept in memory, and nothing that is larger than the file itself.
"""

import io
import os
import re
import tarfile
from collections.abc import Iterator
from typing import IO

from core.ports.keeping import ArchiveError
from core.shared.value_objects import value_object

BLOCK = 512
PIECE = 256 * 1024

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,40}(/[A-Za-z0-9][A-Za-z0-9._-]{0,40}){0,3}", re.ASCII)


@value_object
class Member:
    """A member: its name, where its bytes begin, how many there are."""

    name: str
    start: int
    size: int


class TapeWriter:
    """Writes members to a file."""

    def __init__(self, file: IO[bytes], at: int) -> None:
        """Write to a file; `at` is the time that the members get, in seconds since 1970."""
        self._file = file
        self._at = at

    def add(self, name: str, source: IO[bytes], size: int) -> None:
        """Write a member of `size` bytes, which `source` must have."""
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, self._at
        self._file.write(info.tobuf(tarfile.GNU_FORMAT))
        left = size
        while left:
            piece = source.read(min(PIECE, left))
            if not piece:
                raise ArchiveError("cut_off")
            self._file.write(piece)
            left -= len(piece)
        self._file.write(bytes(-size % BLOCK))

    def add_bytes(self, name: str, content: bytes) -> None:
        """Write a small member."""
        self.add(name, io.BytesIO(content), len(content))

    def end(self) -> None:
        """Write the end and see to it that all of it is on the disk."""
        self._file.write(bytes(2 * BLOCK))
        self._file.flush()
        os.fsync(self._file.fileno())


def members(file: IO[bytes]) -> Iterator[Member]:
    """Yield the members of a file; raises `ArchiveError` where it is no archive, or ends before its end."""
    place, whole = 0, file.seek(0, os.SEEK_END)
    while True:
        file.seek(place)
        header = file.read(BLOCK)
        if len(header) < BLOCK:
            raise ArchiveError("cut_off" if place else "no_backup")
        if not any(header):
            return
        member = _member(header, place)
        place = member.start + member.size + -member.size % BLOCK
        if place > whole:
            raise ArchiveError("cut_off")
        yield member


def _member(header: bytes, place: int) -> Member:
    broken = ArchiveError("damaged" if place else "no_backup")
    try:
        info = tarfile.TarInfo.frombuf(header, "ascii", "strict")
    except (tarfile.TarError, ValueError):
        raise broken from None
    if info.type != tarfile.REGTYPE or info.size < 0 or not _NAME.fullmatch(info.name):
        raise broken
    return Member(info.name, place + BLOCK, info.size)


def pieces(file: IO[bytes], member: Member) -> Iterator[bytes]:
    """Yield the bytes of a member; raises `ArchiveError` where the file ends before."""
    place, end = member.start, member.start + member.size
    while place < end:
        # Somebody else may have read elsewhere in the file meanwhile.
        file.seek(place)
        piece = file.read(min(PIECE, end - place))
        if not piece:
            raise ArchiveError("cut_off")
        place += len(piece)
        yield piece
