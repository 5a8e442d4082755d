"""The addresses that Slack calls."""

import re
from http import HTTPStatus

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.platforms.follow_ups import UnderWay

log = structlog.get_logger(__name__)

PATH = "/slack/events"
SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"
_SECONDS = re.compile("[0-9]{1,12}")
_ASKERS = ("team_id", "enterprise_id", "user_id")
_TEXTS = frozenset({"channel_id", "thread_ts", "response_url", *_ASKERS, *(f"actor_{one}" for one in _ASKERS)})
"""What Bolt finds out of a request and hands on."""
BODY_LIMIT = 512 * 1024
"""Bytes of a request; Slack's largest are the messages of interactions, of some tens of kilobytes."""


class Door:
    """Takes commands, interactions and events at one address; what is not signed by Slack is refused and logged.

    Nothing of a request is looked into before its signature is.
    """

    def __init__(self, app: AsyncApp, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._is_open = True
        self.under_way = UnderWay()

    def close(self) -> None:
        """Take nothing new: a stopping process must not acknowledge what it may not finish."""
        self._is_open = False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one request of Slack's."""
        if not self._is_open:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        body = await self._read(request)
        if body is None:
            return self._refuse("unreadable", HTTPStatus.BAD_REQUEST)
        if not self._is_signed(request, body):
            return self._refuse("signature" if SIGNATURE in request.headers else "unsigned", HTTPStatus.UNAUTHORIZED)
        with self.under_way:
            answer = await self._dispatch(request, body)
        if answer is None:
            return self._refuse("unreadable", HTTPStatus.BAD_REQUEST)
        if answer.status == HTTPStatus.NOT_FOUND:
            log.info("slack_payload_unknown")
        return await to_aiohttp_response(answer)

    def _is_signed(self, request: web.Request, body: str) -> bool:
        """Tell whether Slack signed this just now; the headers may be any bytes."""
        at, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        is_readable = _SECONDS.fullmatch(at) is not None and signature.isascii()
        return is_readable and self._verifier.is_valid(body, at, signature)

    async def _dispatch(self, request: web.Request, body: str) -> BoltResponse | None:
        try:
            given = AsyncBoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            # Bolt takes whatever is signed for what Slack would send.
            return None
        if not _has_sense(given):
            return None
        return await self._app.async_dispatch(given)

    async def _read(self, request: web.Request) -> str | None:
        if (request.content_length or 0) > BODY_LIMIT:
            return None
        try:
            return (await request.read()).decode("utf-8")
        except (UnicodeDecodeError, web.HTTPRequestEntityTooLarge, web.RequestPayloadError):
            return None

    def _refuse(self, reason: str, status: HTTPStatus) -> web.Response:
        log.warning("slack_request_refused", reason=reason)
        return web.Response(status=status)


def _has_sense(given: AsyncBoltRequest) -> bool:
    """Tell whether what Bolt found is of the types that Slack sends: an event with fields, and texts for ids."""
    ids = [value for name, value in given.context.items() if name in _TEXTS]
    is_event = isinstance(given.body.get("event", {}), dict)
    return is_event and all(isinstance(value, str) for value in ids)
