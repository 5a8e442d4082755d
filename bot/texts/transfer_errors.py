"""What people read when a file, or the undo of an import, is refused: what can be refused is known from the start."""

from collections.abc import Mapping

from bot.texts import errors
from bot.texts.common import listed, sentence_case, with_article

_SAVE_AS = "In a spreadsheet: Save as, “CSV UTF-8”."
_SAVE_AS_WORKBOOK = "In your spreadsheet program: Save as, “Excel workbook (.xlsx)”."
_SAVE_AGAIN = "Open it in your spreadsheet program and save it again, or save it as “CSV UTF-8”."
_SPLIT = "Split it into smaller ones, or save it as “CSV UTF-8”."


def _no_rows(name: str) -> tuple[str, str]:
    """Say of a file that is neither text nor a workbook what it should be, by what it is called."""
    if name.casefold().endswith((".xlsx", ".xlsm", ".xls")):
        called = f"“{errors.shown(name)}” is called like an Excel workbook, but is none"
        return f"{called}: it is damaged, or something else.", _SAVE_AGAIN
    return "That file is not text, so there are no rows in it to read.", f"Send CSV. {_SAVE_AS}"


_REFUSALS: Mapping[str, errors.Wording] = {
    "file_empty": lambda w: ("That file is empty.", f"Put a row in it such as `{w['row']}`."),
    "file_binary": lambda w: _no_rows(str(w.get("file_name", ""))),
    "file_workbook": lambda _w: ("That is a spreadsheet's own format, which I can't read here.", _SAVE_AS),
    "sheet_locked": lambda _w: (
        "That spreadsheet is protected by a password.",
        "Save it without one and send it again.",
    ),
    "sheet_old": lambda _w: ("That is a file of an old office program.", _SAVE_AS_WORKBOOK),
    "sheet_other": lambda _w: ("That is a packed file, but no Excel workbook (.xlsx).", _SAVE_AS_WORKBOOK),
    "sheet_damaged": lambda _w: ("That spreadsheet is damaged.", _SAVE_AGAIN),
    "sheet_unsafe": lambda _w: (
        "That spreadsheet is built as no program builds one, so I don't unpack it.",
        _SAVE_AGAIN,
    ),
    "sheet_too_large": lambda _w: ("That spreadsheet holds more than I can unpack.", _SPLIT),
    "sheet_slow": lambda _w: ("That spreadsheet takes too long to read.", _SPLIT),
    "sheet_not_written": lambda w: ("That is too much for one spreadsheet.", f"Take fewer {w['many']}, or take CSV."),
    "sheet_empty": lambda w: (
        f"There is nothing on the sheet “{errors.shown(w['name'])}”."
        if w["name"]
        else "There is no sheet in that file.",
        f"Put the {w['many']} on the first sheet, or on one called “{w['title']}”.",
    ),
    "sheet_cell_too_long": lambda w: (
        f"Row {w['line']:,} of that spreadsheet has a cell of more than {w['limit']:,} characters.",
        "Shorten it.",
    ),
    "file_encoding": lambda w: (f"Line {w['line']:,} of that file has letters that are not UTF-8.", _SAVE_AS),
    "file_no_header": lambda w: (
        f"I don't know the columns of that file; it begins with “{errors.shown(w['found'])}”.",
        f"The first line names them, such as `{w['header']}`.",
    ),
    "file_unclosed_quote": lambda w: (
        f"A quote is opened in the row on line {w['line']:,} and never closed.",
        'Close it, or write `""` for a quote within a cell.',
    ),
    "file_cell_too_long": lambda w: (
        f"The row on line {w['line']:,} has a cell of more than {w['limit']:,} characters.",
        "Look for a quote that is opened there and never closed.",
    ),
    "file_line_too_long": lambda w: (
        f"Line {w['line']:,} of that file is longer than {w['limit']:,} characters.",
        f"Put each {w['noun']} on a line of its own.",
    ),
    "file_too_many_columns": lambda w: (
        f"The row on line {w['line']:,} has more than {w['limit']:,} cells.",
        f"Leave out the columns that are no part of {with_article(str(w['noun']))}.",
    ),
    "file_too_many_rows": lambda w: (f"That file has more than {w['limit']:,} rows.", "Split it into smaller ones."),
    "file_json_broken": lambda w: (
        f"That file stops being JSON at the value on line {w['line']:,}.",
        _objects(w),
    ),
    "file_json_no_objects": lambda w: (
        f"There is no object among the first {w['limit']:,} values of that file, so it holds no {w['many']}.",
        _objects(w),
    ),
    "import_goes_on": lambda w: (
        f"The import of {errors.shown(w['name'])} has begun, but the database is away just now.",
        "It goes on by itself and you get a message. Don't import the file again.",
    ),
    "import_elsewhere": lambda w: (
        f"The import of {errors.shown(w['name'])} was taken over by another process of Quartermaster.",
        "It goes on there and you get a message. Don't import the file again.",
    ),
    "undo_goes_on": lambda w: (
        f"The import of {errors.shown(w['name'])} is being undone, but the database is away just now.",
        "It goes on by itself and you get a message.",
    ),
    "import_broke_off": lambda w: _broke_off(w),
    "import_cancelled": lambda w: _cancelled(w),
    "undo_broke_off": lambda w: (
        f"Something went wrong on my side while the import of {errors.shown(w['name'])} was undone: "
        f"{w['removed']:,} removed and {w['restored']:,} restored, the rest is as it was.",
        f"`/qm undo {w['undo']}` goes on with it.",
    ),
    "import_changed_since": lambda w: (
        f"{_numbers(w)} changed after the import, so nothing was undone.",
        f"Remove with `/{w['area']} remove` what is not wanted.",
    ),
}
REASONS = errors.Reasons(refusals=_REFUSALS)
"""Why a file, or the undo of an import, is refused."""


def _broke_off(words: errors.Words) -> tuple[str, str]:
    """Say at which row an import ended, and what was done by then."""
    where = f"line {words['line']:,}" if words["line"] else "all"
    said = f"Something went wrong on my side: I could not take in {where} of {errors.shown(words['name'])}"
    done = _done(words)
    if not done:
        return f"{said}; nothing was changed.", ""
    return f"{said}. {done}", f"`/qm undo {words['undo']}` takes them back."


def _cancelled(words: errors.Words) -> tuple[str, str]:
    """Say what an import had done when it was cancelled, and how to bring its file in after all."""
    said, done = f"The import of {errors.shown(words['name'])} was cancelled", _done(words)
    again = f"To bring the file in after all: `/{words['area']} import file:{words['file']}`."
    if not done:
        return f"{said}; nothing was changed.", again
    return f"{said}. {done}", f"`/qm undo {words['undo']}` takes them back. {again}"


def _done(words: errors.Words) -> str:
    done = [f"{words[kind]:,} {how}" for kind, how in (("created", "new"), ("updated", "changed")) if words[kind]]
    return f"{listed(done)} were taken in before that, and nothing else." if done else ""


def _objects(words: errors.Words) -> str:
    return f"It should be a list of objects such as `{words['object']}`, as `/{words['area']} export json` writes it."


def _numbers(words: errors.Words) -> str:
    numbers = words["numbers"]
    names = [f"#{number}" for number in numbers] if isinstance(numbers, tuple) else []
    names += ["others"] if words.get("more") else []
    one, many = sentence_case(str(words["noun"])), sentence_case(str(words["many"]))
    return f"{many} {listed(names)} were" if len(names) > 1 else f"{one} {listed(names)} was"
