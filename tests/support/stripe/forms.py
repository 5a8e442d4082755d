"""Bodies as Stripe takes them: a form whose names are paths, such as `line_items[0][quantity]`."""

import re
from typing import Any
from urllib.parse import parse_qsl

_NAME = re.compile(r"(?P<first>[^\[\]]+)(?P<rest>(\[[^\[\]]*\])*)")


def read_form(text: str) -> dict[str, Any]:
    """Return the form as nested dicts, with lists where all names are numbers."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        match = _NAME.fullmatch(name)
        if match is None:
            raise ValueError(name)
        path = [match["first"], *re.findall(r"\[([^\[\]]*)\]", match["rest"])]
        _put(found, path, value)
    return {name: _listed(value) for name, value in found.items()}


def _put(into: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        into = into.setdefault(step or str(len(into)), {})
    into[path[-1] or str(len(into))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    is_list = bool(inner) and all(name.isdigit() for name in inner)
    return [inner[name] for name in sorted(inner, key=int)] if is_list else inner
