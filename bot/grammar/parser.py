"""The text grammar: positional arguments, then `name:value` in any order; the last text takes what is left.

A value runs as far as its kind can use it: a due or a repetition as far as it can be read, people while words begin
with `@`, a text to the next `name:`. What is left over belongs to the command's own text where none came before, so
`/task add due:tomorrow 9am Buy milk` works; else it is refused, for nobody's text grows unasked.
Where there may be a text, `name:` is text unless the value follows at once: `Meeting notes: call Ann`.
Pure: nothing here looks anything up; values stay texts and are converted when the asker is known.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.grammar.tokens import Token
from core.chat.spec import OVERRIDE, Argument, ArgumentKind
from core.dates.due import MOST_PREFIX_WORDS, match_prefix
from core.dates.going_on import may_go_on
from core.dates.recurrence_grammar import match_recurrence
from core.shared.currencies import parted
from core.shared.errors import InvalidArgumentError
from core.shared.nearness import near_misses
from core.shared.value_objects import value_object

CONFIRM = Argument("confirm", ArgumentKind.FLAG, "yes, once the consequence is known", required=False, positional=False)
"""What commands take besides their own arguments when they can't be undone and name a consequence."""

_PEOPLE = (ArgumentKind.MEMBER, ArgumentKind.MEMBERS)
_TEXTS = (ArgumentKind.REST, ArgumentKind.LINE, ArgumentKind.LINES)
_DATES = (ArgumentKind.DUE, ArgumentKind.REPEAT)
_NUMBERS = (ArgumentKind.REFERENCE, ArgumentKind.INTEGER)
_AMOUNTS = (ArgumentKind.INTEGER, ArgumentKind.AMOUNT)
_PERSON = re.compile(r"^(?:@|<@)")
_CHANNEL = re.compile(r"^(?:#|<#)")
_NUMBER = re.compile(r"^#?\d{1,18}(?:,#?\d{1,18})*,?$")
_FIGURE = re.compile(r"^(?:[-+−]?[0-9][0-9.,'’]*(?:e[-+]?[0-9]+)?(?: ?%)?|none)$", re.IGNORECASE)
"""What is meant for a number, whether or not it can be read as one."""
_COUNT = re.compile(r"^[0-9]+(?:\.[0-9]+)?$")
_NUMBER_AND_NAME = 2
_NEAR = 80
"""Likeness (0-100) from which an unknown `name:` counts as a misspelt argument rather than as text."""
_NEAR_TAKEN = 60
"""That from which it is offered in place of one that the command does not take."""
_MOST_SLIPS = 2
_SHORTEST_BEGINNING = 4
Values = dict[str, list[str]]


@value_object
class _Reach:
    """How far a value may reach: as of when dues are read, and among which arguments of the command.

    It is `greedy` where nothing else can take what it leaves over.
    """

    now: datetime
    greedy: bool
    arguments: Iterable[Argument]


@dataclass(slots=True)
class _Words:
    """The words of a line not yet understood, in order, with the line they come from."""

    line: str
    tokens: list[Token]
    taken: set[int] = field(default_factory=set)
    behind: dict[int, tuple[str, str]] = field(default_factory=dict)
    """What was read in front of a word, by its position: the argument's name and its value."""

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

    Raises `InvalidArgumentError` for what fits nowhere, or in two places: reasons `unknown_name`,
    `no_such_argument`, `twice`, `left_over`, `goes_on`.
    """
    has_units = any(argument.is_money or argument.is_percent for argument in arguments)
    words = _Words(line, _with_units(tokens) if has_units else tokens)
    values: Values = {}
    _take_named(words, by_any_name(arguments), values, now)
    _take_positional(words, arguments, values, now)
    if not any(argument.kind is ArgumentKind.REST for argument in arguments):
        _take_fitting(words, arguments, values)
    if (left := words.bare()) and (record := _record_by_words(arguments, values)):
        # Most likely its title: who looks it up says which number that has.
        typed = [*values.get(record.name, ()), *words.take_each(left)]
        values[record.name] = typed if record.many else [" ".join(typed)]
    elif left:
        raise _left_over(words, left, arguments)
    return {name: tuple(found) for name, found in values.items()}


def _with_units(tokens: Sequence[Token]) -> list[Token]:
    """Return words with the currency or percent sign behind an amount as a part of it, as in `30 EUR`."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last and not (token.quoted or token.name or last.quoted) and _is_with_unit(last.text, token.text):
            joined[-1] = replace(last, text=f"{last.text} {token.text}", end=token.end)
        else:
            joined.append(token)
    return joined


def _is_with_unit(text: str, behind: str) -> bool:
    return bool(_FIGURE.match(text)) and (behind == "%" or bool(parted(f"{text} {behind}")[1]))


def _is_figure(text: str) -> bool:
    """Tell whether a word is meant for a number, whatever currency stands beside it."""
    return bool(_FIGURE.match(parted(text)[0]))


def by_any_name(arguments: Iterable[Argument]) -> dict[str, Argument]:
    """Return arguments by their names, those by which they are understood as well."""
    return {name: argument for argument in arguments for name in (argument.name, *argument.also)}


def _record_by_words(arguments: Sequence[Argument], values: Values) -> Argument | None:
    """Return the argument for a record that words were typed for, if the command takes nothing else without a name."""
    positional = [argument for argument in arguments if argument.positional]
    if [argument.kind for argument in positional] != [ArgumentKind.REFERENCE]:
        return None
    return None if all(map(_NUMBER.match, values.get(positional[0].name, ()))) else positional[0]


def _left_over(words: _Words, left: Sequence[int], arguments: Iterable[Argument]) -> InvalidArgumentError:
    """Refuse words that belong nowhere, naming what was read before them and what there is to name."""
    takes = tuple(argument.name for argument in arguments if argument.name not in (CONFIRM.name, OVERRIDE.name))
    after, read = words.behind.get(left[0], ("", ""))
    first = words.tokens[left[0]]
    if first.name and not (after or first.text.startswith("/")):
        near = tuple(f"{name}:" for name in near_misses(first.name.lower(), takes, least=_NEAR_TAKEN))
        return InvalidArgumentError("", "no_such_argument", value=first.name, near=near, takes=takes)
    return InvalidArgumentError("", "left_over", value=words.take(left[:8]), after=after, read=read, takes=takes)


def _take_named(words: _Words, known: Mapping[str, Argument], values: Values, now: datetime) -> None:
    texts = [argument for argument in known.values() if argument.positional and argument.kind in _TEXTS]
    # In front of a text there may be the number of what it is about, or what else that goes by.
    has_number = any(argument.positional and argument.kind in _NUMBERS for argument in known.values())
    first = int(any(argument.kind is ArgumentKind.REFERENCE and argument.positional for argument in known.values()))
    named = [index for index, token in enumerate(words.tokens) if _named(token, known)]
    open_names = _open_names(words, named)
    bound = [index for index in named if index not in open_names]
    begun, position = False, 0
    for index in named:
        if index < position:
            continue
        argument = known[words.tokens[index].name.lower()]
        before = words.read(range(max(position, first), index))
        begun = begun or not all(has_number and _NUMBER.match(text) for text in before)
        if index in open_names and texts:
            begun, position = True, index
            continue
        ends = bound if argument.kind in _TEXTS else named
        stop = ends[at] if (at := bisect_right(ends, index)) < len(ends) else len(words.tokens)
        following = range(index + 1, stop)
        reach = _Reach(now, begun or not texts, known.values())
        value, used = _value_of(words, index, argument, following, reach)
        words.taken.update((index, *following[:used]))
        position = index + 1 + used
        if argument.kind is not ArgumentKind.FLAG:
            words.behind[position] = argument.name, value
        begun = begun or argument in texts
        _put(values, argument, [value])


def _open_names(words: _Words, named: Sequence[int]) -> set[int]:
    """Return the positions of `name:` that have no value behind the colon, but other words behind the blank."""
    bare = {index for index in named if not (token := words.tokens[index]).text and not (token.quoted or token.is_flag)}
    return {index for index in bare if index + 1 < len(words.tokens)} - {index - 1 for index in named}


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
            raise InvalidArgumentError(known[near].name, "unknown_name", value=token.name)
    return False


def _near(name: str, known: Mapping[str, Argument]) -> str:
    """Return the argument that a name was meant for: one it begins, or one spelt much like it; empty if none."""
    begun = [full for full in known if len(name) >= _SHORTEST_BEGINNING and full.startswith(name)]
    if begun:
        return begun[0]
    found = near_misses(name, known, least=_NEAR)
    return found[0] if found and abs(len(found[0]) - len(name)) <= _MOST_SLIPS else ""


def _value_of(words: _Words, index: int, argument: Argument, following: range, reach: _Reach) -> tuple[str, int]:
    """Return the value of a `name:` word, and how many of the words after it belong to it."""
    token = words.tokens[index]
    if token.quoted:
        return token.text, 0
    if argument.kind is ArgumentKind.FLAG and token.is_flag:
        return "yes", 0
    own = [token.text] if token.text else []
    texts = [*own, *words.read(following)]
    count = min(max(_extent(argument, texts, reach), 1), len(texts)) - len(own)
    if not count:
        return token.text, 0
    if not own:
        return words.take(following[:count]), count
    return words.line[token.value_at : words.tokens[following[count - 1]].end], count


def _extent(argument: Argument, texts: Sequence[str], reach: _Reach) -> int:
    """Return how many of the words in front a value of that kind uses."""
    if argument.kind in _TEXTS:
        return len(texts)
    unread = len(texts) if reach.greedy else 1
    if argument.kind is ArgumentKind.DUE:
        return match_prefix(texts[:MOST_PREFIX_WORDS], now=reach.now, zone="UTC") or unread
    if argument.kind is ArgumentKind.REPEAT:
        return len(texts) if reach.greedy else match_recurrence(texts, today=reach.now.date())
    is_no_choice = argument.kind is ArgumentKind.CHOICE and texts[:1] and texts[0].lower() not in argument.choices
    if reach.greedy and (argument.kind in _PEOPLE or is_no_choice):
        return _until_another(argument, texts, reach.arguments)
    return _run(argument, texts) if argument.many else 1


def _until_another(argument: Argument, texts: Sequence[str], arguments: Iterable[Argument]) -> int:
    """Return how many words stand before one that can only be another argument's: names have several words."""
    # Of people, more may be meant by the same argument.
    others = [other for other in arguments if other is not argument and not (argument.many and other.kind in _PEOPLE)]
    for count, text in enumerate(texts[1:], start=1):
        if any(_fits(other, text.lower()) for other in others):
            return count
    return len(texts)


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
        if following and _is_number_first(argument, following, words.read(bare)):
            _put(values, following, [words.take(bare[:1])])
            _put(values, argument, words.take_each(bare[1:]))
            return
        if argument.kind is ArgumentKind.REST or (following is None and argument.kind in _TEXTS):
            run = _run_of(bare)
            _refuse_doubtful(words, run, arguments, now)
            _put(values, argument, [words.take(run)])
            return
        reach = _Reach(now, following is None, arguments)
        count = _before_numbers(words, bare, waiting[place:])
        count = count or _positional_extent(argument, words.read(bare), following, reach)
        _put(values, argument, words.take_each(bare[:count]))


def _is_number_first(argument: Argument, following: Argument, texts: Sequence[str]) -> bool:
    """Tell whether the number that has to follow a record stands in front of it, as in `sell 3 green apples`."""
    names_one = argument.kind is ArgumentKind.REFERENCE and not argument.many
    if not names_one or following.kind not in _AMOUNTS or not following.required or len(texts) < _NUMBER_AND_NAME:
        return False
    number, *name = texts
    return bool(_COUNT.match(parted(number)[0])) and not any(map(_is_figure, name)) and not name[0].startswith("#")


def _before_numbers(words: _Words, bare: Sequence[int], waiting: Sequence[Argument]) -> int:
    """Return how many words in front name something that numbers follow: of `Green apples 50 0.50` two; 0 for others.

    A number may be part of the name as long as enough of them follow; where a text may follow them, the first is none.
    """
    first, *others = waiting
    kinds = [other.kind for other in others]
    amounts = next((count for count, kind in enumerate(kinds) if kind not in _AMOUNTS), len(kinds))
    names_one = first.kind is ArgumentKind.LINE or (first.kind is ArgumentKind.REFERENCE and not first.many)
    if not amounts or not names_one or words.tokens[bare[0]].quoted:
        return 0
    bare = bare if first.kind is ArgumentKind.LINE else _without_strange(words, bare)
    are_numbers = list(map(_is_figure, words.read(bare)))
    if len(kinds) > amounts:
        return next((place for place, is_one in enumerate(are_numbers) if place and is_one), 1)
    behind = next((place for place, is_one in enumerate(reversed(are_numbers)) if not is_one), len(bare) - 1)
    return len(bare) - min(behind, amounts, len(bare) - 1)


def _without_strange(words: _Words, bare: Sequence[int]) -> Sequence[int]:
    """Leave what stands behind a number and names no argument: of `apples 3 shelf:2` the last word is no name's."""
    tokens = [words.tokens[index] for index in bare]
    behind = next((place for place, token in enumerate(reversed(tokens)) if not (token.name and token.text)), len(bare))
    count = len(bare) - behind
    return bare[:count] if count > 1 and _is_figure(tokens[count - 1].text) else bare


def _refuse_doubtful(words: _Words, run: Sequence[int], arguments: Sequence[Argument], now: datetime) -> None:
    """Refuse a text right behind a date that its first word may go on with; in quotes it is a text."""
    name, read = words.behind.get(run[0], ("", ""))
    first = words.tokens[run[0]]
    is_date = any(one.name == name and one.kind in _DATES for one in arguments)
    if is_date and not first.quoted and may_go_on(read, first.text, now):
        raise InvalidArgumentError(name, "goes_on", value=" ".join(words.read(run[:8])), read=read)


def _run_of(indexes: Sequence[int]) -> Sequence[int]:
    """Return the first of these words and those that follow it without another between."""
    gaps = (count for count, index in enumerate(indexes) if index != indexes[0] + count)
    return indexes[: next(gaps, len(indexes))]


def _positional_extent(argument: Argument, texts: Sequence[str], following: Argument | None, reach: _Reach) -> int:
    """Return how many words in front are the value of a positional argument, given which one comes behind it."""
    if argument.kind in _TEXTS:
        return 1
    if argument.kind in _PEOPLE and following and following.kind is ArgumentKind.CHOICE:
        return _until_another(argument, texts, [following])
    if argument.kind is ArgumentKind.DUE and following is None:
        return _until_another(argument, texts, reach.arguments)
    count = _extent(argument, texts, reach)
    if following is not None and following.kind is ArgumentKind.DUE:
        return _without_due(texts, count, reach.now)
    return count


def _without_due(texts: Sequence[str], count: int, now: datetime) -> int:
    """Leave numbers to the due behind them where that makes it one: in `12 3 days` the number is 12."""
    for fewer in range(count, max(count - MOST_PREFIX_WORDS, 0), -1):
        rest = texts[fewer:]
        if rest and match_prefix(rest[:MOST_PREFIX_WORDS], now=now, zone="UTC") == len(rest):
            return fewer
    return count


def _take_fitting(words: _Words, arguments: Sequence[Argument], values: Values) -> None:
    """Let bare words that can only mean one optional argument stand without its name: `/task list done @ann`."""
    for index in words.bare():
        text = words.tokens[index].text.lower()
        for argument in arguments if index not in words.taken else ():
            if (argument.name not in values or argument.many) and _fits(argument, text):
                run = _run_of([bare for bare in words.bare() if bare >= index])
                count = _until_another(argument, words.read(run), arguments) if argument.kind in _PEOPLE else 1
                value = words.take(run[:count])
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
