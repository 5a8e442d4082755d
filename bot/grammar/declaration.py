"""Commands from signatures: an async function, its annotations and its docstring say everything about a command.

task = Area("task", "Tasks of this team and channel")

@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def add(ctx: Context, title: Rest, due: Due | None = None) -> Reply:
'''Add a task to this channel.

Args:
title: what has to be done
due: when it has to be done, such as `tomorrow 9am`

Examples:
/task add Buy milk due:tomorrow
'''
"""

import inspect
import re
import types
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from bot.application.context import Context
from bot.application.services import ServiceFactory, Supplies
from bot.grammar.arguments import Also, Clearable, InCurrency, InPercent, Marker, OnTheClock, Positional, Suggests
from bot.grammar.subjects import Aside, Subject
from core.chat.reply import Reply, Visibility
from core.chat.spec import AreaInfo, Argument, ArgumentKind, CommandInfo, Cost, FromMessage, Offer, Undo, Work
from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.jobs.kinds import COMMAND
from core.people.model import Role
from core.ports.storage import Transactions, UndoEntry
from core.shared.events import Followed
from core.shared.value_objects import value_object
from core.workspaces.model import Workspace

if TYPE_CHECKING:
    # An area that declares any of it has loaded it.
    from bot.example.model import Example
    from bot.grammar.boards import AreaBoards
    from bot.texts.errors import Reasons
    from bot.texts.view import View
    from core.jobs.model import JobInfo
    from core.ports.payments import Heard
    from core.ports.storage import Storage
    from core.reminders.model import Reminders
    from core.shared.clock import Clock

CommandFunction = Callable[..., Awaitable[Reply]]
"""Does what a command or a kind of job is there for."""
Inverse = Callable[[Context, UndoEntry], Awaitable[Reply]]
"""Takes the change of an undo entry back."""
Digest: TypeAlias = "Callable[[Context, int | None, View], Awaitable[Reply]]"
"""Tells what there is to look at today: the asker, or everybody in a channel; `is_empty` where there is nothing."""
Upkeep = Callable[[Transactions, Workspace, Supplies], Awaitable[bool]]
"""Sees to what has to be done in a workspace by now; tells whether there may be more."""

Hear: TypeAlias = "Callable[[Storage, Clock, Heard], Awaitable[None]]"
"""Takes note of news of a payment, if it is one of the area's, once for an event."""

_KIND_OF_TYPE: Mapping[type, ArgumentKind] = {
    bool: ArgumentKind.FLAG,
    int: ArgumentKind.INTEGER,
    Decimal: ArgumentKind.AMOUNT,
    str: ArgumentKind.LINE,
    Due: ArgumentKind.DUE,
    Recurrence: ArgumentKind.REPEAT,
}


class DeclarationError(TypeError):
    """A command is declared in a way that can't work; raised while the module is imported."""


@value_object
class Parameter:
    """A parameter of a command function beside the argument it is given as."""

    python_name: str
    argument: Argument
    type: type
    nullable: bool
    default: object


@value_object
class Command:
    """A declared command: its data and the function that runs it."""

    info: CommandInfo
    parameters: tuple[Parameter, ...]
    function: CommandFunction
    check: Callable[..., Awaitable[str | None]] | None = None
    """Raises what the function would raise at once, before anybody is asked to confirm it."""


@value_object
class JobKind:
    """A declared kind of job: its data and the function that does the work."""

    info: "JobInfo"
    parameters: tuple[Parameter, ...]
    function: CommandFunction
    check: Callable[..., None] | None = None
    """Raises what is said at once of arguments with which one is not even started."""


@value_object
class Report:
    """A declared report: what makes it, and whether it names customers, given what it is asked for.

    Whoever asks has `role` at least. A confidential one is answered to its asker alone, and comes into a channel only
    where somebody with that role has scheduled it. Its first table has all that there is to tell, and its answer says
    whether that is nothing.
    """

    function: CommandFunction
    names_customers: Callable[[Mapping[str, object]], bool]
    role: Role = Role.MEMBER
    is_confidential: bool = False

    @property
    def name(self) -> str:
        """Return what people call it."""
        return _public_name(self.function.__name__)


_ON_THE_CLOCK = (ArgumentKind.DUE, ArgumentKind.REPEAT)


def _nobody(_arguments: Mapping[str, object]) -> bool:
    return False


@dataclass(slots=True)
class Area:
    """A family of commands under one root, such as `/task`, with all that the other parts ask of it.

    `subject` is what it keeps records of, `asides` what else it changes, `reasons` word what it refuses, `events` are
    those of which boards and open pages take notice (unless given, all whose kind begins with the area's name). `work`
    is what somebody has before them of it, `boards` what boards show of it, `from_message` how a message becomes a
    record, `reminders` what people are reminded of, `digest` what they are told of once a day, `offers` what somebody
    may begin with, `example` says in which module, and by which name there, is what it puts into the example of a shop.
    `upkeep` is what it sees to by itself, over and over, in each workspace, and at once after events of the kinds
    `upkeep_after`. `hears` is what takes note of news of payments.
    """

    name: str
    summary: str
    subject: Subject | None = None
    reasons: "Sequence[Reasons]" = ()
    events: Followed | None = None
    work: Work | None = None
    boards: "AreaBoards | None" = None
    from_message: FromMessage | None = None
    reminders: "Reminders[Any] | None" = None
    digest: "Digest | None" = None
    offers: Sequence[Offer] = ()
    asides: Sequence[Aside] = ()
    example: str = ""
    upkeep: "Upkeep | None" = None
    upkeep_after: Sequence[str] = ()
    hears: "Hear | None" = None
    commands: list[Command] = field(default_factory=list)
    jobs: list[JobKind] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    inverses: dict[str, Inverse] = field(default_factory=dict)
    services: dict[type, ServiceFactory] = field(default_factory=dict)

    @property
    def info(self) -> AreaInfo:
        """Return what platforms need to know of the area."""
        subject = self.subject.info if self.subject else None
        return AreaInfo(self.name, self.summary, subject, self.work, self.from_message, self.followed, self.offers)

    @property
    def followed(self) -> Followed:
        """Return which events change what is shown of it."""
        return self.events or Followed(self.name)

    @property
    def plural(self) -> str:
        """Return the word for several of its records."""
        return self.subject.info.many if self.subject else self.name

    def load_example(self) -> "Example | None":
        """Return what it puts into the example of a shop, which nothing else needs."""
        module, _, name = self.example.partition(":")
        return getattr(import_module(module), name) if name else None

    def inverse(self, *kinds: str) -> Callable[[Inverse], Inverse]:
        """Declare the decorated function as what takes undo entries of these kinds back."""

        def declare(function: Inverse) -> Inverse:
            if twice := self.inverses.keys() & set(kinds):
                raise DeclarationError(f"/{self.name} has two inverses of {', '.join(sorted(twice))}")
            self.inverses.update(dict.fromkeys(kinds, function))
            return function

        return declare

    def service(self, factory: ServiceFactory) -> ServiceFactory:
        """Declare the decorated function as what makes the service of the class that it returns."""
        kind = get_type_hints(factory).get("return")
        if not isinstance(kind, type) or kind in self.services:
            raise DeclarationError(f"/{self.name} has a service of no class of its own: {kind}")
        self.services[kind] = factory
        return factory

    def command(
        self,
        *,
        role: Role,
        visibility: Visibility = Visibility.PRIVATE,
        undo: Undo = Undo.NOT_NEEDED,
        cost: Cost = Cost.QUICK,
        consequence: str = "",
        consequence_of: str = "",
        check: Callable[..., Awaitable[str | None]] | None = None,
        overridable: bool = False,
        in_steps: bool = False,
        asks: bool = False,
        others: Role = Role.GUEST,
        job: str = COMMAND,
        starts_jobs: bool = False,
        repeats: bool = False,
    ) -> Callable[[CommandFunction], CommandFunction]:
        """Declare the decorated function as a command; a trailing `_` of its name and its parameters is dropped.

        `consequence` is the sentence that a command without undo has to have confirmed; empty asks for no confirmation.
        `consequence_of` names the optional argument that has it; without that argument nothing has to be confirmed.
        `check` takes what the function takes, and raises what needs no confirmation, for it can't be done anyway. It
        may return what the consequence is just then, such as one with a sum; a command that can be undone but for some
        of what it does has to be confirmed only where it returns one.
        An `overridable` one takes `override:yes` from administrators, who then see everything; it may change nothing.
        One that works `in_steps` has transactions of its own before that of the request, which holds its answer.
        One that `asks` opens its form, where the platform has any, if nothing but its record is typed.
        `job` is the kind of job that it is in the background, with the retries, the time and the width of that. One
        that `starts_jobs`, now or later, is not run again and again. The form of one that `repeats`, as when somebody
        scans one thing after the other, stays open where it can.
        What is somebody else's may be done to, and taken back, by those with the role `others` only.
        """

        def declare(function: CommandFunction) -> CommandFunction:
            words = _Words.of(function)
            parameters = tuple(_parameters(function, words))
            info = CommandInfo(
                area=self.name,
                action=_public_name(function.__name__),
                summary=words.summary,
                description=words.description,
                arguments=tuple(parameter.argument for parameter in parameters),
                examples=words.examples,
                role=role,
                visibility=visibility,
                cost=cost,
                undo=undo,
                consequence=consequence,
                consequence_of=consequence_of,
                overridable=overridable,
                in_steps=in_steps,
                asks=asks,
                others=others,
                job=job,
                starts_jobs=starts_jobs,
                repeats=repeats,
            )
            if consequence_of and consequence_of not in [argument.name for argument in info.arguments]:
                raise DeclarationError(f"/{info.name} has no argument {consequence_of}")
            if overridable and undo is not Undo.NOT_NEEDED:
                raise DeclarationError(f"/{info.name} changes something and can't be overridable")
            if any(known.info.action == info.action for known in self.commands):
                raise DeclarationError(f"/{info.name} is declared twice")
            self.commands.append(Command(info, parameters, function, check))
            return function

        return declare

    def job(
        self,
        *,
        role: Role = Role.MEMBER,
        retries: int = 0,
        seconds: float = 600.0,
        width: int = 4,
        shortest: float = 60.0,
        check: Callable[..., None] | None = None,
    ) -> Callable[[CommandFunction], CommandFunction]:
        """Declare the decorated function as a kind of job, as a command is declared; it takes a `JobContext` first.

        `check` takes its other arguments, and raises what no job is started for.
        """

        def declare(function: CommandFunction) -> CommandFunction:
            from bot.application.job_context import JobContext
            from core.jobs.model import JobInfo

            words, name = _Words.of(function), _public_name(function.__name__)
            parameters = tuple(_parameters(function, words, JobContext))
            if any(known.info.name == name for known in self.jobs):
                raise DeclarationError(f"/{self.name} has two kinds of job {name}")
            arguments = tuple(parameter.argument for parameter in parameters)
            info = JobInfo(name, words.summary, arguments, retries, seconds, width, role, shortest)
            self.jobs.append(JobKind(info, parameters, function, check))
            return function

        return declare

    def report(
        self,
        *,
        names_customers: Callable[[Mapping[str, object]], bool] = _nobody,
        role: Role = Role.MEMBER,
        is_confidential: bool = False,
    ) -> Callable[[CommandFunction], CommandFunction]:
        """Declare the decorated function as a report, as a command is declared: `/report` shows those of all areas."""

        def declare(function: CommandFunction) -> CommandFunction:
            self.reports.append(Report(function, names_customers, role, is_confidential))
            return function

        return declare


def _public_name(python_name: str) -> str:
    return python_name.rstrip("_").replace("_", "-")


@value_object
class _Words:
    """What a docstring says: summary, description, a line for each argument, examples."""

    summary: str
    description: str
    arguments: Mapping[str, str]
    examples: tuple[str, ...]

    @classmethod
    def of(cls, function: CommandFunction) -> "_Words":
        doc = inspect.getdoc(function)
        if not doc:
            raise DeclarationError(f"{function.__name__} has no docstring")
        summary, _, rest = doc.partition("\n")
        parts = re.split(r"^(Args|Examples):$", rest, flags=re.MULTILINE)
        sections = dict(zip(parts[1::2], parts[2::2], strict=True))
        return cls(
            summary=summary.strip(),
            description=parts[0].strip(),
            arguments=_argument_lines(sections.get("Args", "")),
            examples=tuple(line.strip() for line in sections.get("Examples", "").splitlines() if line.strip()),
        )


def _argument_lines(section: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in section.splitlines():
        match = re.match(r"^ {4}(\w+): (.+)$", line)
        if match:
            name = match[1]
            found[name] = match[2].strip()
        elif name and line.strip():
            found[name] += " " + line.strip()
    return found


def _parameters(function: CommandFunction, words: _Words, first: type = Context) -> list[Parameter]:
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function)
    names = list(signature.parameters)
    if not names or hints.get(names[0]) is not first:
        raise DeclarationError(f"{function.__name__} must take a {first.__name__} first")
    if unknown := set(words.arguments) - set(names):
        raise DeclarationError(f"{function.__name__} explains unknown arguments: {', '.join(sorted(unknown))}")
    return [_parameter(signature.parameters[name], hints[name], words, function.__name__) for name in names[1:]]


def _parameter(parameter: inspect.Parameter, hint: object, words: _Words, owner: str) -> Parameter:
    shape = _Shape.of(hint, f"{owner}({parameter.name})")
    required = parameter.default is inspect.Parameter.empty
    help_text = words.arguments.get(parameter.name, "")
    if not help_text:
        raise DeclarationError(f"{owner} does not explain its argument {parameter.name}")
    argument = Argument(
        name=shape.name or _public_name(parameter.name),
        kind=shape.kind,
        help=help_text,
        required=required,
        positional=required or shape.positional,
        many=shape.many,
        choices=shape.choices,
        example=_example(help_text),
        subject=shape.subject,
        also=tuple(extra.name for extra in _unwrap(hint)[1] if isinstance(extra, Also)),
        clearable=any(isinstance(extra, Clearable) for extra in _unwrap(hint)[1]),
        labels=_labels(shape.type),
        suggestions=next((extra.words for extra in _unwrap(hint)[1] if isinstance(extra, Suggests)), ()),
        is_money=any(isinstance(extra, InCurrency) for extra in _unwrap(hint)[1]),
        is_percent=any(isinstance(extra, InPercent) for extra in _unwrap(hint)[1]),
        on_the_clock=shape.kind in _ON_THE_CLOCK or any(isinstance(extra, OnTheClock) for extra in _unwrap(hint)[1]),
    )
    return Parameter(parameter.name, argument, shape.type, shape.nullable, None if required else parameter.default)


def _labels(kind: type) -> dict[str, str]:
    """Return what forms call the members of an enumeration that has words for that, by the word that people type."""
    if not hasattr(kind, "said"):
        return {}
    return {word: member.said for word, member in choice_words(kind).items() if member.said}


def _example(help_text: str) -> str:
    """Return the first piece of the help text that stands in backticks."""
    match = re.search(r"`([^`]+)`", help_text)
    return match[1] if match else ""


@value_object
class _Shape:
    """What an annotation comes to."""

    type: type
    kind: ArgumentKind
    many: bool
    nullable: bool
    positional: bool
    choices: tuple[str, ...]
    subject: str = ""
    name: str = ""

    @classmethod
    def of(cls, hint: object, where: str) -> "_Shape":
        bare, extras, nullable = _unwrap(hint)
        marker = next((extra for extra in extras if isinstance(extra, Marker)), None)
        positional = any(isinstance(extra, Positional) for extra in extras)
        if marker:
            shown = marker.subject, marker.name
            return cls(cast("type", bare), marker.kind, marker.many, nullable, positional, (), *shown)
        if isinstance(bare, type) and issubclass(bare, Enum):
            return cls(bare, ArgumentKind.CHOICE, False, nullable, positional, tuple(choice_words(bare)))
        if isinstance(bare, type) and bare in _KIND_OF_TYPE:
            return cls(bare, _KIND_OF_TYPE[bare], False, nullable, positional, ())
        raise DeclarationError(f"{where} has a type that no argument can have")


def _unwrap(hint: object) -> tuple[object, tuple[object, ...], bool]:
    """Return the bare type, the annotations around it, and whether None is allowed."""
    extras: tuple[object, ...] = ()
    nullable = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            extras += tuple(more)
        elif get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
            hint = next(member for member in get_args(hint) if member is not type(None))
            nullable = True
        else:
            return hint, extras, nullable


def choice_words(kind: type[Enum]) -> dict[str, Any]:
    """Return the members of an enumeration by the word that people type."""
    if issubclass(kind, IntEnum):
        return {member.name.lower(): member for member in kind}
    return {str(member.value): member for member in kind}
