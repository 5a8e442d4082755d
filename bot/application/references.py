"""Records by what people call them: their numbers take its place before a command sees them."""

import re
from collections.abc import Mapping, Sequence

from bot.application.context import Context
from bot.grammar.command_text import command_text
from bot.grammar.subjects import Subject
from core.chat.spec import NOBODY, Argument, ArgumentKind, CommandInfo
from core.ports.storage import UnitOfWork
from core.shared.errors import InvalidArgumentError, NotFoundError
from core.shared.nearness import near_misses
from core.workspaces.model import Audience

_NUMBERS = re.compile(r"#?[0-9]+(?: +#?[0-9]+)*")
_MARKED = re.compile(r"#[0-9]+")
_LETTER = re.compile(r"[^\W\d_]")
_MOST_NAMED, _MOST_LIKE = 5, 3
_BEGINNING, _MOST_BEGUN, _LIKE = 2, 50, 75
"""How many letters a name has to begin with to be compared, how many such names are, and how alike they have to be."""

Texts = tuple[str, ...]


async def with_numbers(command: CommandInfo, given: Mapping[str, Texts], context: Context) -> Mapping[str, Texts]:
    """Return the arguments of a command with the numbers of those records that go by something else.

    Raises `NotFoundError`, and `InvalidArgumentError` with reason `several_records` where several are called so, and
    `not_a_reference` for words where only numbers will do, with the records whose titles are like that.
    """
    references = [argument for argument in command.arguments if argument.kind is ArgumentKind.REFERENCE]
    wanted = [(one, context.subjects[one.subject]) for one in references if any(given.get(one.name, ()))]
    found: dict[str, Texts] = {}
    for argument, subject in wanted:
        if subject.find:
            audience = await context.audience()
            words = _words(argument, given[argument.name])
            if all(map(_MARKED.fullmatch, words)):
                found[argument.name] = tuple(words)
                continue
            async with context.services.transactions.read() as work:
                try:
                    numbers = [await _number(work, argument, subject, word, audience) for word in words]
                except NotFoundError as error:
                    if not argument.many:
                        error.instead = await _instead(work, command, given, argument, subject, audience)
                    raise
                found[argument.name] = tuple(numbers)
        elif argument.required and any(map(_LETTER.search, given[argument.name])):
            raise await _no_number(argument, subject, " ".join(given[argument.name]), context)
    return {**given, **found}


def _words(argument: Argument, texts: Texts) -> Sequence[str]:
    """Return what each record is called, which may have blanks in it; several are told apart by commas."""
    if not argument.many:
        return [" ".join(texts).strip()]
    words = [word.strip() for text in texts for word in text.split(",")]
    return [one for word in words if word for one in (word.split() if _NUMBERS.fullmatch(word) else [word])]


async def _no_number(argument: Argument, subject: Subject, words: str, context: Context) -> InvalidArgumentError:
    audience = await context.audience()
    async with context.services.transactions.read() as work:
        like = [f"{called} “{title}”" for called, title in await subject.suggest(work, words, audience, _MOST_LIKE)]
    about = {"value": words, "example": argument.example, "subject": argument.subject}
    return InvalidArgumentError(argument.name, "not_a_reference", **about, choices=tuple(like))


async def _instead(
    work: UnitOfWork,
    command: CommandInfo,
    given: Mapping[str, Texts],
    argument: Argument,
    subject: Subject,
    audience: Audience,
) -> Mapping[str, str]:
    """Return the command with each of the records that may have been meant, by what these are called."""
    near = await _near(work, subject, " ".join(given[argument.name]), audience)
    return {name: command_text(command, {**given, argument.name: (called,)}) for called, name in near.items()}


async def _near(work: UnitOfWork, subject: Subject, word: str, audience: Audience) -> Mapping[str, str]:
    """Return what records are called that begin so, or are spelt much like it, by what they go by."""
    for typed in dict.fromkeys((word, max(word.split(), key=len, default=""))):
        if typed and (found := dict(await subject.suggest(work, typed, audience, _MOST_LIKE))):
            return found
    begun = dict(await subject.suggest(work, word[:_BEGINNING], audience, _MOST_BEGUN))
    known = [name.casefold() for name in begun.values()]
    names = near_misses(word.casefold(), known, least=_LIKE, most=_MOST_LIKE, partly=True)
    return {called: name for called, name in begun.items() if name.casefold() in names}


async def _number(work: UnitOfWork, argument: Argument, subject: Subject, word: str, audience: Audience) -> str:
    if not argument.required and word.lower() in NOBODY:
        return word
    if _MARKED.fullmatch(word):
        # Whether there is one is for the command to find out, which looks it up anyway.
        return word
    kind = subject.told.kind
    found = await subject.named(work, word, audience)
    if len(found) > 1:
        choices = tuple(kind.called(record) for record in found[:_MOST_NAMED])
        raise InvalidArgumentError(
            argument.name, "several_records", value=word, count=len(found), choices=choices, many=subject.info.many
        )
    if not found and not _NUMBERS.fullmatch(word):
        raise NotFoundError(subject.info.one, word)
    return f"#{kind.number_of(found[0])}" if found else word
