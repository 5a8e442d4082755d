"""`/stock search` among 100,000 products, beside 1,000 of them: from the command to its answer.

People look for words that many products have and few, for beginnings of words, for a SKU, and mistype what they look
for. How long one in twenty of those takes at most is promised of all of them, and how much longer than in a small
catalogue of those with an exact word, as what most people type.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from random import Random

from core.shared.ids import MemberId
from core.stock.model import Product
from tests.benchmarks.figures import Figure, Target, compared, percentile
from tests.benchmarks.goods import Good, goods
from tests.benchmarks.list_products import FEW, MANY, Filled, Make, filled
from tests.benchmarks.stage import obeyed, said, scratch

THRICE = Target("ratio", "≤", 3)
SOON = Target("ours", "<", 100)
SHARE = 0.95

Ask = Callable[[Good], str]


def _mistyped(word: str) -> str:
    """A word with two letters swapped, not the first one."""
    middle = len(word) // 2
    return f"{word[: middle - 1]}{word[middle]}{word[middle - 1]}{word[middle + 1 :]}"


EXACT: Mapping[str, Ask] = {
    "a word": lambda good: good.name.split()[0],
    "all words of a name": lambda good: good.name,
    "a word and a tag": lambda good: f"{good.name.split()[1]} {good.tags[0]}",
    "a SKU": lambda good: good.sku,
}
OTHER: Mapping[str, Ask] = {
    "beginnings": lambda good: " ".join(word[:4] for word in good.name.split()),
    "what all have": lambda good: f"sku {good.name[:3]}",
    "a word mistyped": lambda good: _mistyped(good.name.split()[0]),
    "a word of several mistyped": lambda good: f"{good.name.split()[0]} {_mistyped(good.name.split()[-1])}",
}


async def run(*, is_quick: bool) -> list[Figure]:
    """The times of searches."""
    each = 10 if is_quick else 60
    async with scratch() as folder, AsyncExitStack() as stack:
        catalogues = {count: list(goods(count)) for count in (MANY, FEW)}
        many, few = [
            await stack.enter_async_context(filled(folder / str(count), count, _maker(catalogue)))
            for count, catalogue in catalogues.items()
        ]
        times: dict[str, tuple[list[float], list[float]]] = {}
        for name, ask in {**EXACT, **OTHER}.items():
            pairs = zip(_lines(catalogues[MANY], ask, each), _lines(catalogues[FEW], ask, each), strict=True)
            times[name] = ([], [])
            for line, other in pairs:
                times[name][0].append(await _searched(many, line))
                times[name][1].append(await _searched(few, other))
        return _figures(times)


def _figures(times: Mapping[str, tuple[list[float], list[float]]]) -> list[Figure]:
    """The slowest of all but one in twenty; then each kind of search beside the same in a small catalogue."""
    taken = [one for ours, _ in times.values() for one in ours]
    slowest = {name: percentile(ours, SHARE) for name, (ours, _) in times.items()}
    note = ", ".join(f"{name} {slowest[name]:.0f}" for name in times)
    found = [
        Figure(
            f"search among {MANY:,} products, p95",
            "ms",
            percentile(taken, SHARE),
            SOON,
            note=note,
            samples=tuple(taken),
        )
    ]
    for name, (ours, others) in times.items():
        whole = f"  search for {name} (reference: {FEW:,})"
        found.append(compared(whole, "ms", *_thirds(ours, others), THRICE if name in EXACT else None))
    return found


def _thirds(ours: Sequence[float], others: Sequence[float]) -> tuple[list[float], list[float]]:
    """The means of parts of two series, for different things are looked for."""
    size = max(len(ours) // 3, 1)
    parts = [slice(start, start + size) for start in range(0, len(ours), size)]
    return tuple([sum(series[part]) / len(series[part]) for part in parts] for series in (ours, others))  # type: ignore[return-value]


def _lines(catalogue: Sequence[Good], ask: Ask, each: int) -> list[str]:
    return [f"/stock search {ask(good)}" for good in Random(each).sample(catalogue, each)]


def _maker(catalogue: Sequence[Good]) -> Make:
    def make(number: int, author_id: MemberId, now: datetime) -> Product:
        good = catalogue[number - 1]
        return Product(
            number=number,
            sku=good.sku,
            name=good.name,
            author_id=author_id,
            created_at=now,
            added_on=now.date(),
            category=good.category,
            tags=good.tags,
            description=good.description,
            on_hand=10,
        )

    return make


async def _searched(side: Filled, line: str) -> float:
    """The time of a search, in milliseconds."""
    start = time.perf_counter()
    await obeyed(side.application, said(line))
    return (time.perf_counter() - start) * 1000
