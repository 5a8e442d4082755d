"""From a request to a plan, without any I/O: which command, which arguments, what kind of answer, seen by whom."""

import re
from collections.abc import Mapping, Sequence

from bot.grammar.forms import form_for
from bot.grammar.parser import CONFIRM, by_any_name, parse_arguments
from bot.grammar.registry import Registry
from bot.grammar.tokens import LINE_LIMIT, Token, normalise, tokenise
from core.chat.reply import Visibility
from core.chat.request import Request
from core.chat.spec import Answer, Argument, ArgumentKind, CommandInfo, Plan
from core.shared.clock import Clock
from core.shared.errors import InvalidArgumentError, LeftOverFilesError, UnknownCommandError, UserError
from core.shared.value_objects import value_object

_UNKEPT = re.compile("[\\x00\\ud800-\\udfff]")

HELP_AREA, HELP_ACTION = "qm", "help"


@value_object
class Planner:
    """Reads requests with the grammar of the registry's commands; `now` only decides how far a due reaches."""

    registry: Registry
    clock: Clock

    def plan(self, request: Request) -> Plan:
        """Return what the request will need; never raises: what is wrong is the plan's `problem`."""
        try:
            command, arguments = self._read(request)
        except _Help as wanted:
            return self._help(wanted.words)
        except _Misread as error:
            return self._failed(error.command, error.cause)
        except UserError as error:
            return self._failed(None, error)
        if len(request.attachments) > command.takes_files:
            return self._failed(command, self._left_over(command, request))
        return self._planned(command, arguments, request)

    def _read(self, request: Request) -> tuple[CommandInfo, Mapping[str, tuple[str, ...]]]:
        if request.command:
            area, _, action = request.command.partition(" ")
            found = self.registry.find(area, action)
            if found is None:
                raise UnknownCommandError(request.command, self.registry.near(area, action))
            return found.info, _given(request, found.info)
        command, arguments = self._parse(request.text)
        given = {**_visible(arguments), **_given(request, command)}
        empty = next(
            (argument for argument in command.arguments if argument.name in arguments.keys() - given.keys()), None
        )
        if empty and not any(self._missing(command, given, request)):
            raise _Misread(command, InvalidArgumentError(empty.name, "missing", example=empty.example))
        return command, given

    def _parse(self, line: str) -> tuple[CommandInfo, Mapping[str, tuple[str, ...]]]:
        if len(line) > LINE_LIMIT:
            raise InvalidArgumentError("", "line_too_long", limit=LINE_LIMIT)
        line = normalise(line)
        tokens = tokenise(line)
        area, action, used = self._head(line, tokens)
        found = self.registry.find(area, action)
        if found is None:
            raise UnknownCommandError(f"{area} {action}".strip(), self.registry.near(area, action))
        known = (*found.info.arguments, *_universal(found.info))
        try:
            return found.info, parse_arguments(line, tokens[used:], known, self.clock.now())
        except InvalidArgumentError as error:
            raise _Misread(found.info, error) from error

    def _head(self, line: str, tokens: list[Token]) -> tuple[str, str, int]:
        """Return area, action and how many words they took; `/qm` may stand before any command, or nothing at all."""
        words = [line[token.start : token.end].lower() for token in tokens[:4]]
        if not words:
            raise _Help(())
        first = self._area_word(words[0])
        start = 0
        if first == HELP_AREA and self._goes_on(words):
            first, start = self._area_word(words[1]), 1
        elif first == HELP_ACTION:
            raise _Help(tuple(words[1:]))
        action = words[start + 1] if len(words) > start + 1 else ""
        if first in self.registry.commands and action in ("", HELP_ACTION) and not self.registry.find(first, action):
            topic = () if first == HELP_AREA and not action else (first, *words[start + 2 :])
            raise _Help(topic)
        return first, action, start + 2

    def _goes_on(self, words: list[str]) -> bool:
        """Tell whether the word behind `/qm` is an area: `/qm task done 12`; actions of `/qm` itself go first."""
        area, action = self._area_word("".join(words[1:2])), "".join(words[2:3])
        if area not in self.registry.commands or area == HELP_AREA:
            return False
        return self.registry.find(HELP_AREA, area) is None or self.registry.find(area, action) is not None

    def _area_word(self, word: str) -> str:
        name = word.removeprefix("/")
        prefix = self.registry.catalogue.prefix.lower()
        bare = name.removeprefix(prefix) if prefix else name
        return bare if bare in self.registry.commands or not prefix else name

    def _help(self, words: tuple[str, ...]) -> Plan:
        command = self.registry.find(HELP_AREA, HELP_ACTION)
        arguments = {"topic": (" ".join(words),)} if words else {}
        return Plan(command.info if command else None, Visibility.PRIVATE, Answer.MESSAGE, arguments)

    def _planned(self, command: CommandInfo, arguments: Mapping[str, tuple[str, ...]], request: Request) -> Plan:
        missing = self._missing(command, arguments, request)
        taken = (*command.arguments, *_universal(command), CONFIRM)
        unknown = set(arguments) - {argument.name for argument in taken}
        if unknown:
            return self._failed(command, InvalidArgumentError(min(unknown), "no_such_argument", value=min(unknown)))
        is_line = not request.command and not request.arguments
        if not missing and (request.ask or (is_line and command.asks_about(arguments))):
            visibility = Visibility.PRIVATE if request.ask else command.visibility
            return Plan(command, visibility, Answer.FORM, arguments, form_for(command, arguments))
        if not missing:
            return Plan(command, command.visibility, Answer.MESSAGE, arguments)
        first = next(argument for argument in command.arguments if argument.name == missing[0])
        error = InvalidArgumentError(first.name, "missing", example=first.example, usage=command.usage)
        problem = self.registry.errors.problem_of(error)
        # A form that was sent and still misses something says so beside the field; a fresh one does not scold.
        wrong = {first.name: problem.message} if request.command and not request.ask else None
        form = form_for(command, arguments, errors=wrong)
        return Plan(command, Visibility.PRIVATE, Answer.FORM, arguments, form, problem)

    def _missing(
        self, command: CommandInfo, arguments: Mapping[str, tuple[str, ...]], request: Request
    ) -> Sequence[str]:
        """Return the names of what has to be given and is not."""
        return [
            argument.name
            for argument in command.arguments
            if argument.required
            and not any(arguments.get(argument.name, ()))
            and not (argument.kind is ArgumentKind.FILE and request.attachments)
        ]

    def _left_over(self, command: CommandInfo, request: Request) -> LeftOverFilesError:
        """Say which files would be lost, and which commands take one."""
        takers = [info.name for info in self.registry.catalogue.commands if info.takes_files]
        names = [attachment.name for attachment in request.attachments]
        return LeftOverFilesError(command.name, names, takes=command.takes_files, takers=takers)

    def _failed(self, command: CommandInfo | None, error: UserError) -> Plan:
        problem = self.registry.errors.problem_of(error)
        return Plan(command, Visibility.PRIVATE, Answer.MESSAGE, {}, problem=problem)


def _universal(command: CommandInfo) -> list[Argument]:
    """Return what a command takes besides its own arguments."""
    return [*([CONFIRM] if command.consequence else ()), *command.for_admins]


def _given(request: Request, command: CommandInfo) -> Mapping[str, tuple[str, ...]]:
    """Return the arguments of a form or of typed options; blank ones count as not given."""
    known = by_any_name(command.arguments)
    return _visible(
        {known[name].name if name in known else name: (value,) for name, value in request.arguments.items()}
    )


def _visible(arguments: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return arguments without blank values, and values without what no database keeps (NUL, halves of letters)."""
    cleaned = {name: tuple(_UNKEPT.sub("", value) for value in values) for name, values in arguments.items()}
    return {name: values for name, values in cleaned.items() if any(value.strip() for value in values)}


class _Help(Exception):  # noqa: N818 - not an error: the words ask for help
    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words


class _Misread(Exception):  # noqa: N818 - carries the error together with the command it was found in
    def __init__(self, command: CommandInfo, cause: UserError) -> None:
        super().__init__()
        self.command = command
        self.cause = cause
