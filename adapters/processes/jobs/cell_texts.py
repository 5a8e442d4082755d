"""Characters that XML can't hold, as the format of workbooks writes them: `_x000D_` (ECMA-376, part 1, 22.9.2.19)."""

import re
from xml.sax.saxutils import escape

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x")
_LONE = re.compile("[\ud800-\udfff]")


def escaped(text: str) -> str:
    """Return a text as it is written; `unescaped` gives the same text back."""
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", _LONE.sub("\ufffd", text))


def as_xml(text: str) -> str:
    """Return a text as it stands in a part."""
    return escape(escaped(text)) if _SPECIAL.search(text) else text


def unescaped(text: str) -> str:
    """Return the text that was written so."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Halves of a character belong together; one alone is none.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _LONE.search(plain) else plain
