"""Sheets with columns besides the key of which no two records have the same, such as an e-mail address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.shared.names import Names
from core.transfer import columns
from core.transfer.applying import Applier, Settled
from core.transfer.findings import Findings
from core.transfer.model import StagedRow
from core.transfer.reading import Checker, RowBatches
from core.transfer.records import NumberedRecords
from core.transfer.roster import Channels, People
from core.transfer.sheet import Importer, PlainDraft, Sheet, Surroundings
from core.transfer.sources import open_source
from core.transfer.unique import Held
from core.undo.kinds import RecordKind
from tests.support.notes import NOTES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AROUND = Surroundings(People.of([]), Channels(1, {}), NOW, "UTC")
IMPORTER = Importer(1, 1, "UTC", NOW, "batch")


@dataclass(frozen=True)
class Guest:
    """Somebody whose nick and badge are nobody else's."""

    number: int
    nick: str
    badge: str = ""
    version: int = 1


GUESTS: Sheet[PlainDraft, Guest] = Sheet(
    called=Names("guest", "guest", "guests"),
    title="Guests",
    columns=(
        columns.number(),
        columns.ruled("nick", str.strip),
        columns.ruled("badge", str.strip, unsaid=""),
    ),
    key="number",
    unique={"nick": str.casefold, "badge": str.casefold},
    required=("nick",),
    records=NumberedRecords(lambda work: work.of(NOTES)),  # type: ignore[arg-type]
    kind=RecordKind("guest", Guest, title="nick", aside={"version"}),
)
ANN, BEN = Guest(1, "Ann", "A-1"), Guest(2, "Ben", "B-1")


def held(*known: Guest) -> Held:
    return {
        name: {form(getattr(guest, name)): guest.number for guest in known if getattr(guest, name)}
        for name, form in GUESTS.unique.items()
    }


def checked(lines: str, *known: Guest) -> tuple[Findings[Guest], Sequence[StagedRow], Checker[PlainDraft, Guest]]:
    """What a check finds in a file, and what is to be applied."""
    source = open_source(GUESTS, "guests.csv", [lines.encode()])
    checker = Checker(GUESTS, IMPORTER, source, lambda problem: problem.reason, only_bad=True)
    read = RowBatches(GUESTS, source, AROUND).next()
    staged = checker.settle(read, {guest.number: guest for guest in known}, held(*known)).staged
    return checker.findings, staged, checker


def applied(lines: str, before: Sequence[Guest], by_then: Sequence[Guest]) -> Settled[Guest]:
    """What the rows of a file come to that was checked beside some guests, beside those that are there by then."""
    _, staged, checker = checked(lines, *before)
    applier = Applier(GUESTS, AROUND, IMPORTER, 10, checker.cells)
    return applier.settle(applier.prepare(staged), {guest.number: guest for guest in by_then}, held(*by_then))


def problems(found: Findings[Guest]) -> list[tuple[int, str, str, object]]:
    return [(one.line, one.column, one.reason, one.details.get("number")) for one in found.problems]


def test_a_new_one_with_what_another_has_is_refused_with_all_of_that_and_whose_it_is() -> None:
    found, staged, _ = checked("nick,badge\nANN,b-1\nCleo,C-1\n", ANN, BEN)
    assert problems(found) == [(2, "nick", "taken", 1), (2, "badge", "taken", 2)]
    assert (found.new, found.bad, [row[0] for row in staged]) == (1, 1, [3])


def test_a_known_one_keeps_its_own_and_can_not_take_anothers() -> None:
    found, _, _ = checked("number,nick,badge\n1,ANN,A-2\n2,ann,B-1\n", ANN, BEN)
    assert (found.updated, problems(found)) == (1, [(3, "nick", "key_twice", None)])
    assert problems(checked("number,nick\n2,ann\n", ANN, BEN)[0]) == [(2, "nick", "taken", 1)]


def test_what_stands_in_a_file_twice_is_refused_the_second_time_however_it_is_written() -> None:
    found, _, _ = checked("nick,badge\nCleo,\nDora,\ncleo,x\n")
    (problem,) = found.problems
    assert (problem.line, problem.column, problem.reason, problem.details["first"]) == (4, "nick", "key_twice", 2)
    assert found.new == 2, "nobody is refused for having no badge, as others have none"


def test_what_is_given_up_further_down_is_not_free_yet() -> None:
    found, _, _ = checked("number,nick\n1,Ben\n2,Bert\n", ANN, BEN)
    assert (problems(found), found.updated) == ([(2, "nick", "taken", 2)], 1)


def test_what_somebody_else_took_meanwhile_is_not_taken_twice() -> None:
    settled = applied("nick,badge\nCleo,C-1\nDora,D-1\n", [], [Guest(5, "CLEO")])
    assert settled.new == [Guest(11, "Dora", "D-1")]
    assert [(one.line, one.column, one.reason, one.details["number"]) for one, _ in settled.problems] == [
        (2, "nick", "taken", 5)
    ]
    settled = applied("number,nick\n2,Bea\n", [ANN, BEN], [replace(ANN, nick="bea"), BEN])
    assert (settled.after, [one.reason for one, _ in settled.problems]) == ([], ["taken"])


ROWS = st.lists(
    st.tuples(st.sampled_from(["", "1", "2", "7"]), st.sampled_from("ann Ann ben cleo DORA dora".split())), max_size=6
)


@given(ROWS, st.sampled_from([(ANN, BEN), (replace(ANN, nick="dora"), BEN), (ANN,), ()]))
def test_no_two_have_the_same_whatever_a_file_says_and_happens_meanwhile(
    rows: list[tuple[str, str]], by_then: tuple[Guest, ...]
) -> None:
    file = "number,nick\n" + "".join(f"{number},{nick}\n" for number, nick in rows)
    settled = applied(file, [ANN, BEN], by_then)
    there = {guest.number: guest for guest in (*by_then, *settled.after, *settled.new)}
    nicks = [guest.nick.casefold() for guest in there.values()]
    assert len(nicks) == len(set(nicks))
