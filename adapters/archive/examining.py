"""Looking through a backup before anything of it is used: whatever it is, it was handed in."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from adapters.archive.manifest import DATABASE, FILES, KEYS, LARGEST, MANIFEST, Manifest, Part
from adapters.archive.stored_files import known_files
from adapters.archive.tape import Member, members, pieces
from adapters.archive.usable import as_archive_error, make_usable
from adapters.archive.writing import address_of
from adapters.storage.copying import Side, TableSum, tables
from adapters.storage.copying.sides import FROM, opened
from adapters.storage.migrations import REVISIONS
from core.ports.keeping import ArchiveError, CopyError
from core.shared.value_objects import value_object

LARGEST_KEYS = 16 * 1024
_SHORTEST_KEY = 32


@value_object
class Examined:
    """A backup that holds what it says, its database taken out and brought to the newest schema."""

    manifest: Manifest
    keys: Sequence[str]
    database: Path

    @property
    def url(self) -> str:
        """Return the address of its database."""
        return address_of(self.database)


async def examine(file: IO[bytes], scratch: Path) -> Examined:
    """Compare everything with its digest; raises `ArchiveError`. What is taken out lies in `scratch` afterwards."""
    database, keys, manifest = _survey(file)
    taken_out = scratch / DATABASE
    _take_out(file, database, taken_out, manifest.database)
    held = _read(file, keys, LARGEST_KEYS)
    if Part(len(held), hashlib.sha256(held).hexdigest()) != manifest.keys:
        raise ArchiveError("damaged")
    await make_usable(taken_out, scratch / "fresh.db", manifest.revision)
    found = Examined(manifest, _keys(held), taken_out)
    try:
        async with opened(FROM, found.url) as side:
            await _compare_rows(side, manifest)
            await _compare_files(file, side, manifest)
    except CopyError as error:
        raise as_archive_error(error.__cause__) from error
    return found


def _survey(file: IO[bytes]) -> tuple[Member, Member, Manifest]:
    """Find the database, the keys and the manifest, and see that nothing else than stored files lies between."""
    listed = members(file)
    database, keys = next(listed, None), next(listed, None)
    if database is None or keys is None or (database.name, keys.name) != (DATABASE, KEYS):
        raise ArchiveError("no_backup")
    for member in listed:
        if member.name == MANIFEST:
            if next(listed, None) is not None:
                raise ArchiveError("damaged")
            return database, keys, Manifest.from_json(_read(file, member, LARGEST))
        if not member.name.startswith(f"{FILES}/"):
            raise ArchiveError("no_backup")
    raise ArchiveError("cut_off")


def _read(file: IO[bytes], member: Member, limit: int) -> bytes:
    if member.size > limit:
        raise ArchiveError("damaged")
    return b"".join(pieces(file, member))


def _keys(held: bytes) -> Sequence[str]:
    try:
        keys = [line for line in held.decode().splitlines() if line]
    except UnicodeDecodeError:
        raise ArchiveError("damaged") from None
    if not keys or min(map(len, keys)) < _SHORTEST_KEY:
        raise ArchiveError("damaged")
    return keys


def _take_out(file: IO[bytes], member: Member, target: Path, wanted: Part) -> None:
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for piece in pieces(file, member):
            digest.update(piece)
            out.write(piece)
    if Part(member.size, digest.hexdigest()) != wanted:
        raise ArchiveError("damaged")


async def _compare_rows(side: Side, manifest: Manifest) -> None:
    """Read every row; of a schema that is still the same the digests are too."""
    sums: dict[str, tuple[int, str]] = {}
    for table in tables():
        found = TableSum()
        async for rows in side.rows(table):
            try:
                found.add(rows)
            except TypeError:
                raise ArchiveError("damaged") from None
        sums[table.name] = (found.rows, found.digest)
    if manifest.revision == REVISIONS[-1] and sums != manifest.tables:
        raise ArchiveError("damaged")


async def _compare_files(file: IO[bytes], side: Side, manifest: Manifest) -> None:
    """Go through the stored files of the archive and of the database side by side: both have the same order."""
    inside = file_members(file)
    member, missing, count = next(inside, None), 0, 0
    async for known in known_files(side):
        if member is None or member.name != known.key:
            missing += 1
            continue
        digest = hashlib.sha256()
        for piece in pieces(file, member):
            digest.update(piece)
        wanted = manifest.damaged.get(known.key, Part(known.size, known.sha256))
        if Part(member.size, digest.hexdigest()) != wanted:
            raise ArchiveError("damaged")
        member, count = next(inside, None), count + 1
    if member is not None or (count, missing) != (manifest.files, manifest.missing):
        raise ArchiveError("damaged")


def file_members(file: IO[bytes]) -> Iterator[Member]:
    """Return the stored files of an archive."""
    return (member for member in members(file) if member.name.startswith(f"{FILES}/"))
