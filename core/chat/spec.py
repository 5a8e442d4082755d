"""What is known of a command before it runs: the data of help, forms, completion, manifests and permissions."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from core.chat.overview import Overview
from core.chat.reply import Form, Problem, Visibility
from core.people.model import Role
from core.shared.events import Followed
from core.shared.value_objects import value_object


class Cost(StrEnum):
    """How long a command may take: `QUICK` answers at once, `JOB` is acknowledged first and answers when done."""

    QUICK = "quick"
    JOB = "job"


class Undo(StrEnum):
    """How a command is taken back."""

    NOT_NEEDED = "not_needed"
    """It changes nothing."""
    INVERSE = "inverse"
    """It records an inverse entry and offers an Undo button."""
    NONE = "none"
    """It can't be; the consequence is named and has to be confirmed."""


class ArgumentKind(StrEnum):
    """What an argument holds, which decides how it is typed, chosen and completed."""

    LINE = "line"
    """A short text: one word, or several in quotes."""
    LINES = "lines"
    """A longer text, of several lines where the platform allows."""
    REST = "rest"
    """A text that takes what is left of the line."""
    INTEGER = "integer"
    AMOUNT = "amount"
    """An exact number, such as `12.50`."""
    REFERENCE = "reference"
    """The number of a record, with or without `#`, or what else it goes by; the argument's `subject` says of what."""
    CHOICE = "choice"
    FLAG = "flag"
    DUE = "due"
    REPEAT = "repeat"
    """How something repeats: `weekly`, `every mon and thu`."""
    MEMBERS = "members"
    MEMBER = "member"
    CHANNEL = "channel"
    FILE = "file"


OFF = "off"
"""What ends that something is told in a channel."""
NOTHING = "none"
"""What is typed for an optional argument to take away what is there."""
NOBODY = frozenset({NOTHING, "nobody", "-"})
"""Words that say of an argument which may be empty that it is."""


@value_object
class Argument:
    """One argument: positional ones come first, in order; `many` takes several values.

    That of a `REFERENCE` names its `subject`: the noun of the area whose records it refers to. It is understood by the
    names in `also`, too, which nobody is shown. `NOTHING` empties what a `clearable` one sets. `labels` are what forms
    call its choices, if they do so otherwise: what is not among them no form offers, and the first is what holds unless
    another is chosen. `suggestions` are what completion offers for a text that may be any other. What is said with one
    that is `on_the_clock` depends on the zone of whoever says it. An amount that `is_money` may name its currency;
    behind one that `is_percent` the sign may stand.
    """

    name: str
    kind: ArgumentKind
    help: str
    required: bool
    positional: bool
    many: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""
    subject: str = ""
    also: tuple[str, ...] = ()
    clearable: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    on_the_clock: bool = False
    is_money: bool = False
    is_percent: bool = False


OVERRIDE = Argument(
    "override",
    ArgumentKind.FLAG,
    "for admins: also what is not for you; the audit trail tells of it",
    required=False,
    positional=False,
)
"""What commands that are overridable take besides their own arguments, from administrators."""


@value_object
class CommandInfo:
    """A command as declared; `consequence` says what can't be taken back when `undo` is `NONE`.

    Whoever has the `role` may use it, on what is somebody else's only those with the role `others`.

    With `consequence_of` it is one of giving that optional argument: without it the command changes nothing of weight.
    An `overridable` one only looks, and lets an administrator look past who may see what.
    One that works `in_steps` commits as it goes, and goes on where it was when the same is asked again. One that `asks`
    opens its form where nothing but its record is given. `job` is the kind of job that it is in the background;
    one that `starts_jobs` is none that runs again and again. The form of one that `repeats` is filled in over and over.
    """

    area: str
    action: str
    summary: str
    description: str
    arguments: tuple[Argument, ...]
    examples: tuple[str, ...]
    role: Role
    visibility: Visibility
    cost: Cost
    undo: Undo
    consequence: str = ""
    consequence_of: str = ""
    overridable: bool = False
    in_steps: bool = False
    asks: bool = False
    others: Role = Role.GUEST
    job: str = "command"
    starts_jobs: bool = False
    repeats: bool = False

    @property
    def takes_files(self) -> int:
        """Return how many files may be attached to it."""
        return sum(argument.kind is ArgumentKind.FILE for argument in self.arguments)

    @property
    def name(self) -> str:
        """Return `area action`."""
        return f"{self.area} {self.action}"

    def asks_about(self, given: Collection[str]) -> bool:
        """Tell whether it opens its form, since nothing but its record is given; `given` are names of arguments."""
        records = {argument.name for argument in self.arguments if argument.kind is ArgumentKind.REFERENCE}
        return self.asks and records.issuperset(given)

    @property
    def for_admins(self) -> tuple[Argument, ...]:
        """Return what administrators may give besides the command's own arguments."""
        return (OVERRIDE,) if self.overridable else ()

    @property
    def usage(self) -> str:
        """Return the command with its arguments: required ones bare, optional ones in brackets."""
        parts = [f"/{self.area} {self.action}"]
        for argument in self.arguments:
            word = argument.name if argument.positional else f"{argument.name}:…"
            parts.append(word if argument.required else f"[{word}]")
        return " ".join(parts)


@value_object
class SubjectInfo:
    """What an area keeps records of: the words for one and for several, and what to do about one that is not there.

    Every area that has records lists them by its action `list` and shows one by `show`. `example` is what one goes by.
    """

    one: str
    many: str
    missing: str = ""
    example: str = "12"


@value_object
class Work:
    """What somebody has before them: the action that lists it."""

    action: str


@value_object
class FromMessage:
    """A record made from a message that somebody wrote: an entry of its menu, and the action whose form it opens.

    `arguments` are what the words of the message fill in.
    """

    id: str
    label: str
    summary: str
    action: str
    arguments: Callable[[str], Mapping[str, str]]


@value_object
class Offer:
    """Something to begin with: an action, what it does in a few words, what may be typed behind it, and a picture.

    The picture is one of `plus`, `list`, `upload`, `help`.
    """

    action: str
    title: str
    line: str = ""
    picture: str = "list"


@value_object
class AreaInfo:
    """An area (`task`), one slash command on Slack and one group on Discord, with the sentence that describes it.

    `events` are those that change what is shown of it.
    """

    name: str
    summary: str
    subject: SubjectInfo | None = None
    work: Work | None = None
    from_message: FromMessage | None = None
    events: Followed | None = None
    offers: Sequence[Offer] = ()


@value_object
class Catalogue:
    """All commands, by area, in the order in which help shows them; `prefix` goes before every area's name."""

    areas: Sequence[AreaInfo]
    commands: Sequence[CommandInfo]
    prefix: str = ""

    def of(self, area: str) -> Sequence[CommandInfo]:
        """Return the commands of one area."""
        return [command for command in self.commands if command.area == area]

    def job_of(self, line: str) -> str:
        """Return the kind of job that a typed line is in the background."""
        command = self.command_of(line)
        return command.job if command else "command"

    def command_of(self, line: str) -> CommandInfo | None:
        """Return the command of a typed line that names one in full."""
        name = " ".join(line.removeprefix("/").removeprefix(self.prefix).split()[:2]).lower()
        return next((command for command in self.commands if command.name == name), None)

    @property
    def work(self) -> Overview | None:
        """Return how to look at what somebody has before them, of every area that has some."""
        found = [(f"{area.name} {area.work.action}", area.events) for area in self.areas if area.work and area.events]
        return Overview([command for command, _ in found], [events for _, events in found]) if found else None

    @property
    def menu(self) -> Sequence[FromMessage]:
        """Return what can be made from a message."""
        return [area.from_message for area in self.areas if area.from_message]

    def making(self, chosen: str) -> tuple[str, FromMessage] | None:
        """Return the command behind an entry of a message's menu, by its id or label, and what fills it in."""
        for area in self.areas:
            entry = area.from_message
            if entry and chosen in (entry.id, entry.label):
                return f"{area.name} {entry.action}", entry
        return None


class Answer(StrEnum):
    """What kind of thing a platform has to be ready to show."""

    MESSAGE = "message"
    UPDATE = "update"
    FORM = "form"


@value_object
class Plan:
    """What can be told of a request without any I/O.

    `command` is None when nothing by that name exists: running the request answers with the help that fits. `arguments`
    are texts by name, `missing` the required ones not given, `form` what asks for them.
    """

    command: CommandInfo | None
    visibility: Visibility
    answer: Answer
    arguments: Mapping[str, tuple[str, ...]]
    form: Form | None = None
    problem: Problem | None = None


JOINING = "\u00a0"
"""What stands between the words of one value in a line that is completed, for a platform that has it as one."""


@value_object
class Completion:
    """One suggestion: what to show, a word about it, and the text that replaces the span `start:end` of the line."""

    label: str
    detail: str
    insert: str
    start: int
    end: int
