"""What pages may send over the WebSocket: one model a frame, every length bounded, nothing extra."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

MAX_FRAME_BYTES = 256 * 1024
MAX_LINE = 100_000

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
Number = Annotated[int, Field(ge=0, le=2**53)]
Arguments = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=MAX_LINE)]], Field(max_length=64)
]
Uploads = Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=10)]


class FrameUnreadableError(Exception):
    """A frame is not one that pages send."""


class _Frame(BaseModel):
    """What all frames share."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Hello(_Frame):
    """The first frame: which page this is, and where its reader is."""

    type: Literal["hello"]
    page: Id
    zone: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_+/-]*$")] = ""
    locale: Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z0-9-]*$")] = ""


class Open(_Frame):
    """Follow a channel: from the newest messages, or (`since`) from the last change that the page has seen."""

    type: Literal["open"]
    channel: Number
    since: Number | None = None


class Older(_Frame):
    """Ask for the messages before one."""

    type: Literal["older"]
    channel: Number
    before: Number


class Place(_Frame):
    """Where an answer to a button goes: the message that held it, and the proof that it did."""

    seq: Number
    proof: Annotated[str, Field(max_length=128)]


class Submit(_Frame):
    """Something to be done once however often it is sent: a typed line, a pressed button or a filled-in form."""

    type: Literal["submit"]
    id: Id
    channel: Number
    text: Annotated[str, Field(max_length=MAX_LINE)] = ""
    command: Annotated[str, Field(max_length=80)] = ""
    action: Annotated[str, Field(max_length=80)] = ""
    arguments: Arguments = Field(default_factory=dict)
    files: Uploads = Field(default_factory=list)
    place: Place | None = None


class Complete(_Frame):
    """Ask what may come at the cursor of a line; only the newest question is answered."""

    type: Literal["complete"]
    id: Number
    channel: Number
    line: Annotated[str, Field(max_length=4000)]
    cursor: Number


class People(_Frame):
    """Ask who is in the workspace."""

    type: Literal["people"]


class Work(_Frame):
    """Ask for what the reader has before them; `page` is where to go on in what a command lists, as buttons say."""

    type: Literal["work"]
    of: Annotated[str, Field(max_length=64)] = ""
    page: Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9.]*$")] = ""


class CreateChannel(_Frame):
    """Make a public channel."""

    type: Literal["create_channel"]
    id: Id
    name: Annotated[str, Field(max_length=80)]


Frame = Hello | Open | Older | Submit | Complete | People | Work | CreateChannel

_FRAMES: TypeAdapter[Frame] = TypeAdapter(
    Annotated[Frame, Field(discriminator="type")], config=ConfigDict(defer_build=True)
)
"""Built with the first frame that comes: whoever starts a server is not to wait for that."""


def read_frame(data: str | bytes) -> Frame:
    """Return the frame that a page sent; raises `FrameUnreadableError`."""
    try:
        return _FRAMES.validate_json(data)
    except ValidationError as error:
        raise FrameUnreadableError from error
