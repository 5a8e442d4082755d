"""A typed command line becomes a request."""

import asyncio
import mimetypes
import os
import stat
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

from core.chat.request import Attachment, ChannelKind, ChannelRef, Platform, Request, UserRef
from core.shared.errors import QuartermasterError

_READ = 256 * 1024
_UNKNOWN_TYPE = "application/octet-stream"
_LONGEST_NAME = 80
"""Characters of a person's or a channel's name: as long as Slack's."""


class AttachmentError(QuartermasterError):
    """A file named on the command line can't be attached; the text is one plain sentence."""

    code = "attachment"


class UnusableNameError(QuartermasterError):
    """Nobody and nothing can be called that; the text is one plain sentence."""

    code = "name"


def terminal_request(
    text: str,
    *,
    user: str,
    channel: str,
    workspace: str,
    attachments: Sequence[Attachment] = (),
    may_be_new: bool = False,
) -> Request:
    """Return the request of a command line; `user` and `channel` are names, with or without their `@` and `#`.

    Somebody who `may_be_new` is made known by it; without that a name that nobody has is refused.
    Raises `UnusableNameError` for names that are empty, too long or not plain to see.
    """
    name, place = _name("--as", user.strip().removeprefix("@")), _name("--channel", channel.strip().removeprefix("#"))
    return Request(
        platform=Platform.TERMINAL,
        space_id=workspace.strip(),
        channel=ChannelRef(id=place, name=place, kind=ChannelKind.PUBLIC),
        user=UserRef(id=name, name=name if may_be_new else ""),
        text=text,
        attachments=tuple(attachments),
    )


def _name(option: str, given: str) -> str:
    if not given:
        raise UnusableNameError(f"{option} needs a name.")
    if len(given) > _LONGEST_NAME:
        raise UnusableNameError(f"{option}: a name has at most {_LONGEST_NAME} characters.")
    if not given.isprintable():
        raise UnusableNameError(f"{option}: a name has letters that can be seen, and no control characters.")
    return given


def attach(path: Path) -> Attachment:
    """Return a file of this machine as an attachment, not read yet; raises `AttachmentError`."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise AttachmentError(f"{path} is a folder, not a file.")
        if not stat.S_ISREG(status.st_mode):
            raise AttachmentError(f"{path} is not a plain file.")
        path.open("rb").close()
    except FileNotFoundError:
        raise AttachmentError(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name can't be used"
        raise AttachmentError(f"{path} can't be read: {reason}.") from None
    media_type = mimetypes.guess_type(path.name)[0] or _UNKNOWN_TYPE
    return Attachment(path.name, media_type, status.st_size, partial(_chunks, path))


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb", buffering=0)
    try:
        while chunk := await asyncio.to_thread(os.read, file.fileno(), _READ):
            yield chunk
    finally:
        file.close()
