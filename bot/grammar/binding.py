"""Turning the texts of a plan into the values that a command function takes, for the person who asks."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from bot.grammar.arguments import ChannelScope, Upload
from bot.grammar.declaration import Command, JobKind, Parameter, choice_words
from bot.identity.directory import Directory
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Request
from core.chat.spec import NOBODY, NOTHING, OFF, Argument, ArgumentKind
from core.dates.due import Due, DueError, parse_due, says_last_of_month
from core.dates.recurrence import Recurrence
from core.dates.recurrence_errors import RecurrenceError
from core.dates.recurrence_grammar import parse_recurrence
from core.shared.currencies import is_called, parted
from core.shared.errors import InvalidArgumentError
from core.shared.naming import ME, MENTION, handle, near_person
from core.shared.nearness import known_by, near_misses
from core.shared.value_objects import value_object
from core.shared.zones import zone

_MENTIONED = re.compile(r"<([@#])([A-Za-z0-9]{1,64})(?:\|([^<>|]*))?>")
CHANNEL_MENTION = re.compile(r"^<#([A-Za-z0-9]{1,64})(?:\|[^>]*)?>$")
_YES = frozenset({"yes", "y", "true", "on", "1", "yep", "sure"})
_NO = frozenset({"no", "n", "false", "off", "0"})
_LARGEST = 2**53
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_MANY_DIGITS = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NEAR = 60
_NEAR_NAME = 80
_MOST_NAME_WORDS = 8
_JOINING = frozenset({"and", "&", "+"})


@value_object
class Binding:
    """What values depend on besides their text."""

    actor: Actor
    directory: Directory
    request: Request
    now: datetime


def bind(command: Command | JobKind, arguments: Mapping[str, Sequence[str]], binding: Binding) -> dict[str, object]:
    """Return the keyword arguments of the command function; raises `InvalidArgumentError` for the first bad one."""
    arguments = _with_whole_names(command, arguments, binding)
    values = {
        parameter.python_name: _value(parameter, tuple(arguments.get(parameter.argument.name, ())), binding)
        for parameter in command.parameters
    }
    return values | _repeating_on_last_day(command, arguments, values)


def _repeating_on_last_day(
    command: Command | JobKind, arguments: Mapping[str, Sequence[str]], values: Mapping[str, object]
) -> dict[str, object]:
    """Return the repetition on each month's last day where the due beside it was said as such: `due:end of month`."""
    named = {parameter.argument.kind: parameter for parameter in command.parameters}
    due, repeat = named.get(ArgumentKind.DUE), named.get(ArgumentKind.REPEAT)
    if due is None or repeat is None:
        return {}
    when, how = values[due.python_name], values[repeat.python_name]
    if not (isinstance(when, Due) and isinstance(how, Recurrence)):
        return {}
    is_last = says_last_of_month("".join(arguments.get(due.argument.name, ())), when)
    return {repeat.python_name: how.on_last_day()} if is_last else {}


def refuse_choice(command: Command, arguments: Mapping[str, Sequence[str]], directory: Directory) -> None:
    """Refuse what was meant for a choice and stands behind a person: of `@Ana Costa cleark`, the last word.

    Only here it is known that this is nobody's name. Raises `InvalidArgumentError` (`not_a_choice`).
    """
    parameters = {parameter.argument.kind: parameter for parameter in command.parameters}
    person, choice = parameters.get(ArgumentKind.MEMBER), parameters.get(ArgumentKind.CHOICE)
    if person is None or choice is None or arguments.get(choice.argument.name):
        return
    name, _, word = "".join(arguments.get(person.argument.name, ())).rpartition(" ")
    if name and directory.names.find(name) and not directory.names.find(f"{name} {word}"):
        _choice(choice, word)


def _with_whole_names(
    command: Command | JobKind, arguments: Mapping[str, Sequence[str]], binding: Binding
) -> Mapping[str, Sequence[str]]:
    """Give people the rest of their names that was taken for the beginning of the text right behind them.

    `/task add assign:@Ana Costa Buy milk`: only here it is known who is called what.
    """
    kinds = {argument.kind: argument.name for argument in command.info.arguments}
    people, text = kinds.get(ArgumentKind.MEMBERS, ""), kinds.get(ArgumentKind.REST, "")
    named, said = "".join(arguments.get(people, ())[-1:]), "".join(arguments.get(text, ()))
    if not named.rpartition(" ")[2].startswith("@") or f":{named} {said}" not in binding.request.text:
        return arguments
    words, taken = [named.rpartition(" ")[2], *said.split()], 0
    while more := _rest_of_name(words[taken:], binding.directory):
        taken += more
        if not words[taken + 1].startswith("@") or taken + 2 >= len(words):
            break
        taken += 1
    _refuse_more_of_name(people, words, taken, binding.directory)
    if not taken:
        return arguments
    whole, rest = " ".join([named, *words[1 : taken + 1]]), said.split(maxsplit=taken)[taken]
    return {**arguments, people: (*arguments[people][:-1], whole), text: (rest,)}


def _refuse_more_of_name(argument: str, words: Sequence[str], taken: int, directory: Directory) -> None:
    """Refuse a text whose first word may be more of the name before it: of `Ana Costa`, `@Ana Costa-Silva` names."""
    at = max(place for place, word in enumerate(words[: taken + 1]) if word.startswith("@"))
    name, (more, *_) = handle(" ".join(words[at : taken + 1]).removeprefix("@")), words[taken + 1 :]
    for member in directory.names.find(name):
        whole = handle(directory.name(member))
        left = whole.removeprefix(f"{name}-") if whole != name else ""
        goes_on = f"{name}-{handle(more)}".startswith(f"{whole}-") and "-" in more
        if goes_on or (left and near_misses(handle(more), [left], least=_NEAR_NAME)):
            said = " ".join(words[taken + 1 :][:_MOST_NAME_WORDS])
            raise InvalidArgumentError(argument, "goes_on", value=said, read=" ".join(words[at : taken + 1]))


def _rest_of_name(words: Sequence[str], directory: Directory) -> int:
    """Return how many words behind the first are of one name with it, if another word is left behind them."""
    counts = range(min(len(words) - 2, _MOST_NAME_WORDS), 0, -1)
    return next((count for count in counts if _is_name(words[: count + 1], directory)), 0)


def _value(parameter: Parameter, texts: tuple[str, ...], binding: Binding) -> object:
    argument = parameter.argument
    if argument.kind is ArgumentKind.FILE:
        return _upload(argument, texts, binding)
    if not any(texts):
        if argument.required:
            raise InvalidArgumentError(argument.name, "missing", example=argument.example)
        return parameter.default
    word = texts[0].strip().lower()
    if argument.clearable and word == NOTHING:
        return ""
    if argument.kind is ArgumentKind.REST and word == NOTHING:
        _refuse_nothing(argument, binding.request.text)
    if parameter.nullable and _says_nothing(parameter, word):
        return None
    if argument.kind is ArgumentKind.CHOICE:
        return _choice(parameter, texts[0])
    return _CONVERTERS[argument.kind](argument, texts, binding)


def _says_nothing(parameter: Parameter, word: str) -> bool:
    """Tell whether a word stands for nothing; `off` does for a channel where that is another thing than none given."""
    argument = parameter.argument
    if argument.clearable or argument.kind is ArgumentKind.REST:
        return False
    is_off = argument.kind is ArgumentKind.CHANNEL and parameter.default is not None and word == OFF
    return is_off or word in NOBODY


def _refuse_nothing(argument: Argument, line: str) -> None:
    """Refuse `title:none`, which was meant to empty what can't be empty; in quotes it is the word."""
    if re.search(rf"(?:^|\s){argument.name}:\s*{NOTHING}(?:\s|$)", line, re.IGNORECASE):
        raise InvalidArgumentError(argument.name, "not_clearable", value=NOTHING)


def _line(_argument: Argument, texts: tuple[str, ...], binding: Binding) -> str:
    """Return a text with the people and channels that it speaks of by name, as it is read on every platform."""
    return _MENTIONED.sub(lambda found: _spoken_of(found, binding), texts[0].strip())


def _spoken_of(found: "re.Match[str]", binding: Binding) -> str:
    """Return `@name` or `#name` for a platform's mention; one of nobody we know is left as it is."""
    mark, external, label = found[1], found[2], found[3]
    actor, directory = binding.actor, binding.directory
    if mark == "@":
        member = directory.by_identity.get((actor.platform, actor.space_id, external))
        name = directory.name(member) if member is not None else label
    else:
        place = (actor.space_id, external, ChannelKind.PUBLIC)
        known = (c.name for c in directory.channels.values() if (c.space_id, c.external_id, c.kind) == place)
        name = next(known, label)
    return f"{mark}{name}" if name else found[0]


def _integer(argument: Argument, texts: tuple[str, ...], _binding: Binding) -> int:
    return _number(argument, texts[0])


def _amount(argument: Argument, texts: tuple[str, ...], binding: Binding) -> Decimal:
    typed, currency = parted(texts[0]) if argument.is_money else (texts[0].strip(), "")
    typed = typed.removesuffix("%").rstrip() if argument.is_percent else typed
    ours = binding.directory.workspace.currency
    if currency and not is_called(ours, currency):
        raise InvalidArgumentError(argument.name, "other_currency", value=texts[0].strip(), currency=ours)
    if not _AMOUNT.fullmatch(typed):
        reason = "amount_digits" if _MANY_DIGITS.fullmatch(typed) else "not_an_amount"
        raise InvalidArgumentError(argument.name, reason, value=typed, example=argument.example)
    return Decimal(typed)


def _number(argument: Argument, text: str) -> int:
    digits = text.strip().removeprefix("#").replace("−", "-")
    if not re.fullmatch(r"[-+]?[0-9]{1,16}", digits) or abs(int(digits)) > _LARGEST:
        if argument.kind is ArgumentKind.REFERENCE:
            raise _no_reference(argument, text)
        reason = "number_digits" if re.fullmatch(r"[-+]?[0-9]+", digits) else "not_a_number"
        raise InvalidArgumentError(argument.name, reason, value=text, example=argument.example)
    return int(digits)


def _no_reference(argument: Argument, text: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        argument.name, "not_a_reference", value=text, example=argument.example, subject=argument.subject
    )


def _references(argument: Argument, texts: tuple[str, ...], _binding: Binding) -> int | tuple[int, ...]:
    numbers = [_number(argument, word) for text in texts for word in re.split(r"[\s,]+", text) if word]
    if argument.many and numbers:
        return tuple(dict.fromkeys(numbers))
    if len(numbers) != 1:
        raise _no_reference(argument, " ".join(texts))
    return numbers[0]


def _flag(argument: Argument, texts: tuple[str, ...], _binding: Binding) -> bool:
    word = texts[0].strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise InvalidArgumentError(argument.name, "not_yes_or_no", value=texts[0])


def _due(argument: Argument, texts: tuple[str, ...], binding: Binding) -> object:
    try:
        return parse_due(texts[0], now=binding.now, zone=binding.actor.zone)
    except DueError as error:
        raise _unread(argument, "due", texts[0], error) from error


def _repeat(argument: Argument, texts: tuple[str, ...], binding: Binding) -> object:
    try:
        return parse_recurrence(texts[0], today=binding.now.astimezone(zone(binding.actor.zone)).date())
    except RecurrenceError as error:
        raise _unread(argument, "repeat", texts[0], error) from error


def _unread(argument: Argument, kind: str, text: str, error: DueError | RecurrenceError) -> InvalidArgumentError:
    """Say what of a text can't be read, and what before it can."""
    reason = f"{kind}_{error.reason.value}"
    words = {"value": error.part or text, "read": error.read, "example": error.example, "readings": error.readings}
    return InvalidArgumentError(argument.name, reason, **words)


def _choice(parameter: Parameter, text: str) -> object:
    words = choice_words(parameter.type)
    with suppress(ValueError):
        # An enumeration may know other words for its members (`_missing_`).
        return parameter.type(text.strip().lower())
    return known_by(text, words, parameter.argument.name, "not_a_choice")


def _members(argument: Argument, texts: tuple[str, ...], binding: Binding) -> tuple[int, ...]:
    if all(_is_nobody(text, binding.directory) for text in texts):
        if argument.required:
            raise InvalidArgumentError(argument.name, "names_nobody", value=texts[0].strip())
        return ()
    words = [word for text in texts for word in _names(text, binding.directory)]
    if not words:
        raise InvalidArgumentError(argument.name, "missing", example=argument.example)
    return tuple(dict.fromkeys(_member_of(argument, word, binding) for word in words))


def _names(text: str, directory: Directory) -> list[str]:
    """Split people named together: as many words are one name as somebody has it, else each by itself."""
    names: list[str] = []
    for part in text.split(","):
        words = part.split()
        while words:
            counts = range(min(len(words), _MOST_NAME_WORDS), 1, -1)
            count = next((count for count in counts if _is_name(words[:count], directory)), 1)
            if count > 1 or words[0].lower() not in _JOINING or directory.names.find(words[0]):
                names.append(" ".join(words[:count]))
            words = words[count:]
    return names


def _is_nobody(text: str, directory: Directory) -> bool:
    """Tell whether a text says that nobody is meant, and is nobody's name."""
    return text.strip().lower().removeprefix("@") in NOBODY and not directory.names.find(text.strip())


def _is_name(words: Sequence[str], directory: Directory) -> bool:
    """Tell whether words together are somebody's name; where a second `@` stands, another begins."""
    whole = handle(" ".join(words).removeprefix("@"))
    return whole in directory.names.by_handle and not any(word.startswith("@") for word in words[1:])


def _member(argument: Argument, texts: tuple[str, ...], binding: Binding) -> int:
    word = texts[0].strip()
    is_nobody = not argument.required and word.lower().removeprefix("@") in NOBODY
    return 0 if is_nobody else _member_of(argument, word, binding)


def _member_of(argument: Argument, word: str, binding: Binding) -> int:
    """Return the member behind a mention, `@me`, or a name that only one member has."""
    actor, names = binding.actor, binding.directory.names
    if mention := MENTION.fullmatch(word):
        member = binding.directory.by_identity.get((actor.platform, actor.space_id, mention[1]))
        if member is None:
            raise InvalidArgumentError(argument.name, "stranger", value=word)
        return member
    if word.removeprefix("@").lower() == ME:
        return actor.member_id
    found = names.find(word)
    if len(found) == 1:
        return found[0]
    if found:
        choices = tuple(map(names.word, found))
        raise InvalidArgumentError(argument.name, "several_people", value=word, count=len(found), choices=choices)
    near = near_person(word, names.by_handle)
    raise InvalidArgumentError(argument.name, "nobody_by_that_name", value=word, near=f"@{near}" if near else "")


def _channel(argument: Argument, texts: tuple[str, ...], binding: Binding) -> ChannelScope:
    word = texts[0].strip()
    if word.lower() in ("all", "any", "*"):
        return ChannelScope(None)
    if word.lower() in ("here", "this"):
        return ChannelScope(binding.actor.channel_id)
    mention = CHANNEL_MENTION.match(word)
    for channel in binding.directory.channels.values():
        if mention and (channel.space_id, channel.external_id) == (binding.actor.space_id, mention[1]):
            return ChannelScope(channel.id, word)
    named = None if mention else binding.directory.find_channel(word, binding.actor.space_id)
    if named is None:
        raise InvalidArgumentError(argument.name, "no_such_channel", value=word)
    return ChannelScope(named.id, word)


def _upload(argument: Argument, texts: tuple[str, ...], binding: Binding) -> Upload:
    attachments = binding.request.attachments
    word = texts[0].strip() if texts else ""
    if word:
        named = [attachment for attachment in attachments if attachment.name == word]
        return Upload(attachment=named[0]) if named else Upload(file_id=word)
    if attachments:
        return Upload(attachment=attachments[0])
    if argument.required:
        raise InvalidArgumentError(argument.name, "no_file")
    return Upload()


_CONVERTERS: Mapping[ArgumentKind, Callable[[Argument, tuple[str, ...], Binding], object]] = {
    ArgumentKind.LINE: _line,
    ArgumentKind.LINES: _line,
    ArgumentKind.REST: _line,
    ArgumentKind.INTEGER: _integer,
    ArgumentKind.AMOUNT: _amount,
    ArgumentKind.REFERENCE: _references,
    ArgumentKind.FLAG: _flag,
    ArgumentKind.DUE: _due,
    ArgumentKind.REPEAT: _repeat,
    ArgumentKind.MEMBERS: _members,
    ArgumentKind.MEMBER: _member,
    ArgumentKind.CHANNEL: _channel,
}
