"""Small checks to compose a strict schema from; problems are worded and pointed at as Slack does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

Check = Callable[["Report", str, Any], None]


class Report:
    """The problems found so far, in Slack's words."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def add(self, problem: str, at: str) -> None:
        """Note a problem at a JSON pointer."""
        self.problems.append(f"{problem} [json-pointer:{at}]")


def string(most: int, least: int = 1) -> Check:
    """A string of that many characters."""

    def check(report: Report, at: str, value: Any) -> None:
        if not isinstance(value, str):
            report.add("must be a string", at)
        elif len(value) > most:
            report.add(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            report.add(f"must be more than {least - 1} characters", at)

    return check


def number(least: float | None = None, most: float | None = None, *, whole: bool = True) -> Check:
    """A number within bounds; `whole` allows integers only."""

    def check(report: Report, at: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            report.add("must be an integer" if whole else "must be a number", at)
        elif (least is not None and value < least) or (most is not None and value > most):
            report.add(f"must be between {least} and {most}", at)

    return check


def flag(report: Report, at: str, value: Any) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.add("must be a boolean", at)


def anything(_report: Report, _at: str, _value: Any) -> None:
    """Whatever it is, it is not checked here."""


def choice(*values: str) -> Check:
    """One of those strings."""

    def check(report: Report, at: str, value: Any) -> None:
        if value not in values:
            report.add(f"must be one of: {', '.join(values)}", at)

    return check


def array(item: Check, most: int, least: int = 1) -> Check:
    """An array of that many items, each of that form."""

    def check(report: Report, at: str, value: Any) -> None:
        if not isinstance(value, list):
            report.add("must be an array", at)
            return
        if len(value) > most:
            report.add(f"no more than {most} items allowed", at)
        if len(value) < least:
            report.add(f"no less than {least} items allowed", at)
        for index, entry in enumerate(value):
            item(report, f"{at}/{index}", entry)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with those properties and no others; `type` is always allowed."""
    known = {**required, **(optional or {})}

    def check(report: Report, at: str, value: Any) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", at)
            return
        for name in required:
            if name not in value:
                report.add(f"missing required field: {name}", at)
        for name, entry in value.items():
            if name in known:
                known[name](report, f"{at}/{name}", entry)
            elif name != "type":
                report.add(f"invalid additional property: {name}", at)

    return check


def typed(table: Mapping[str, Check], allowed: Collection[str] | None = None) -> Check:
    """An object whose `type` chooses its schema; only `allowed` types may stand here."""

    def check(report: Report, at: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table or (allowed is not None and kind not in allowed):
            report.add(f"unsupported type: {kind}", f"{at}/type")
            return
        before = len(report.problems)
        table[kind](report, at, value)
        if len(report.problems) > before:
            report.add("failed to match all allowed schemas", at)

    return check


def either(*names: str) -> Check:
    """At least one of those properties is there."""

    def check(report: Report, at: str, value: Any) -> None:
        if isinstance(value, dict) and not any(name in value for name in names):
            report.add(f"missing required field: {' or '.join(names)}", at)

    return check


def both(*checks: Check) -> Check:
    """All of those checks."""

    def check(report: Report, at: str, value: Any) -> None:
        for one in checks:
            one(report, at, value)

    return check


def text(most: int, kinds: Collection[str] = ("plain_text",)) -> Check:
    """A text object of those kinds."""

    def check(report: Report, at: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            report.add(f"must be a text object of type {' or '.join(kinds)}", at)
            return
        extra: dict[str, Check] = {"emoji": flag} if kind == "plain_text" else {"verbatim": flag}
        shape({"text": string(most)}, extra)(report, at, value)

    return check


MRKDWN = ("plain_text", "mrkdwn")
