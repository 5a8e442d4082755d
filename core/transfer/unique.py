"""What only one record at a time can have besides its key, such as an e-mail address."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

from core.transfer.sheet import D, R, RowProblem, Sheet

if TYPE_CHECKING:
    from core.ports.storage import UnitOfWork

Held = Mapping[str, Mapping[str, int]]
"""Who has what: the numbers of records, by column and by the form in which its values are compared."""


def forms_of(sheet: Sheet[D, R], draft: D) -> Iterator[tuple[str, str]]:
    """Yield what a row says that only one record can have: the column, and the value in the form that is compared."""
    values = cast("tuple[str, ...]", draft)
    for name, form in sheet.unique.items():
        if value := values[sheet.slots[name]]:
            yield name, form(value)


async def holders(work: "UnitOfWork", sheet: Sheet[D, R], drafts: Iterable[D]) -> Held:
    """Look up who has what some rows say."""
    asked: dict[str, set[str]] = {}
    if sheet.unique:
        for draft in drafts:
            for name, form in forms_of(sheet, draft):
                asked.setdefault(name, set()).add(form)
    return {name: await sheet.records.holders(work, name, sorted(forms)) for name, forms in asked.items()}


def taken(sheet: Sheet[D, R], draft: D, number: int, held: Held) -> list[RowProblem]:
    """Return what of a row another record has than that of a number, which is 0 for a new one."""
    values = cast("tuple[str, ...]", draft)
    found = ((name, held.get(name, {}).get(form, number)) for name, form in forms_of(sheet, draft))
    return [
        RowProblem(draft.line, name, values[sheet.slots[name]], "taken", {"number": holder, "column": name})
        for name, holder in found
        if holder != number
    ]
