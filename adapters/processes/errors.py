"""What can become of a job besides its result; the worker raises the first, the pool all of them."""

from typing import ClassVar

from core.shared.errors import QuartermasterError


class JobError(QuartermasterError):
    """A job that was not done."""

    code: ClassVar[str] = "job"


class JobRefusedError(JobError):
    """What the job was given can't be used; `reason` is a stable word, `details` what its sentence needs."""

    def __init__(self, reason: str, **details: object) -> None:
        """Keep why."""
        super().__init__(reason)
        self.reason = reason
        self.details = details


class JobSlowError(JobError):
    """A job took longer than it may; its process was ended."""


class JobMemoryError(JobError):
    """A job needed more memory than it may have; its process was ended."""


class JobFailedError(JobError):
    """A job failed of our own fault, or its process died; the text is the kind of error."""
