"""The text grammar: positional arguments, then `name:value` in any order; the last text takes what is left.

A value runs as far as its kind can use it: a due or a repetition as far as it can be read, people while words begin
with `@`, a text to the next `name:`. What is left over belongs to the command's own text, so
`/task add due:tomorrow 9am Buy milk` works.
Pure: nothing here looks anything up; values stay texts and are converted when the asker is known.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.grammar.tokens import Token
from core.chat.spec import Argument, ArgumentKind
from core.dates.due import match_prefix
from core.dates.recurrence_grammar import match_recurrence
from core.shared.errors import InvalidArgumentError
from core.shared.nearness import near_misses

CONFIRM = Argument("confirm", ArgumentKind.FLAG, "yes, once the consequence is known", required=False, positional=False)
"""What commands take besides their own arguments when they can't be undone and name a consequence."""

_TEXTS = (ArgumentKind.REST, ArgumentKind.LINE, ArgumentKind.LINES)
_PERSON = re.compile(r"^(?:@|<@)")
_CHANNEL = re.compile(r"^(?:#|<#)")
_NUMBER = re.compile(r"^#?\d{1,18}(?:,#?\d{1,18})*,?$")
_NEAR = 80
"""Likeness (0-100) from which an unknown `name:` counts as a misspelt argument rather than as text."""
_MOST_SLIPS = 2
_SHORTEST_BEGINNING = 4
_LONGEST_DUE = 6
"""Words of a due; more are never tried."""

Values = dict[str, list[str]]


@dataclass(slots=True)
class _Words:
    """The words of a line not yet understood, in order, with the line they come from."""

    line: str
    tokens: list[Token]
    taken: set[int] = field(default_factory=set)

    def bare(self) -> list[int]:
        """Return the positions of words that nothing has taken yet."""
        return [index for index in range(len(self.tokens)) if index not in self.taken]

    def read(self, indexes: Iterable[int]) -> list[str]:
        """Return words each by itself, a quoted one without its quotes."""
        return [self._typed(token) if token.name else token.text for token in (self.tokens[index] for index in indexes)]

    def take(self, indexes: Sequence[int]) -> str:
        """Take these words and return them as typed, a single quoted one without its quotes."""
        self.taken.update(indexes)
        if len(indexes) == 1:
            return self.read(indexes)[0]
        pieces: list[str] = []
        before = -2
        for index in indexes:
            token = self.tokens[index]
            gap = self.line[self.tokens[before].end : token.start] if index == before + 1 else " "
            pieces.append(f"{gap if pieces else ''}{self._typed(token)}")
            before = index
        return "".join(pieces)

    def take_each(self, indexes: Sequence[int]) -> list[str]:
        """Take these words as one value, or, when some are quoted, each as a value of its own."""
        if any(self.tokens[index].quoted for index in indexes):
            self.taken.update(indexes)
            return self.read(indexes)
        return [self.take(indexes)]

    def _typed(self, token: Token) -> str:
        return self.line[token.start : token.end]


def parse_arguments(
    line: str, tokens: list[Token], arguments: Sequence[Argument], now: datetime
) -> Mapping[str, tuple[str, ...]]:
    """Return the typed values by argument name; several of one argument in order of appearance.

    Raises `InvalidArgumentError` for what fits nowhere: reasons `unknown_name`, `twice`, `left_over`.
    """
    words = _Words(line, tokens)
    values: Values = {}
    _take_named(words, {argument.name: argument for argument in arguments}, values, now)
    _take_positional(words, arguments, values, now)
    _take_fitting(words, arguments, values)
    left = words.bare()
    if left:
        raise InvalidArgumentError("", "left_over", value=words.take(left[:8]))
    return {name: tuple(found) for name, found in values.items()}


def _take_named(words: _Words, known: Mapping[str, Argument], values: Values, now: datetime) -> None:
    has_text = any(argument.positional and argument.kind in _TEXTS for argument in known.values())
    named = [index for index, token in enumerate(words.tokens) if _named(token, known)]
    for index, stop in zip(named, [*named[1:], len(words.tokens)], strict=False):
        argument = known[words.tokens[index].name.lower()]
        following = range(index + 1, stop)
        value, used = _value_of(words, index, argument, following, greedy=not has_text, now=now)
        words.taken.update((index, *following[:used]))
        _put(values, argument, [value])


def _named(token: Token, known: Mapping[str, Argument]) -> bool:
    """Tell whether a word names an argument; a near miss with a value is refused rather than swallowed as text."""
    name = token.name.lower()
    if not name:
        return False
    if name in known:
        return True
    if token.is_flag or (token.text and not token.text.startswith("/")):
        near = _near(name, known)
        if near:
            raise InvalidArgumentError(near, "unknown_name", value=token.name)
    return False


def _near(name: str, known: Mapping[str, Argument]) -> str:
    """Return the argument that a name was meant for: one it begins, or one spelt much like it; empty if none."""
    begun = [full for full in known if len(name) >= _SHORTEST_BEGINNING and full.startswith(name)]
    if begun:
        return begun[0]
    found = near_misses(name, known, least=_NEAR)
    return found[0] if found and abs(len(found[0]) - len(name)) <= _MOST_SLIPS else ""


def _value_of(
    words: _Words, index: int, argument: Argument, following: range, *, greedy: bool, now: datetime
) -> tuple[str, int]:
    """Return the value of a `name:` word, and how many of the words after it belong to it."""
    token = words.tokens[index]
    if token.quoted:
        return token.text, 0
    if argument.kind is ArgumentKind.FLAG and token.is_flag:
        return "yes", 0
    own = [token.text] if token.text else []
    texts = [*own, *words.read(following)]
    count = min(max(_extent(argument, texts, greedy=greedy, now=now), 1), len(texts)) - len(own)
    if not count:
        return token.text, 0
    if not own:
        return words.take(following[:count]), count
    return words.line[token.value_at : words.tokens[following[count - 1]].end], count


def _extent(argument: Argument, texts: Sequence[str], *, greedy: bool, now: datetime) -> int:
    """Return how many of the words in front a value of that kind uses."""
    if argument.kind in _TEXTS:
        return len(texts)
    if argument.kind is ArgumentKind.DUE:
        matched = match_prefix(texts[:_LONGEST_DUE], now=now, zone="UTC")
        return matched or (len(texts) if greedy else 1)
    if argument.kind is ArgumentKind.REPEAT:
        return len(texts) if greedy else match_recurrence(texts, today=now.date())
    return _run(argument, texts) if argument.many else 1


def _run(argument: Argument, texts: Sequence[str]) -> int:
    """Return how many words in front are numbers or people, or are joined to such by a comma."""
    pattern = _NUMBER if argument.kind is ArgumentKind.REFERENCE else _PERSON
    count = 1
    while count < len(texts) and (pattern.match(texts[count]) or texts[count - 1].endswith(",")):
        count += 1
    return count


def _take_positional(words: _Words, arguments: Sequence[Argument], values: Values, now: datetime) -> None:
    waiting = [argument for argument in arguments if argument.positional and argument.name not in values]
    for place, argument in enumerate(waiting):
        bare = words.bare()
        if not bare:
            return
        following = waiting[place + 1] if place + 1 < len(waiting) else None
        if argument.kind is ArgumentKind.REST or (following is None and argument.kind in _TEXTS):
            _put(values, argument, [words.take(bare)])
            return
        count = _positional_extent(argument, words.read(bare), following, now)
        _put(values, argument, words.take_each(bare[:count]))


def _positional_extent(argument: Argument, texts: Sequence[str], following: Argument | None, now: datetime) -> int:
    """Return how many words in front are the value of a positional argument, given which one comes behind it."""
    if argument.kind in _TEXTS:
        return 1
    if following is None and argument.kind is ArgumentKind.MEMBERS:
        return len(texts)
    count = _extent(argument, texts, greedy=following is None, now=now)
    if following is not None and following.kind is ArgumentKind.DUE:
        return _without_due(texts, count, now)
    return count


def _without_due(texts: Sequence[str], count: int, now: datetime) -> int:
    """Leave numbers to the due behind them where that makes it one: in `12 3 days` the number is 12."""
    for fewer in range(count, max(count - _LONGEST_DUE, 0), -1):
        rest = texts[fewer:]
        if rest and match_prefix(rest[:_LONGEST_DUE], now=now, zone="UTC") == len(rest):
            return fewer
    return count


def _take_fitting(words: _Words, arguments: Sequence[Argument], values: Values) -> None:
    """Let bare words that can only mean one optional argument stand without its name: `/task list done @ann`."""
    for index in words.bare():
        text = words.tokens[index].text.lower()
        for argument in arguments:
            if (argument.name not in values or argument.many) and _fits(argument, text):
                value = words.take([index])
                _put(values, argument, ["yes" if argument.kind is ArgumentKind.FLAG else value])
                break


def _fits(argument: Argument, text: str) -> bool:
    if argument.kind is ArgumentKind.CHOICE:
        return text in argument.choices
    if argument.kind is ArgumentKind.FLAG:
        return text == argument.name
    if argument.kind is ArgumentKind.CHANNEL:
        return bool(_CHANNEL.match(text))
    return argument.kind in (ArgumentKind.MEMBER, ArgumentKind.MEMBERS) and bool(_PERSON.match(text))


def _put(values: Values, argument: Argument, found: Sequence[str]) -> None:
    before = values.setdefault(argument.name, [])
    if before and not argument.many:
        raise InvalidArgumentError(argument.name, "twice", value=found[0])
    before.extend(found)
