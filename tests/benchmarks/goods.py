"""A catalogue as large shops have: names of a few words, some of which are in very many of them and most in few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

_SYLLABLES = (
    "ba be bi bo bra bri co cra da de di dra e fa fe fi fla ga ge gla gra ha he i ja ka ke ki kra la le li lo ma me mi"
    " mo na ne ni no o pa pe pi pla pra ra re ri ro sa se si ska sla so sta ta te ti to tra u va ve vi wa we za ze"
).split()
_ENDINGS = "t n r s l nd rt st m ck".split()
CATEGORIES = ("fruit", "drinks", "bread", "cheese", "sweets", "tools", "paper", "garden")
WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Good:
    """What a catalogue says of a product."""

    number: int
    sku: str
    name: str
    category: str
    tags: tuple[str, ...]
    description: str


def goods(count: int) -> Iterator[Good]:
    """Yield so many, the same every time."""
    chance, words = Random(count), vocabulary()
    for number in range(1, count + 1):
        some = [words[int(len(words) * chance.random() ** 4)] for _ in range(10)]
        yield Good(
            number=number,
            sku=f"SKU-{number:06}",
            name=" ".join(some[:3]).capitalize(),
            category=CATEGORIES[number % len(CATEGORIES)],
            tags=tuple(dict.fromkeys(some[3:5])),
            description=f"{' '.join(some[4:])}.".capitalize(),
        )


def vocabulary() -> list[str]:
    """The words of names and descriptions, the most frequent first."""
    chance = Random(WORDS)
    found: dict[str, None] = {}
    while len(found) < WORDS:
        syllables = chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 4)))
        found["".join(syllables) + chance.choice(_ENDINGS)] = None
    return list(found)
