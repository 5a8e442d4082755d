"""How Stripe says no."""

from typing import Any


class RefusalError(Exception):
    """A request is answered with an error."""

    def __init__(self, status: int, message: str, *, kind: str = "invalid_request_error", **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"error": {"type": kind, "message": message, **more}}


def missing(kind: str, given: str, param: str) -> RefusalError:
    """There is no such object."""
    return RefusalError(404, f"No such {kind}: '{given}'", code="resource_missing", param=param)


def required(param: str) -> RefusalError:
    """A parameter is missing."""
    return RefusalError(400, f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown(param: str) -> RefusalError:
    """A parameter is not one of the method."""
    return RefusalError(400, f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
