"""The archive that a workbook is: its parts, and what is refused before any of them is unpacked."""

import zipfile
from pathlib import Path
from typing import IO, Self

from adapters.processes.errors import JobRefusedError
from core.ports.workbooks import SheetFault

UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes of all parts together that are read; 200,000 rows of eleven columns take about half of that."""

RATIO_LIMIT = 250
"""How many times its packed size a part may have. Sheets of one row again and again come to 100; bombs to 1,000."""

_HARMLESS = 1024 * 1024
_OLD_START = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_FLAG = 1


class Package:
    """The parts of an archive by name, whatever the case of their letters."""

    def __init__(self, path: Path) -> None:
        """Open the archive; raises `JobRefusedError` for what is none."""
        with path.open("rb") as file:
            if file.read(len(_OLD_START)) == _OLD_START:
                raise JobRefusedError(SheetFault.LOCKED if _ENCRYPTED in file.read() else SheetFault.OLD)
        self._archive = zipfile.ZipFile(path)
        self._parts = {_plain(info.filename): info for info in self._archive.infolist()}
        self._unpacked = 0

    def __enter__(self) -> Self:
        """Use the archive."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the archive."""
        self._archive.close()

    def __contains__(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return _plain(name) in self._parts

    def open(self, name: str) -> IO[bytes]:
        """Open a part, which never gives more bytes than the archive says that it has."""
        info = self._parts.get(_plain(name))
        if info is None:
            raise JobRefusedError(SheetFault.DAMAGED)
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise JobRefusedError(SheetFault.LOCKED)
        is_bomb = info.file_size > _HARMLESS and info.file_size > RATIO_LIMIT * info.compress_size
        if is_bomb or info.compress_type not in _METHODS:
            raise JobRefusedError(SheetFault.UNSAFE)
        self._unpacked += info.file_size
        if self._unpacked > UNPACKED_LIMIT:
            raise JobRefusedError(SheetFault.TOO_LARGE)
        return self._archive.open(info)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
