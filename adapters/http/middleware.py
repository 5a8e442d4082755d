"""What holds for every answer of the server."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus

import structlog
from aiohttp import web

from core.ports.storage import StorageUnavailableError
from core.shared.ids import new_code

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)

_SENTENCES = {
    HTTPStatus.BAD_REQUEST: ("unreadable", "That can't be read."),
    HTTPStatus.NOT_FOUND: ("not_found", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "This address does not take that method."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too_large", "That is more than is read."),
    HTTPStatus.REQUEST_TIMEOUT: ("too_slow", "That took too long to arrive."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("busy", "I'm busy just now; try again in a moment."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("internal", "Something went wrong here. The log says what, by the reference."),
}


@web.middleware
async def plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every failure with a short JSON document that tells nothing of the inside."""
    try:
        return await handler(request)
    except web.HTTPException as answer:
        if answer.status < HTTPStatus.BAD_REQUEST or answer.status not in _SENTENCES:
            raise
        return _failure(HTTPStatus(answer.status), headers=_allowed(answer))
    except web.RequestPayloadError:
        # A body that is not packed or cut as its headers say.
        return _failure(HTTPStatus.BAD_REQUEST)
    except (ConnectionError, asyncio.CancelledError):
        # The other side went away: there is nobody to answer.
        raise
    except StorageUnavailableError as error:
        log.warning("http_without_database", reason=error.reason, method=request.method)
        return _failure(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "1"})
    except Exception:  # why: the last line of defence; the server's own answer would be a page of its making
        reference = new_code(8)
        resource = request.match_info.route.resource
        log.exception(
            "http_failed", reference=reference, route=resource.canonical if resource else "", method=request.method
        )
        return _failure(HTTPStatus.INTERNAL_SERVER_ERROR, reference=reference)


def _allowed(answer: web.HTTPException) -> dict[str, str]:
    return {"Allow": answer.headers["Allow"]} if "Allow" in answer.headers else {}


def _failure(status: HTTPStatus, *, reference: str = "", headers: dict[str, str] | None = None) -> web.Response:
    code, message = _SENTENCES[status]
    error = {"code": code, "message": message}
    if reference:
        error["reference"] = reference
    return web.json_response({"ok": False, "error": error}, status=status, headers=headers)


def within(seconds: float, routes: Collection[web.AbstractRoute]) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Return a middleware that gives those routes so many seconds, slow senders included."""

    @web.middleware
    async def bounded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.route not in routes:
            return await handler(request)
        try:
            async with asyncio.timeout(seconds):
                return await handler(request)
        except TimeoutError:
            raise web.HTTPRequestTimeout from None

    return bounded


async def unnamed(_request: web.Request, response: web.StreamResponse) -> None:
    """Leave out which server this is, and in which version."""
    response.headers.popall("Server", None)
