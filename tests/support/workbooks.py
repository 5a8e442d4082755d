"""Workbooks built part by part, as spreadsheet programs write them and as nobody should."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from xml.sax.saxutils import escape

from adapters.files import OfficeWorkbooks
from adapters.processes.pool import PoolLimits, open_processes
from adapters.processes.scratch import Scratch

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGES = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"

DATE, MOMENT, CLOCK, SPAN, OWN_DATE, OWN_MOMENT, EASTERN, PERCENT, MONEY, EURO = range(1, 11)
"""Styles of the cells."""

STYLES = f"""{HEAD}<styleSheet xmlns="{MAIN}">
<numFmts count="3"><numFmt numFmtId="170" formatCode="[$-407]d\\.\\ mmmm\\ yyyy;@"/>
<numFmt numFmtId="171" formatCode="DD.MM.YYYY\\ HH:MM"/>
<numFmt numFmtId="172" formatCode="#,##0.00\\ [$€-407]"/></numFmts>
<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>
<cellXfs count="11"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="46"/>
<xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="31"/>
<xf numFmtId="10"/><xf numFmtId="44"/><xf numFmtId="172"/></cellXfs></styleSheet>"""


def text(place: str, words: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>'


def number(place: str, digits: str, style: int = 0) -> str:
    """A cell with a number."""
    return f'<c r="{place}" s="{style}"><v>{digits}</v></c>'


def row(place: int, *cells: str, more: str = "") -> str:
    """A row of cells."""
    return f'<row r="{place}" {more}>{"".join(cells)}</row>'


def texts(place: int, *words: str) -> str:
    """A row of texts from column A on."""
    return row(place, *(text(f"{chr(65 + index)}{place}", word) for index, word in enumerate(words)))


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    """The XML of a sheet."""
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def shared(strings: Iterable[str]) -> str:
    """The XML of shared texts; what begins with `<` is taken as it is."""
    items = (one if one.startswith("<") else f"<t>{escape(one)}</t>" for one in strings)
    return f'{HEAD}<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def workbook(
    *sheets: str,
    names: tuple[str, ...] = ("Sheet1",),
    states: tuple[str, ...] = (),
    strings: Iterable[str] = (),
    properties: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A whole workbook, with some parts replaced or added."""
    states = states or ("visible",) * len(names)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{index}" state="{state}" r:id="rId{index}"/>'
        for index, (name, state) in enumerate(zip(names, states, strict=True), 1)
    )
    links = "".join(
        f'<Relationship Id="rId{index}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{index}.xml"/>'
        for index in range(1, len(names) + 1)
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGES}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGES}">{links}'
            f'<Relationship Id="rId98" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            f'<Relationship Id="rId99" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/sharedStrings.xml": shared(strings),
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{index}.xml": one for index, one in enumerate(sheets, 1)},
        **(parts or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tasks(*rows: tuple[str, ...]) -> bytes:
    """A workbook of texts."""
    return workbook(sheet(*(texts(place, *words) for place, words in enumerate(rows, 1))))


def old_file(stream: str = "Workbook") -> bytes:
    """The beginning of a file of an old office program, or of an encrypted one."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 600


@asynccontextmanager
async def open_workbooks(data_dir: Path, limits: PoolLimits | None = None) -> AsyncIterator[OfficeWorkbooks]:
    """Workbooks with processes of their own, which end with the block."""
    async with open_processes(data_dir, limits) as processes:
        yield OfficeWorkbooks(processes, Scratch(data_dir / "scratch"))
