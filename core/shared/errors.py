"""The error tree: one class a cause, each with a stable code.

A `UserError` is somebody's mistake or bad luck and comes with what is needed to explain it; the wording lives with the
other texts, keyed by `code`. Every other exception is our own fault and reaches people as a reference number only.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class QuartermasterError(Exception):
    """Anything this product raises on purpose."""

    code: ClassVar[str] = "internal"


class UserError(QuartermasterError):
    """A request that can't be done as asked; `details` feed the sentence that says why."""

    code: ClassVar[str] = "refused"

    def __init__(self, *, field: str | None = None, **details: object) -> None:
        """Keep the argument at fault, if any, and the details that the wording needs."""
        super().__init__(self.code)
        self.field = field
        self.details: dict[str, object] = dict(details)


class UnknownCommandError(UserError):
    """No command has that name; `near` holds the closest ones."""

    code = "unknown_command"

    def __init__(self, typed: str, near: Sequence[str] = ()) -> None:
        """Keep what was typed and what it may have meant."""
        super().__init__(typed=typed, near=tuple(near))


class InvalidArgumentError(UserError):
    """An argument has a value that can't be used; `reason` names a sentence of the texts.

    `others` are what else is wrong, so that people mend all of it at once.
    """

    code = "invalid_argument"
    others: "tuple[InvalidArgumentError, ...]" = ()

    def __init__(self, argument: str, reason: str, **details: object) -> None:
        """Keep the argument, the reason's key and what the sentence needs (usually `value` and `example`)."""
        super().__init__(field=argument)
        self.details.update(details, argument=argument, reason=reason)
        self.reason = reason


def all_wrong(wrong: Sequence[InvalidArgumentError]) -> InvalidArgumentError:
    """Return several errors (one at least) as one."""
    first, *others = wrong
    first.others = tuple(others)
    return first


class NotFoundError(UserError):
    """There is nothing of that kind by that reference, or the asker may not see it.

    `instead` are commands that do the same with what may have been meant, by what that is called.
    """

    code = "not_found"
    instead: Mapping[str, str] = {}

    def __init__(self, kind: str, reference: object, near: Sequence[str] = ()) -> None:
        """Keep what was looked for (`kind` is a word such as `task`) and near misses."""
        super().__init__(kind=kind, reference=str(reference), near=tuple(near))


class ForbiddenError(UserError):
    """The asker's role is too low."""

    code = "forbidden"

    def __init__(self, needed: str, held: str) -> None:
        """Keep the names of the role that is needed and the one that the asker has."""
        super().__init__(needed=needed, held=held)


class ConflictError(UserError):
    """Something changed in the meantime; `reason` names a sentence of the texts."""

    code = "conflict"

    def __init__(self, reason: str, **details: object) -> None:
        """Keep the reason's key and what the sentence needs."""
        super().__init__()
        self.details.update(details, reason=reason)
        self.reason = reason


class RefusedError(UserError):
    """A rule of the domain says no; `reason` names a sentence of the texts."""

    code = "refused"

    def __init__(self, reason: str, *, field: str | None = None, **details: object) -> None:
        """Keep the reason's key, the argument at fault if any, and what the sentence needs."""
        super().__init__(field=field)
        self.details.update(details, reason=reason)
        self.reason = reason


class BrokenOffError(RefusedError):
    """A fault of ours ended something half way; people hear what was done of it, the log gets the cause."""

    code = "broken_off"


class GoesOnError(RefusedError):
    """What was asked for is not over: it goes on by itself, or another process does it."""


class TooManyRequestsError(UserError):
    """The asker is faster than the limit; `seconds` until the next try is welcome."""

    code = "too_many_requests"

    def __init__(self, seconds: int) -> None:
        """Keep the whole seconds to wait."""
        super().__init__(seconds=seconds)


class BusyError(UserError):
    """A bounded resource is exhausted just now: queue, pool or database; trying again helps."""

    code = "busy"


class ConfirmationNeededError(UserError):
    """The command can't be undone and was not confirmed; `consequence` is the sentence naming what is lost."""

    code = "confirmation_needed"

    def __init__(self, command: str, consequence: str) -> None:
        """Keep the command text to repeat with `confirm:yes` and the consequence."""
        super().__init__(command=command, consequence=consequence)


class FileTooLargeError(UserError):
    """A file is larger than what is read; `limit` in bytes."""

    code = "file_too_large"

    def __init__(self, limit: int) -> None:
        """Keep the limit in bytes."""
        super().__init__(limit=limit)


class LeftOverFilesError(UserError):
    """More files are attached than the command takes; `takers` are the commands that take one."""

    code = "left_over_files"

    def __init__(self, command: str, files: Sequence[str], *, takes: int, takers: Sequence[str]) -> None:
        """Keep the command, the names of the files, how many it takes, and which commands take any."""
        super().__init__(command=command, files=tuple(files), takes=takes, takers=tuple(takers))


class SealBrokenError(QuartermasterError):
    """A sealed secret can't be opened with any of the keys at hand."""

    code = "seal_broken"
