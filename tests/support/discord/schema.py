"""Small checks to compose a strict form from; problems are worded, coded and nested as in Discord's form errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

Path = tuple[str | int, ...]
Check = Callable[["Report", Path, Any], None]


class Report:
    """The problems found so far, as the nested `errors` of Discord's error 50035."""

    def __init__(self) -> None:
        self.errors: dict[str, Any] = {}

    def add(self, at: Path, code: str, message: str) -> None:
        """Note a problem at a path."""
        node = self.errors
        for step in at:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def __bool__(self) -> bool:
        return bool(self.errors)


def text(most: int, least: int = 1, *, pattern: str | None = None, nullable: bool = False) -> Check:
    """A string of that many characters."""

    def check(report: Report, at: Path, value: Any) -> None:
        if value is None and nullable:
            return
        if not isinstance(value, str):
            report.add(at, "BASE_TYPE_BAD_TYPE" if value is not None else "BASE_TYPE_REQUIRED", "Must be a string.")
        elif len(value) > most and least > 0:
            report.add(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            report.add(at, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        elif len(value) < least:
            report.add(at, "BASE_TYPE_REQUIRED", "This field is required")
        elif pattern is not None and not re.fullmatch(pattern, value):
            report.add(at, "STRING_TYPE_REGEX", "String value did not match validation regex.")

    return check


def number(least: float, most: float, *, whole: bool = True) -> Check:
    """A number within bounds."""

    def check(report: Report, at: Path, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            report.add(at, "NUMBER_TYPE_COERCE", f"Value {value!r} is not {'int' if whole else 'float'}.")
        elif value < least:
            report.add(at, "NUMBER_TYPE_MIN", f"Value should be greater than or equal to {least}.")
        elif value > most:
            report.add(at, "NUMBER_TYPE_MAX", f"Value should be less than or equal to {most}.")

    return check


def flag(report: Report, at: Path, value: Any) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.add(at, "BASE_TYPE_BAD_TYPE", "Must be a boolean.")


def anything(_report: Report, _at: Path, _value: Any) -> None:
    """Whatever it is, it is not checked here."""


def one_of(*values: object) -> Check:
    """One of those values."""

    def check(report: Report, at: Path, value: Any) -> None:
        if value not in values:
            report.add(at, "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(map(str, values))}}}.")

    return check


def array(item: Check, most: int, least: int = 0) -> Check:
    """An array of that many items, each of that form."""

    def check(report: Report, at: Path, value: Any) -> None:
        if not isinstance(value, list):
            report.add(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if len(value) > most and least:
            report.add(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            report.add(at, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        elif len(value) < least:
            report.add(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        for index, entry in enumerate(value):
            item(report, (*at, index), entry)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with those properties; like Discord it ignores others, and null where a property is optional."""

    def check(report: Report, at: Path, value: Any) -> None:
        if not isinstance(value, dict):
            report.add(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for name, test in required.items():
            if name not in value:
                report.add((*at, name), "BASE_TYPE_REQUIRED", "This field is required")
            else:
                test(report, (*at, name), value[name])
        for name, test in (optional or {}).items():
            if value.get(name) is not None:
                test(report, (*at, name), value[name])

    return check


def typed(table: Mapping[int, Check], allowed: Collection[int]) -> Check:
    """An object whose numeric `type` chooses its form; only `allowed` types may stand here."""

    def check(report: Report, at: Path, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in allowed or not isinstance(kind, int):
            choices = ", ".join(map(str, sorted(allowed)))
            report.add((*at, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')
            return
        table[kind](report, at, value)

    return check


def both(*checks: Check) -> Check:
    """All of those checks."""

    def check(report: Report, at: Path, value: Any) -> None:
        for one in checks:
            one(report, at, value)

    return check
