"""How the time of a regular expression grows with its input, tried on the inputs that are worst for it.

What makes an expression slow is a part that repeats and then fails to go on. So each expression is taken apart into
the words that lead up to each of its parts, and those are given over and over, alone, one behind the other, and with
an end that fits nothing.
"""

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, NamedTuple

LONGEST = 3_000
"""Characters of the longest input."""

GROWTH = 2.5
"""How much longer twice the input may take: linear is 2, quadratic is 4."""

_SLOW = 0.000_3
"""Seconds of processor time from which on it is compared; nothing quadratic reads `LONGEST` characters in less."""
_TRIES = 3
_SUSPECTS = 2
_ROOT = Path(__file__).parents[2]
_MOST_SAMPLES = 12
_LONGEST_LEAD = 24
_NEAR = 3
_CATEGORIES = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": "-",
}
_SEARCHES = {"search", "finditer", "findall", "sub", "subn", "split"}
_ENDS = ("", "\x00", "\n\x00")


class Met(NamedTuple):
    """An expression of the product: where it is and how it is asked."""

    place: str
    pattern: re.Pattern[Any]
    is_searched: bool


def patterns(packages: tuple[str, ...]) -> list[Met]:
    """Return every expression that these packages hold, compiled or written where it is used."""
    found: dict[tuple[str | bytes, int], Met] = {}
    for package in packages:
        for path, module in _modules(package):
            for met in (*(_held(path, module) if module else ()), *_written(path, module is not None)):
                key = met.pattern.pattern, met.pattern.flags
                if key not in found or met.is_searched:
                    found[key] = met
    return list(found.values())


def growth(met: Met, longest: int = LONGEST, slow: float = _SLOW) -> tuple[float, str]:
    """Return how much longer the worst input takes when it is twice as long, and that input's beginning.

    Inputs that are read in less than `slow` seconds are let go.
    """
    for length in (16, 24, 200, longest):
        # From short to long: what is far worse than quadratic would never end on a long one.
        suspects = list(_slowest(met, [build(length) for build in worst_inputs(met.pattern)], slow))
        if suspects:
            break
    ratios = [(_ratio(met, words[: length // 2] + words[length:], words), repr(words[:40])) for words in suspects]
    return max(ratios, default=(0.0, ""))


def _slowest(met: Met, inputs: list[Any], slow: float) -> Iterator[Any]:
    """Yield the few inputs that take longest, of those that are slow each time."""
    timed = [(seconds, words) for words in inputs if (seconds := _seconds(met, words, 1)) > slow]
    for _, words in sorted(timed, key=lambda one: one[0], reverse=True)[:_SUSPECTS]:
        if _seconds(met, words, _TRIES) > slow:
            yield words


def _ratio(met: Met, short: Any, long: Any) -> float:
    """Return how much longer the longer one takes; the least of several, for the machine has others to serve."""
    least = float("inf")
    for _ in range(_TRIES):
        least = min(least, _seconds(met, long, _TRIES) / max(_seconds(met, short, _TRIES), 1e-9))
        if least <= GROWTH:
            break
    return least


def worst_inputs(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], Any]]:
    """Yield what builds inputs of a length that this expression may be slow with."""
    is_bytes = isinstance(pattern.pattern, bytes)
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    parsed = _parser.parse(text, pattern.flags & ~re.DEBUG)
    samples = [sample for sample in _samples(parsed, [""]) if sample][:_MOST_SAMPLES]
    leads = dict.fromkeys(sample[:end] for sample in samples for end in range(1, min(len(sample), _LONGEST_LEAD) + 1))
    pieces = dict.fromkeys([*leads, *(lead[-1] for lead in leads)])

    def built(lead: str, piece: str, end: str) -> Callable[[int], Any]:
        def build(length: int) -> Any:
            words = lead + (piece * (length // len(piece) + 1))[:length] + end
            return words.encode("latin-1", "replace") if is_bytes else words

        return build

    for piece in pieces:
        for end in _ENDS:
            yield built("", piece, end)
    for lead in leads:
        for before in leads:
            if lead.startswith(before) and len(lead) - len(before) < _NEAR:
                yield built(lead, before[-1], _ENDS[1])
                yield built(before, lead[-1], _ENDS[1])


def _samples(parts: Any, before: list[str]) -> list[str]:
    """Return a few texts that fit, one for each alternative."""
    texts = before
    for kind, value in parts:
        texts = [text + more for more in _one(str(kind), value) for text in texts][:_MOST_SAMPLES]
    return texts


def _one(kind: str, value: Any) -> list[str]:
    """Return what fits one part."""
    match kind:
        case "LITERAL":
            return [chr(value)]
        case "NOT_LITERAL":
            return ["a" if value != ord("a") else "b"]
        case "ANY":
            return ["a"]
        case "IN":
            return _of_set(value)
        case "CATEGORY":
            return [_CATEGORIES[str(value)]]
        case "BRANCH":
            return [text for branch in value[1] for text in _samples(branch, [""])[:2]]
        case "SUBPATTERN":
            return _samples(value[-1], [""])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            fewest, most, inner = value
            return [text * max(fewest, min(most, 1)) for text in _samples(inner, [""])[:4]]
        case "ATOMIC_GROUP":
            return _samples(value, [""])
        case "ASSERT":
            return _samples(value[1], [""])[:1] if value[0] < 0 else [""]
        case _:
            return [""]


def _of_set(members: Any) -> list[str]:
    """Return a character or two of a set."""
    if str(members[0][0]) == "NEGATE":
        without = re.compile("[" + "".join(_written_member(*member) for member in members[1:]) + "]")
        return [next(one for one in "a <@1-\x00\u1234" if not without.match(one))]
    return [_written_first(*member) for member in members[:3]]


def _written_member(kind: Any, value: Any) -> str:
    match str(kind):
        case "RANGE":
            return f"\\U{value[0]:08x}-\\U{value[1]:08x}"
        case "CATEGORY":
            return {"DIGIT": "\\d", "SPACE": "\\s", "WORD": "\\w"}.get(str(value).removeprefix("CATEGORY_"), "\\W")
        case _:
            return f"\\U{value:08x}"


def _written_first(kind: Any, value: Any) -> str:
    match str(kind):
        case "RANGE":
            return chr(value[0])
        case "CATEGORY":
            return _CATEGORIES[str(value)]
        case _:
            return chr(value)


def _seconds(met: Met, words: Any, tries: int) -> float:
    """Return the processor time of the quickest of a few tries."""
    taken = []
    for _ in range(tries):
        began = time.thread_time()
        if met.is_searched:
            for _found in met.pattern.finditer(words):
                pass
        else:
            met.pattern.match(words)
            met.pattern.fullmatch(words)
        taken.append(time.thread_time() - began)
    return min(taken)


def _modules(package: str) -> Iterator[tuple[Path, ModuleType | None]]:
    """Yield what uses expressions: its source, and itself where it can be had, for one of a driver may not be."""
    for path in sorted((_ROOT / package).rglob("*.py")):
        if "import re\n" not in path.read_text(encoding="utf-8"):
            continue
        try:
            yield path, importlib.import_module(_place(path).removesuffix(".py").replace("/", "."))
        except ImportError:
            yield path, None


def _held(path: Path, module: ModuleType) -> Iterator[Met]:
    """Yield the expressions among a module's names, also in its tuples and dictionaries."""
    source = path.read_text(encoding="utf-8")
    anywhere = set(re.findall(r"\.(\w+)\(", source))
    for name, value in vars(module).items():
        asked = set(re.findall(rf"\b{re.escape(name)}\)?\.(\w+)\(", source)) or anywhere
        is_searched = bool(asked & _SEARCHES)
        for pattern in _within(value, 3):
            yield Met(f"{_place(path)}:{name}", pattern, is_searched)


def _place(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _within(value: Any, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, tuple | list | set | frozenset | Mapping):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _within(inner, depth - 1)


def _written(path: Path, is_here: bool) -> Iterator[Met]:
    """Yield the expressions that a module writes down where it uses them, as in `re.match("…", text)`."""
    held = {"escape", "compile"} if is_here else {"escape"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), asked), [first, *_]) if asked not in held:
                words = _words(first)
                if words is not None:
                    yield Met(f"{_place(path)}:{node.lineno}", re.compile(words), asked in _SEARCHES)


def _words(node: ast.expr) -> str | None:
    """Return an expression as it is written, with `name` wherever it takes in something."""
    match node:
        case ast.Constant(str(words)):
            return words
        case ast.JoinedStr(parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "name" for part in parts)
        case _:
            return None
