"""Faults to order, of whichever platform: what it does wrong, where, how often."""

import asyncio
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar


@dataclass
class Fault:
    """One ordered fault; `where` is the route or method it is for.

    `reached` is set when it first strikes; `release` ends a hang. With `after_effect` the work is done all the same.
    """

    where: str
    kind: Literal["answer", "hang", "drop"]
    times: int | None
    status: int = 500
    after_effect: bool = False
    hits: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let what hangs go on, and nothing hang here any more."""
        self.times = self.hits
        self.released.set()

    @property
    def is_spent(self) -> bool:
        """Whether it struck as often as was asked."""
        return self.times is not None and self.hits >= self.times


Kind = TypeVar("Kind", bound=Fault)


class Faults(Generic[Kind]):
    """The faults in force on a platform; what they are made of and how a place is named is the platform's."""

    def __init__(self, made: type[Kind]) -> None:
        self._made = made
        self._faults: list[Kind] = []

    def hang(self, where: str, *, times: int | None = 1, after_effect: bool = False) -> Kind:
        """Hold the answer until released or the client gives up; with `after_effect` the work is already done then."""
        return self.keep(self._made(where, "hang", times, after_effect=after_effect))

    def drop(self, where: str, *, times: int | None = 1, after_effect: bool = True) -> Kind:
        """Cut the connection: after the work (its outcome stays unknown to the client) or before it."""
        return self.keep(self._made(where, "drop", times, after_effect=after_effect))

    def take(self, where: str) -> Kind | None:
        """The fault that strikes this call, counted."""
        for fault in self._faults:
            if self.means(fault.where, where) and not fault.is_spent:
                fault.hits += 1
                fault.reached.set()
                return fault
        return None

    def clear(self) -> None:
        """No more faults; what hangs goes on."""
        for fault in self._faults:
            fault.release()
        self._faults.clear()

    def keep(self, fault: Kind) -> Kind:
        """Have a fault in force."""
        self._faults.append(fault)
        return fault

    @staticmethod
    def means(pattern: str, where: str) -> bool:
        """Whether a fault for such places strikes there: `*` is any."""
        return pattern in (where, "*")
