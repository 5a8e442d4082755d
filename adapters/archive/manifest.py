"""What an archive says of itself: its last member, so that an archive which has one was written to its end."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from core.ports.keeping import ArchiveError
from core.shared.value_objects import value_object

FORMAT = 1
LARGEST = 1_000_000
"""Bytes of a manifest."""
MOST_DAMAGED = 1_000
"""Stored files that may differ from what was stored; with more of them there is nothing worth keeping."""

MANIFEST, DATABASE, KEYS, FILES = "manifest.json", "quartermaster.db", "secret.key", "files"

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9_.+-]{1,64}", re.ASCII)
_KEY = re.compile(r"files/[0-9]{1,10}/[0-9A-Z]{26}", re.ASCII)


@value_object
class Part:
    """A member: its size in bytes and the SHA-256 of them in hex."""

    size: int
    sha256: str


@value_object
class Manifest:
    """What was backed up.

    `version` of the program and `revision` of the schema made it at `made_at`. `tables` has the count of rows and the
    digest of each. Sizes and digests of the files are in the database; `damaged` are those that were not, in the store,
    what the database says, by key. `missing` were not in the store at all. Written, it ends with its own digest.
    """

    version: str
    revision: str
    made_at: datetime
    database: Part
    keys: Part
    tables: Mapping[str, tuple[int, str]]
    files: int
    file_bytes: int
    missing: int
    damaged: Mapping[str, Part]

    def to_json(self) -> bytes:
        """Return the manifest as it is written."""
        content = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps({**content, "sha256": _digest(content)}, indent=1).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """Read a manifest; raises `ArchiveError` (`damaged`, `newer`)."""
        try:
            given = json.loads(content)
            if given["format"] != FORMAT:
                raise ArchiveError("newer")
            if given.pop("sha256") != _digest(given):
                raise ArchiveError("damaged")
            return cls(
                version=_matching(_WORD, given["version"]),
                revision=_matching(_WORD, given["revision"]),
                made_at=datetime.fromisoformat(given["made_at"]).astimezone(UTC),
                database=_part(given["database"]),
                keys=_part(given["keys"]),
                tables={str(name): _table(each) for name, each in given["tables"].items()},
                files=_count(given["files"]),
                file_bytes=_count(given["file_bytes"]),
                missing=_count(given["missing"]),
                damaged={_matching(_KEY, key): _part(each) for key, each in given["damaged"].items()},
            )
        except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
            raise ArchiveError("damaged") from None


def _digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its digest."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def _part(value: Any) -> Part:
    return Part(_count(value["size"]), _matching(_DIGEST, value["sha256"]))


def _table(value: Any) -> tuple[int, str]:
    rows, digest = value
    return _count(rows), _matching(_DIGEST, digest)
