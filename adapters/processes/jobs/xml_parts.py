"""The XML of a workbook's parts, read piece by piece and without anything that XML can be made to do."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO
from xml.parsers import expat

from adapters.processes.errors import JobRefusedError
from core.ports.workbooks import CELL_LIMIT, SheetFault

_PIECE = 64 * 1024
_LARGEST_TAG = 1024 * 1024

Attributes = Mapping[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def parsed(stream: IO[bytes], start: Start, end: End | None = None, text: Text | None = None) -> Iterator[None]:
    """Tell of the elements of a part by their names without prefixes; stops for the caller after each piece.

    A document type, which entities are declared in, is refused: no spreadsheet has one.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse

    def started(name: str, attributes: Attributes) -> None:
        start(name[name.rindex(":") + 1 :] if ":" in name else name, attributes)

    def ended(name: str) -> None:
        if end:
            end(name[name.rindex(":") + 1 :] if ":" in name else name)

    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = text
    taken = 0
    while piece := stream.read(_PIECE):
        parser.Parse(piece, False)
        taken += len(piece)
        # What a tag of a hundred megabytes begins with would be looked at again with every piece.
        if taken - parser.CurrentByteIndex > _LARGEST_TAG:
            _refuse()
        yield
    parser.Parse(b"", True)
    yield


def parse(stream: IO[bytes], start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Do the same at one go."""
    for _ in parsed(stream, start, end, text):
        pass


def _refuse(*_: object) -> None:
    raise JobRefusedError(SheetFault.UNSAFE)


class TextRuns:
    """Puts together the text of an element from its runs, leaving out how it is pronounced."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: list[str] = []
        self._length = 0
        self._is_open = False
        self._is_phonetic = False

    def clear(self) -> None:
        """Begin anew."""
        self._pieces.clear()
        self._length = 0

    def start(self, name: str) -> None:
        """Hear of an element within."""
        if name == "rPh":
            self._is_phonetic = True
        elif name == "t":
            self._is_open = not self._is_phonetic

    def end(self, name: str) -> None:
        """Hear of the end of an element within."""
        if name == "rPh":
            self._is_phonetic = False
        elif name == "t":
            self._is_open = False

    def text(self, piece: str) -> None:
        """Take text, if it is any that counts."""
        if self._is_open:
            self._length += len(piece)
            if self._length <= CELL_LIMIT:
                self._pieces.append(piece)

    @property
    def is_too_long(self) -> bool:
        """Tell whether there was more text than a cell holds; it was not kept."""
        return self._length > CELL_LIMIT

    @property
    def value(self) -> str:
        """Return the text so far."""
        return "".join(self._pieces)
