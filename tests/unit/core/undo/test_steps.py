"""What a change found and made is kept, compared with what is there, and put back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.ports.storage import UndoEntry
from core.shared.errors import ConflictError
from core.undo.kinds import RecordKind
from core.undo.steps import Step, payload_of, steps_of
from tests.unit.core.undo.test_kinds import FULL, NOON, VASE, VASES, Size, Vase

APART = RecordKind("vase", Vase, aside={"version"}, drifting={"seen_at"}, apart=True)
CHANGED = replace(FULL, name="Red", size=Size.LARGE, seller=None, version=2)


def _kept(payload: Mapping[str, object], kind: RecordKind[Vase] = VASES) -> Sequence[Step[Vase]]:
    stored = json.loads(json.dumps(payload))
    return steps_of(kind, UndoEntry("u", 1, 1, "vase edit", kind.change, stored, NOON, NOON + timedelta(minutes=15)))


def _step(before: Vase | None, after: Vase, kind: RecordKind[Vase] = VASES) -> Step[Vase]:
    (step,) = _kept(payload_of(kind, [before], [after]), kind)
    return step


@pytest.mark.parametrize("kind", [VASES, APART])
def test_a_change_is_put_back(kind: RecordKind[Vase]) -> None:
    step = _step(FULL, CHANGED, kind)
    assert step.number == 7
    assert step.changed_since(CHANGED) == ()
    assert step.restored(CHANGED) == replace(FULL, version=2)


def test_a_new_thing_has_no_state_to_go_back_to() -> None:
    step = _step(None, VASE)
    assert step.changed_since(VASE) == ()
    assert step.changed_since(replace(VASE, name="Red")) == ("name",)
    assert step.restored(VASE) is None


def test_what_somebody_changed_since_is_named_whatever_the_change_was_of() -> None:
    assert _step(FULL, CHANGED).changed_since(replace(CHANGED, name="Green", due=None)) == ("name", "due")


def test_where_fields_are_changed_apart_only_those_of_the_change_matter() -> None:
    step = _step(FULL, CHANGED, APART)
    assert step.changed_since(replace(CHANGED, name="Green", due=None)) == ("name",)
    assert step.restored(replace(CHANGED, due=None)) == replace(FULL, due=None, version=2)
    assert set(step.found or ()) == {"name", "size", "seller", "version"}


def test_what_drifted_stays_as_it_is_unless_the_change_had_moved_it() -> None:
    drifted = replace(CHANGED, seen_at=None)
    assert _step(FULL, CHANGED).restored(drifted) == replace(FULL, seen_at=None, version=2)
    moved = _step(FULL, replace(FULL, seen_at=None))
    assert moved.changed_since(replace(FULL, seen_at=NOON)) == ()
    assert moved.restored(replace(FULL, seen_at=None)) == FULL


def test_several_things_are_kept_together_in_their_order() -> None:
    other = replace(VASE, number=8)
    steps = _kept(payload_of(VASES, [VASE, None], [replace(VASE, name="Red"), other]))
    assert [(step.number, step.made) for step in steps] == [
        (7, {"name": "Red"}),
        (8, VASES.values(VASES.snapshot(other))),
    ]


def test_an_entry_of_the_version_before_is_read() -> None:
    found, made = VASES.snapshot(FULL), VASES.snapshot(CHANGED)
    differing = {name: value for name, value in made.items() if value != found[name]}
    old = {"tasks": [{"before": found, "made": differing}, {"before": None, "made": VASES.snapshot(VASE)}]}
    changed, new = _kept(old)
    assert (changed, new) == (_step(FULL, CHANGED), _step(None, VASE))


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"steps": 1},
        {"steps": [1]},
        {"steps": [{"number": 7, "made": {}}]},
        {"steps": [{"number": "x", "before": None, "made": {}}]},
        {"steps": [{"number": 7, "before": None, "made": {"a field that is no more": 1}}]},
        {"steps": [{"number": 7, "before": None, "made": {"due": "tomorrow"}}]},
        {"steps": [{"number": 7, "before": None, "made": {"state": "broken"}}]},
        {"tasks": [{"before": None, "made": {"name": "no number"}}]},
    ],
)
def test_an_entry_that_can_not_be_read_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(ConflictError) as refused:
        _kept(payload)
    assert refused.value.reason == "undo_unreadable"
