"""Counting lines only while that says something: it doubles the time of whatever runs meanwhile."""

import importlib
import pkgutil

from coverage import Coverage


class Counting:
    """The counting of lines that is under way when this is made, if any, to be halted and taken up again.

    It stays as it was told until it is told otherwise: what comes next is mostly like what came before. A worker of
    pytest-xdist has two of pytest-cov's: beneath the one that is read, one that nobody ever reads goes on whenever
    that is halted. It ends here.
    """

    def __init__(self) -> None:
        self._coverage = Coverage.current()
        self._under_way = self._coverage is not None
        if self._coverage is not None:
            self._coverage.stop()
            while beneath := Coverage.current():
                beneath.stop()
            self._coverage.start()

    def set(self, *, wanted: bool) -> None:
        """Count what runs from here on, in threads that it starts too, or let it run uncounted and at full speed."""
        if self._coverage is None or wanted == self._under_way:
            return
        self._under_way = wanted
        if wanted:
            self._coverage.start()
        else:
            self._coverage.stop()

    def import_all(self, *packages: str) -> None:
        """Import every module of the packages where lines are counted: those that define things run only now."""
        if self._under_way:
            for package in packages:
                for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
                    importlib.import_module(found.name)
