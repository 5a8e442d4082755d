"""What people read when records come from a file or go into one, whatever they are records of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Generic

from bot.texts import errors
from bot.texts.common import counted_in_full, listed, sentence_case, undo_action, with_article
from bot.texts.view import View
from core.chat.actor import Actor
from core.chat.reply import Action, Cell, Column, Field, FileLink, Placement, Problem, Reply, Row, Style, Table
from core.chat.text import Code, Text, lines, text
from core.dates.recurrence_errors import RecurrenceReason
from core.files.model import StoredFile
from core.shared.names import Names
from core.shared.value_objects import value_object
from core.transfer.choices import ExportFormat, ImportMode
from core.transfer.findings import ELSEWHERE, Findings, ShownRow, Sort
from core.transfer.results import Exported, Imported, ImportUndone
from core.transfer.sheet import R, RowProblem

_WRITE_AMOUNT = "Write it as 1234.56."
_NO_DATE = "That is no date. Write it as 2026-12-31."
_REPEATS = "daily, every weekday, every mon and thu, every 2 weeks on fri or monthly on the 15th"
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

Reason = Callable[[RowProblem], str]


def too_long(subject: str, problem: RowProblem) -> str:
    """Say that a text has more characters than fit; `subject` is what has them, such as `title has`."""
    return f"The {subject} {problem.details['length']:,} characters; at most {problem.details['limit']:,} fit."


@value_object
class TransferWords(Generic[R]):
    """How an area speaks of its files.

    `reasons` say what is wrong with a cell, by reason, besides those that every area has. `columns` are what is shown
    of a record that a row is about, and `cells` returns it; `counts` are the tallies that are told, `facts` more of
    what is told by name, `remarks` more sentences; `picked` is what the picked rows are called, as a title and one by
    one. A button that imports says `also` what else was asked; `offers` are other ways to go on with a file, by its id.
    """

    called: Names
    reasons: Mapping[str, Reason]
    columns: Sequence[Column]
    cells: Callable[[R, View], Sequence[Cell]]
    counts: Sequence[str] = ()
    picked: tuple[str, str] = ("", "")
    lossy: str = ""
    facts: Callable[[Findings[R]], Sequence[Field]] = lambda _found: ()
    remarks: Callable[[Findings[R]], Sequence[str]] = lambda _found: ()
    also: str = ""
    offers: Callable[[Findings[R], str], Sequence[Action]] = lambda _found, _file: ()

    def reason(self, problem: RowProblem) -> str:
        """Say in a sentence or two what is wrong with a cell and what would do."""
        if known := self.reasons.get(problem.reason):
            return known(problem)
        return _REASONS.get(problem.reason, _of_earlier)(self.called.one, problem)

    def error(self, problem: RowProblem) -> str:
        """Say the same for the `error` column of a file, with the column and the value it is about."""
        place = problem.column or "row"
        value = f" “{problem.value}”" if problem.value else ""
        return f"{place}{value}: {self.reason(problem)}"


_REASONS: Mapping[str, Callable[[str, RowProblem], str]] = {
    "missing": lambda noun, p: f"{sentence_case(with_article(noun))} needs {with_article(str(p.details['column']))}.",
    "other_kind": lambda noun, _p: f"This row is no {noun}. Leave it out.",
    "key_twice": lambda _n, p: f"This {p.details['key']} stands on line {p.details['first']} already.",
    "taken": lambda noun, p: (
        f"{sentence_case(noun)} #{p.details['number']} has this {p.details['column']} already, and only one can."
    ),
    "key_unknown": lambda noun, p: (
        f"You see no {noun} of this {p.details['key']}, and a new one needs {with_article(str(p.details['column']))}."
    ),
    "changed_since": lambda noun, _p: (
        f"Somebody else changed this {noun} meanwhile. Look at it, then import the row again."
    ),
    "gone_since": lambda noun, _p: f"This {noun} was removed meanwhile, or is not for you any more.",
    "too_many_cells": lambda _n, p: (
        f"There are {p.details['count']} cells for {p.details['expected']} columns. A text with a "
        f"{_DELIMITERS.get(str(p.details['delimiter']), p.details['delimiter'])} in it goes in quotes."
    ),
    "number_bad": lambda noun, _p: (
        f"{sentence_case(with_article(noun))} number is a whole number such as 12. Leave it empty for a new {noun}."
    ),
    "line_break": lambda _n, p: (
        f"{sentence_case(with_article(str(p.details['column'])))} is one line. "
        "Is a quote left open here or in a row above?"
    ),
    "choice_unknown": lambda _n, p: f"The {p.details['name']} is {_either(str(p.details['choices']))}.",
    "flag_unknown": lambda _n, _p: "Write yes or no.",
    "reached_unknown": lambda _n, _p: "Write yes, no or a date such as 2026-12-31.",
    "too_many_people": lambda noun, p: f"At most {p.details['limit']} people fit on {with_article(noun)}.",
    **dict.fromkeys(
        (f"repeat_{reason.value}" for reason in RecurrenceReason),
        lambda _n, _p: f"Write it as {_REPEATS}.",
    ),
    "amount_bad": lambda _n, _p: f"That is no number. {_WRITE_AMOUNT}",
    "amount_ambiguous": lambda _n, _p: (
        f"The comma may stand before decimal places or between thousands. {_WRITE_AMOUNT}"
    ),
    "amount_currency": lambda _n, p: f"Amounts here are in {p.details['currency']}. Leave the sign out.",
    "amount_places": lambda _n, p: f"At most {p.details['places']} decimal places are kept.",
    "amount_too_large": lambda _n, p: f"Amounts and quantities are below {p.details['limit']:,}.",
    "quantity_bad": lambda _n, p: f"Write a whole number from 0 to {p.details['limit']:,}.",
    "price_low": lambda noun, _p: f"A price is more than 0. Leave it empty for {with_article(noun)} that has none yet.",
    "price_high": lambda _n, p: f"A price is below {p.details['limit']:,}.",
    "price_places": lambda _n, p: f"{p.details['currency']} has {p.details['places']} decimal places.",
    "link_bad": lambda _n, _p: "A link begins with https:// or http:// and has at most 500 characters.",
    "nobody_by_that_name": lambda _n, p: f"Nobody here is called “{p.details['name']}”.",
    "several_people": lambda _n, p: f"Several people are called “{p.details['name']}”: {p.details['choices']}.",
    "due_empty": lambda _n, _p: "Write the date as 2026-12-31.",
    "due_too_long": lambda _n, _p: _NO_DATE,
    "due_not_understood": lambda _n, _p: _NO_DATE,
    "due_ambiguous": lambda _n, _p: (
        "This can be read in more than one way. Write it as 2026-12-31 or 2026-12-31 15:30."
    ),
    "due_no_such_date": lambda _n, _p: "There is no such day in the calendar.",
    "due_no_such_time": lambda _n, _p: "There is no such time on the clock.",
    "due_no_such_zone": lambda _n, _p: "There is no such time zone.",
    "due_too_far": lambda _n, _p: "The year has to be between 1900 and 2199.",
    "due_in_the_past": lambda _n, _p: "This is in the past.",
    "cell_error": lambda _n, _p: "The spreadsheet shows an error here. Put what is meant in its place.",
    "cell_uncalculated": lambda _n, _p: (
        "The file does not say what this formula comes to. Save it once in your spreadsheet program and send it again."
    ),
    "cell_percentage": lambda _n, p: f"This is a percentage. Put what belongs under “{p.column}” in its place.",
    "cell_money": lambda _n, p: f"This is an amount of money. Put what belongs under “{p.column}” in its place.",
    "digits_lost": lambda _n, _p: (
        "A spreadsheet keeps 15 digits of a number and changes the others. Make the cell a text and type it again."
    ),
}
"""What is wrong with a cell or a row, whatever the file is of, by reason."""


def _either(choices: str) -> str:
    """Return `a, b, c` as `a, b or c`."""
    return " or ".join(choices.rsplit(", ", 1))


def _of_earlier(_noun: str, _problem: RowProblem) -> str:
    """Word what an earlier version has kept of an import that this one goes on with."""
    return "This can't be used. Import the row again to be told why."


# --- importing ---------------------------------------------------------------


def checked(words: TransferWords[R], result: Imported[R], view: View, *, asked_for_all: bool = False) -> Reply:
    """Show what an import would do, with the buttons that do it."""
    found = result.findings
    problem = None
    if not found.good:
        problem = _useless(words, found)
    elif asked_for_all:
        rows = counted_in_full(found.bad, "row")
        hint = "Import the valid rows alone, or mend the file and import it."
        problem = Problem("refused", f"Nothing was imported, because {rows} can't be.", hint, "file")
    said = [
        None if problem else "Nothing is imported yet.",
        _counts(found, "would be new", "would change", "can't be imported"),
        *_remarks(words, found),
        text("Every row is in the file below, with what is wrong in its ", Code("error"), " column.")
        if result.returned
        else None,
    ]
    return Reply(
        problem=problem,
        title=f"Check of {result.file.name}",
        text=lines(*said),
        fields=_fields(words, found),
        tables=_tables(words, found, view),
        files=_files(result),
        actions=_actions(words, result, view.actor),
    )


def imported(words: TransferWords[R], result: Imported[R], view: View) -> Reply:
    """Say what was imported, with Undo."""
    found = result.findings
    problem, said = None, f"{view.actor.name} imported {result.file.name}."
    if not found.changes:
        said = "Nothing was imported: every valid row is here already." if found.good else ""
    if not found.good:
        problem = _useless(words, found)
    rest = "The file below has the rows that were left out: mend them and import it." if result.returned else None
    return Reply(
        problem=problem,
        title=f"Import of {result.file.name}",
        text=lines(said, _counts(found, "new", "changed", "left out"), *_remarks(words, found), rest),
        fields=_fields(words, found),
        tables=_tables(words, found, view),
        files=_files(result),
        actions=(*((undo_action(result.undo_id),) if result.undo_id else ()), *_offered(words, result, view.actor)),
    )


def _useless(words: TransferWords[R], found: Findings[R]) -> Problem:
    why, hint = "no row can be", "Mend the file and send it again."
    if not found.rows:
        why = "there is no row in it"
        hint = f"Put the {words.called.many} below the headings, a row each, and send it again."
    return Problem("refused", f"Nothing was imported, because {why}.", hint, "file")


def cancelled() -> Reply:
    """Say that an import was given up."""
    return Reply(text=("Nothing was imported.",))


def undone(called: Names, result: ImportUndone) -> Reply:
    """Say what the undo of an import did."""
    parts = []
    if result.removed or not result.restored:
        parts.append(f"{_so_many(result.removed, 'imported', called)} removed")
    if result.restored:
        parts.append(f"{_so_many(result.restored, 'changed', called)} put back as before")
    return Reply(text=(f"Import undone: {listed(parts)}.",))


def _so_many(count: int, which: str, called: Names) -> str:
    return counted_in_full(count, f"{which} {called.one}", f"{which} {called.many}")


def _counts(found: Findings[R], new: str, changed: str, bad: str) -> str:
    parts = [(found.new, new), (found.updated, changed), (found.unchanged, "unchanged"), (found.bad, bad)]
    said = listed([f"{count:,} {words}" for count, words in parts if count])
    return f"{counted_in_full(found.rows, 'row')}: {said}." if said else ""


def _remarks(words: TransferWords[R], found: Findings[R]) -> list[str]:
    remarks = []
    if found.new_keys:
        rows = counted_in_full(found.new_keys, "row")
        remarks.append(f"{rows} with a number that is not known here: as new {words.called.many} they get new numbers.")
    if found.tallies[ELSEWHERE]:
        rows = counted_in_full(found.tallies[ELSEWHERE], "row")
        remarks.append(
            f"{rows} of a channel that you don't see here: as new {words.called.many} they come to this one."
        )
    if found.following:
        records = counted_in_full(found.following, words.called.one, words.called.many)
        remarks.append(f"{records} more: the next ones of those that repeat and are completed here.")
    remarks += words.remarks(found)
    if found.late:
        rows = counted_in_full(found.late, "row")
        remarks.append(f"{rows} could not be used any more: somebody else was there meanwhile.")
    if found.hidden:
        rows = counted_in_full(found.hidden, "row")
        remarks.append(f"{rows} that the spreadsheet hides: they are read like the others.")
    if found.merged:
        remarks.append("Some cells are merged: only the first row of each has what stands there.")
    remarks += [_read_from(*one) for one in found.twice[:_MOST_TWICE]]
    if found.unused:
        names = listed([errors.shown(name) for name in found.unused[:10]])
        remarks.append(f"Columns that mean nothing to me: {names.rstrip('.')}.")
    return remarks


_MOST_TWICE = 5
"""Columns of which it is said that they are there twice."""


def _read_from(column: str, used: str, left_out: str) -> str:
    """Say which of two headings for the same a column is read from, and how to have it otherwise."""
    used, left_out = errors.shown(used), errors.shown(left_out)
    if used == left_out:
        return f"Two columns are called “{used}”: the first one is read. If the other one is meant, rename the first."
    meant = column.replace("-", " ")
    return f"“{used}” and “{left_out}” both mean the {meant}: “{used}” is read. If that is wrong, rename it."


def _fields(words: TransferWords[R], found: Findings[R]) -> tuple[Field, ...]:
    counts = {
        "rows": ("Rows", found.rows),
        "new": ("New", found.new),
        "updated": ("Changed", found.updated),
        "unchanged": ("Unchanged", found.unchanged),
        "bad": ("Bad", found.bad),
        **{name: (name.capitalize(), found.tallies[name]) for name in words.counts},
    }
    told = (*(Field(key, label, value, "number") for key, (label, value) in counts.items()), *words.facts(found))
    return tuple(replace(field, implied=field.value in _NOUGHT) for field in told)


_NOUGHT = (0, "0.00")
"""What is not there needs no line; scripts are told of it all the same."""

_ROW_COLUMNS = (Column("line", "Line", "number"), Column("change", "What"))
_PROBLEM_COLUMNS = (
    Column("line", "Line", "number"),
    Column("column", "Column"),
    Column("value", "Value"),
    Column("reason", "Reason"),
)
_NONE = "–"
_SORTS = {Sort.NEW: "new", Sort.UPDATED: "changed", Sort.UNCHANGED: "unchanged"}


def _tables(words: TransferWords[R], found: Findings[R], view: View) -> tuple[Table, ...]:
    tables = []
    if found.problems:
        rows = tuple(_problem_row(words, problem) for problem in found.problems)
        note = _more(found.bad, found.told, "bad row")
        tables.append(Table("Rows that can't be imported", _PROBLEM_COLUMNS, rows, note))
    if found.changed:
        note = _more(found.updated, len(found.changed), "change")
        tables.append(_table(words, "Changes, before → after", found.changed, view, note))
    if found.picked:
        title, one = words.picked
        note = _more(found.pickable, len(found.picked), one)
        tables.append(_table(words, title, found.picked, view, note))
    if found.sample:
        note = _more(found.good - found.updated, len(found.sample), "row")
        tables.append(_table(words, "First rows", found.sample, view, note))
    return tuple(tables)


def _more(total: int, shown: int, one: str) -> Text:
    return (f"… and {counted_in_full(total - shown, f'more {one}')}.",) if total > shown else ()


def _problem_row(words: TransferWords[R], problem: RowProblem) -> Row:
    return Row((problem.line, problem.column, problem.value, words.reason(problem)), mark="warning")


def _table(words: TransferWords[R], title: str, found: Sequence[ShownRow[R]], view: View, note: Text) -> Table:
    """Return rows as a table; a column that only adds to another is there if it says something of any of them."""
    records = [_cells(words, row, view) for row in found]
    said = [any(cells[index] for cells in records) for index in range(len(words.columns))]
    kept = [index for index, column in enumerate(words.columns) if said[index] or not column.joins]
    rows = tuple(
        Row((row.line, _SORTS[row.sort], *(cells[index] for index in kept)))
        for row, cells in zip(found, records, strict=True)
    )
    return Table(title, (*_ROW_COLUMNS, *(words.columns[index] for index in kept)), rows, note)


def _cells(words: TransferWords[R], row: ShownRow[R], view: View) -> Sequence[Cell]:
    """Return the cells of a record; its texts are shown as they were and as they become where that differs."""
    after = words.cells(row.record, view)
    if row.before is None:
        return after
    return tuple(
        f"{was or _NONE} → {becomes or _NONE}" if column.kind == "text" and was != becomes else becomes
        for column, was, becomes in zip(words.columns, words.cells(row.before, view), after, strict=True)
    )


def _files(result: Imported[R]) -> tuple[FileLink, ...]:
    return (file_link(result.returned),) if result.returned else ()


def file_link(file: StoredFile) -> FileLink:
    """Return a stored file as it comes with an answer."""
    return FileLink(file.id, file.name, file.media_type, file.size)


def _actions(words: TransferWords[R], result: Imported[R], actor: Actor) -> tuple[Action, ...]:
    found, others = result.findings, tuple(_offered(words, result, actor))
    if not found.changes:
        return others
    command = f"/{words.called.area} import file:{result.file.id}{words.also} mode:"
    rows = counted_in_full(found.good, "row")
    go = "Import valid rows" if found.bad else f"Import {rows}"
    mode = "good" if found.bad else "all"
    only = actor.member_id
    return (
        Action(go, f"{command}{mode}", Style.PRIMARY, Placement.UPDATE, once=True, only=only),
        *others,
        Action("Cancel", f"{command}cancel", Style.DEFAULT, Placement.UPDATE, once=True, only=only),
    )


def _offered(words: TransferWords[R], result: Imported[R], actor: Actor) -> Iterator[Action]:
    """Yield the other ways to go on with a file, or with the rows of it that were left out."""
    left = result.file if result.mode is ImportMode.CHECK else result.returned
    for action in words.offers(result.findings, left.id) if left else ():
        yield replace(action, only=actor.member_id)


# --- exporting ---------------------------------------------------------------


def exported(
    words: TransferWords[R], result: Exported, channel: str | None = None, *, everything: bool = False
) -> Reply:
    """Hand over an export, say of which channels it is, and what a plain list leaves out.

    Without a `channel` it is of all those that the reader sees, or of `everything`; an empty one is said of what is in
    no channel.
    """
    one, many = words.called.one, words.called.many
    where = ("all channels" if everything else "all channels that you see") if channel is None else channel
    some = f"{counted_in_full(result.count, one, many)}{f' of {where}' if where else ''}."
    found = some if result.count else f"No {one}{f' in {where}' if where else ''} fits that, so the file has none."
    return Reply(
        title=f"Export of {many}",
        text=lines(found, words.lossy if result.format is ExportFormat.TEXT else None),
        fields=(Field("count", sentence_case(many), result.count, "number"),),
        files=(file_link(result.file),),
    )
