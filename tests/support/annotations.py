"""Annotations as what they mean, also where a module names it for whoever checks types and does not load it."""

import ast
import inspect
import sys
import typing
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any


def hints_of(function: Callable[..., object]) -> Mapping[str, Any]:
    """The types of a function's parameters and of what it returns."""
    module = function.__module__
    return typing.get_type_hints(function, {**vars(sys.modules[module]), **_only_checked(module)})


@cache
def _only_checked(module: str) -> Mapping[str, object]:
    """What a module imports below `if TYPE_CHECKING`."""
    parsed = ast.parse(inspect.getsource(sys.modules[module]))
    blocks = [node for node in parsed.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return {
        alias.asname or alias.name: getattr(import_module(node.module or ""), alias.name)
        for block in blocks
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
