"""The text grammar: positional arguments, then `name:value` in any order; the last text takes what is left.

A value runs as far as its kind can use it: a due as far as it can be read, people while words begin with `@`, a text to
the next `name:`. What is left over belongs to the command's own text, so `/task add due:tomorrow 9am Buy milk` works.
Pure: nothing here looks anything up; values stay texts and are converted when the asker is known.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rapidfuzz import fuzz, process

from bot.tokens import Token
from core.chat.spec import Argument, ArgumentKind
from core.shared.errors import InvalidArgumentError
from core.tasks.due import match_prefix

CONFIRM = Argument("confirm", ArgumentKind.FLAG, "yes, once the consequence is known", required=False, positional=False)
"""Every command takes it; only those that can't be undone ask for it."""

_TEXTS = (ArgumentKind.REST, ArgumentKind.LINE, ArgumentKind.LINES)
_PERSON = re.compile(r"^(?:@|<@)")
_NUMBER = re.compile(r"^#?\d{1,18}(?:,#?\d{1,18})*,?$")
_NEAR = 80
"""Likeness (0–100) from which an unknown `name:` counts as a misspelt argument rather than as text."""

Values = dict[str, list[str]]


@dataclass(slots=True)
class _Words:
    """The words of a line not yet understood, in order, with the line they come from."""

    line: str
    tokens: list[Token]
    taken: set[int] = field(default_factory=set)

    def bare(self, start: int = 0) -> list[int]:
        """Return the positions of words that nothing has taken yet."""
        return [index for index in range(start, len(self.tokens)) if index not in self.taken]

    def take(self, indexes: Sequence[int]) -> str:
        """Take these words and return them as typed, single quoted ones without their quotes."""
        self.taken.update(indexes)
        tokens = [self.tokens[index] for index in indexes]
        if len(tokens) == 1 and tokens[0].quoted and not tokens[0].name:
            return tokens[0].text
        pieces: list[str] = []
        for index, token in zip(indexes, tokens, strict=True):
            adjacent = pieces and index - 1 in indexes
            gap = self.line[self.tokens[index - 1].end : token.start] if adjacent else " "
            pieces.extend([gap if pieces else "", self.line[token.start : token.end]])
        return "".join(pieces)


def parse_arguments(
    line: str, tokens: list[Token], arguments: Sequence[Argument], now: datetime
) -> Mapping[str, tuple[str, ...]]:
    """Return the typed values by argument name; several of one argument in order of appearance.

    Raises `InvalidArgumentError` for what fits nowhere: reasons `unknown_name`, `twice`, `left_over`.
    """
    known = {argument.name: argument for argument in (*arguments, CONFIRM)}
    words = _Words(line, tokens)
    values: Values = {}
    _take_named(words, known, values, now)
    _take_positional(words, arguments, values, now)
    _take_fitting(words, arguments, values)
    left = words.bare()
    if left:
        raise InvalidArgumentError("", "left_over", value=words.take(left[:8]))
    return {name: tuple(found) for name, found in values.items()}


def _take_named(words: _Words, known: Mapping[str, Argument], values: Values, now: datetime) -> None:
    has_text = any(argument.positional and argument.kind in _TEXTS for argument in known.values())
    named = [index for index, token in enumerate(words.tokens) if _named(token, known)]
    for order, index in enumerate(named):
        stop = named[order + 1] if order + 1 < len(named) else len(words.tokens)
        token = words.tokens[index]
        argument = known[token.name.lower()]
        following = list(range(index + 1, stop))
        value, used = _value_of(words, token, argument, following, greedy=not has_text, now=now)
        words.taken.update({index, *used})
        _put(values, argument, value)


def _named(token: Token, known: Mapping[str, Argument]) -> bool:
    """Tell whether a word names an argument; a near miss with a value is refused rather than swallowed as text."""
    name = token.name.lower()
    if not name:
        return False
    if name in known:
        return True
    if token.text and not token.text.startswith("/"):
        near = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if near and abs(len(near[0]) - len(name)) <= 2:
            raise InvalidArgumentError(near[0], "unknown_name", value=token.name)
    return False


def _value_of(
    words: _Words, token: Token, argument: Argument, following: list[int], *, greedy: bool, now: datetime
) -> tuple[str, list[int]]:
    """Return the value of a `name:` word and the words after it that belong to it."""
    if token.quoted:
        return token.text, []
    texts = [words.tokens[index].text if not words.tokens[index].name else _raw(words, index) for index in following]
    if not token.text:
        count = _extent(argument, texts, greedy=greedy, now=now) or min(1, len(texts))
        return _joined(words, following[:count]), following[:count]
    if argument.kind in _TEXTS:
        count = len(texts)
    else:
        count = max(_extent(argument, [token.text, *texts], greedy=greedy, now=now) - 1, 0)
    tail = _joined(words, following[:count])
    return f"{token.text} {tail}".strip(), following[:count]


def _raw(words: _Words, index: int) -> str:
    token = words.tokens[index]
    return words.line[token.start : token.end]


def _joined(words: _Words, indexes: Sequence[int]) -> str:
    return words.take(list(indexes)) if indexes else ""


def _extent(argument: Argument, texts: Sequence[str], *, greedy: bool, now: datetime) -> int:
    """Return how many of the words in front a value of that kind uses; at least one if there is one."""
    if argument.kind in _TEXTS:
        return len(texts)
    if argument.kind is ArgumentKind.DUE:
        matched = match_prefix(texts, now=now, zone="UTC")
        return matched or (len(texts) if greedy else 1)
    if argument.many:
        pattern = _NUMBER if argument.kind is ArgumentKind.TASK else _PERSON
        count = 1
        while count < len(texts) and (pattern.match(texts[count]) or texts[count - 1].endswith(",")):
            count += 1
        return count
    return 1


def _take_positional(words: _Words, arguments: Sequence[Argument], values: Values, now: datetime) -> None:
    waiting = [argument for argument in arguments if argument.positional and argument.name not in values]
    texts_of = [argument for argument in waiting if argument.kind in _TEXTS]
    for argument in waiting:
        bare = words.bare()
        if not bare:
            return
        if argument.kind is ArgumentKind.REST or (texts_of and argument is texts_of[-1] and argument is waiting[-1]):
            _put(values, argument, words.take(bare))
            return
        texts = [words.tokens[index].text if not words.tokens[index].name else _raw(words, index) for index in bare]
        count = 1
        if argument.kind not in _TEXTS:
            count = _extent(argument, texts, greedy=argument is waiting[-1], now=now)
            if argument is waiting[-1] and argument.kind is ArgumentKind.MEMBERS:
                count = len(texts)
        _put(values, argument, words.take(bare[: max(count, 1)]))


def _take_fitting(words: _Words, arguments: Sequence[Argument], values: Values) -> None:
    """Let bare words that can only mean one optional argument stand without its name: `/task list done @ann`."""
    for index in words.bare():
        text = words.tokens[index].text.lower()
        for argument in arguments:
            if argument.name in values and not argument.many:
                continue
            is_choice = argument.kind is ArgumentKind.CHOICE and text in argument.choices
            is_person = argument.kind in (ArgumentKind.MEMBER, ArgumentKind.MEMBERS) and _PERSON.match(text)
            if is_choice or is_person:
                _put(values, argument, words.take([index]))
                break


def _put(values: Values, argument: Argument, value: str) -> None:
    found = values.setdefault(argument.name, [])
    if found and not argument.many:
        raise InvalidArgumentError(argument.name, "twice", value=value)
    found.append(value)
