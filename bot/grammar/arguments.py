"""The types that command functions annotate their parameters with, and what each means to the grammar."""

from dataclasses import field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from bot.texts.common import IMPORT_CHOICES
from core.chat.request import Attachment
from core.chat.spec import ArgumentKind
from core.shared.value_objects import value_object


@value_object
class Marker:
    """Says what kind of argument a parameter is where its type alone does not, and what a reference refers to.

    `name` is what people call the argument, where the parameter has another name.
    """

    kind: ArgumentKind
    many: bool = False
    subject: str = ""
    name: str = ""


def reference(subject: str, *, many: bool = False, name: str = "") -> Marker:
    """Return what marks the number of a record, or several, of the area that has that noun."""
    return Marker(ArgumentKind.REFERENCE, many, subject, name)


@value_object
class Positional:
    """Lets an optional parameter be given without its name, in the order of the signature."""


@value_object
class Clearable:
    """Lets an optional text be emptied: `none` is an empty one, and what is not given is None."""


@value_object
class InCurrency:
    """Says of an amount that it is money: the workspace's currency may stand beside it, as in `30 EUR`."""


@value_object
class InPercent:
    """Says of an amount that it is a part of a hundred, behind which a percent sign may stand."""


@value_object
class Suggests:
    """What completion offers for a text that may be any other."""

    words: tuple[str, ...]


@value_object
class Also:
    """Another name by which an argument is understood, such as one that it had before."""

    name: str


@value_object
class OnTheClock:
    """Says of a parameter that it is on the clock of whoever gives it, as dues are by themselves."""


@value_object
class Upload:
    """A file handed in: attached to the request, or stored before under `file_id`."""

    attachment: Attachment | None = None
    file_id: str = ""


@value_object
class ChannelScope:
    """A channel by our id, or, with None, all channels that the asker may see; `typed` is what named it."""

    channel_id: int | None
    typed: str = field(default="", compare=False)


class Switch(StrEnum):
    """What becomes of a digest."""

    ON = "on"
    OFF = "off"
    NOW = "now"


class ImportChoice(StrEnum):
    """What becomes of a file."""

    CHECK = "check"
    GOOD = "good"
    ALL = "all"
    CANCEL = "cancel"

    @property
    def said(self) -> str:
        """Return what forms call it; what only buttons ask for has no name there."""
        return IMPORT_CHOICES.get(self.value, "")


Price = Annotated[Decimal, InCurrency()]
"""An amount of money."""
Percentage = Annotated[Decimal, InPercent()]
"""A part of a hundred."""
Rest = Annotated[str, Marker(ArgumentKind.REST)]
"""A text that takes what is left of the line."""
LongText = Annotated[str, Marker(ArgumentKind.LINES)]
"""A text that may have several lines."""
Person = Annotated[int, Marker(ArgumentKind.MEMBER)]
"""A member's id; typed as a mention, `@name` or `@me`; `none` is 0."""
People = Annotated[tuple[int, ...], Marker(ArgumentKind.MEMBERS, many=True)]
ChannelArgument = Annotated[ChannelScope, Marker(ArgumentKind.CHANNEL)]
FileArgument = Annotated[Upload, Marker(ArgumentKind.FILE)]
