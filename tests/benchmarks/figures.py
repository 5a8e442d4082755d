"""What a bench measured: samples, their statistics, the target, and whether it is met."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

PER_SECOND = "/s"
"""The unit of which more is better."""

Relation = Literal["<", "≤", "≥", "="]


@dataclass(frozen=True, slots=True)
class Spread:
    """The statistics of a series of samples."""

    count: int
    mean: float
    median: float
    deviation: float
    least: float
    most: float


def spread(samples: Sequence[float]) -> Spread:
    """The statistics of at least one sample; a single one deviates by nothing."""
    return Spread(
        count=len(samples),
        mean=statistics.fmean(samples),
        median=statistics.median(samples),
        deviation=statistics.stdev(samples) if len(samples) > 1 else 0.0,
        least=min(samples),
        most=max(samples),
    )


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` (0 to 1) of all do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def paired_ratio(ours: Sequence[float], reference: Sequence[float]) -> float:
    """The median of the ratios of rounds run right after each other: load from elsewhere hits both of a pair alike."""
    return statistics.median(one / other for one, other in zip(ours, reference, strict=True))


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised: a limit on our own figure, or on its ratio to the reference."""

    of: Literal["ours", "ratio"]
    relation: Relation
    limit: float

    def is_met(self, value: float) -> bool:
        """Whether a value keeps the promise."""
        kept = {
            "<": value < self.limit,
            "≤": value <= self.limit,
            "≥": value >= self.limit,
            "=": value == self.limit,
        }
        return kept[self.relation]

    def describe(self, unit: str) -> str:
        """The promise in a few characters."""
        return f"{self.relation} {number(self.limit)} {'×' if self.of == 'ratio' else unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. Samples are kept for the statistics.

    `ratio` is ours to the reference's; `pairs` the median of that over rounds run right after each other.
    """

    name: str
    unit: str
    ours: float
    target: Target | None = None
    reference: float | None = None
    ratio: float | None = None
    pairs: float | None = None
    note: str = ""
    samples: tuple[float, ...] = ()
    reference_samples: tuple[float, ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether the target, if there is one, is met."""
        if self.target is None:
            return True
        value = self.ours if self.target.of == "ours" else self.ratio
        return value is not None and self.target.is_met(value)

    def document(self) -> dict[str, Any]:
        """All of it with the statistics, ready for JSON."""
        found = asdict(self) | {"met": self.is_met}
        for key in ("samples", "reference_samples"):
            if found[key]:
                found[f"{key}_spread"] = asdict(spread(found[key]))
        return found

    @classmethod
    def from_document(cls, found: Mapping[str, Any]) -> Self:
        """The figure of a document."""
        target = Target(**found["target"]) if found["target"] else None
        plain = {key: found[key] for key in ("name", "unit", "ours", "reference", "ratio", "pairs", "note")}
        samples, others = tuple(found["samples"]), tuple(found["reference_samples"])
        return cls(**plain, target=target, samples=samples, reference_samples=others)


def compared(
    name: str, unit: str, ours: Sequence[float], reference: Sequence[float], target: Target | None, note: str = ""
) -> Figure:
    """A figure from rounds that alternated with the reference's.

    For a ratio the best round of each side counts: what else a machine does only ever makes a round worse. A promise
    about ours alone is held to the median.
    """
    best = max if unit == PER_SECOND else min
    pick = best if target and target.of == "ratio" else statistics.median
    mine, other = pick(ours), pick(reference)
    return Figure(
        name=name,
        unit=unit,
        ours=mine,
        target=target,
        reference=other,
        ratio=mine / other,
        pairs=paired_ratio(ours, reference),
        note=note,
        samples=tuple(ours),
        reference_samples=tuple(reference),
    )


def number(value: float) -> str:
    """A number with three digits that matter, and no fewer than stand before the point."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    shown = f"{value:,.{digits}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
