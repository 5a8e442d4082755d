"""Slack's Web API: one HTTP session, a client for each token, and failures by what they mean for the caller.

Reads are tried again by the SDK itself. What posts is sent once: whether a second try could double something is for
the caller to decide.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from adapters.platforms.slack.options import SlackOptions
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError

SDK_LOG = "slack_sdk.quartermaster"
"""The SDK's own lines; it would quote requests in the chattier ones."""

DEFAULT_PAUSE = 5.0
CONNECT_SECONDS = 3.0
CONNECTIONS = 100
MOST_PAUSE = 3600.0
"""Seconds; a longer Retry-After is not believed."""

DEAD_TOKEN = frozenset(
    {"account_inactive", "app_uninstalled", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
"""Errors that say that a token will never work again."""

_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_DOUBTFUL = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"})


class BlocksRefusedError(PostRejectedError):
    """Slack does not take these blocks; the same words without them may do."""

    code = "blocks_refused"


_BLOCKS = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "only_one_table_allowed", "msg_too_long"}
)


def sdk_logger() -> logging.Logger:
    """Return the SDK's logger, with a level of its own: without one the SDK words lines that nobody is to read."""
    logger = logging.getLogger(SDK_LOG)
    logger.setLevel(logging.WARNING)
    return logger


class SlackApi:
    """The way to Slack; to be opened before and closed after use."""

    def __init__(self, options: SlackOptions) -> None:
        self._options = options
        self._session: aiohttp.ClientSession | None = None
        self._readers: dict[str, AsyncWebClient] = {}
        self._senders: dict[str, AsyncWebClient] = {}

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the session, opened on first use."""
        if self._session is None or self._session.closed:
            limits = aiohttp.ClientTimeout(total=self._options.timings.call, connect=CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=limits, connector=aiohttp.TCPConnector(limit=CONNECTIONS))
            self._readers.clear()
            self._senders.clear()
        return self._session

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    def reader(self, token: str) -> AsyncWebClient:
        """Return a client whose calls may be repeated: it waits out rate limits and tries again after faults."""
        return self._client(self._readers, token, is_repeatable=True)

    def sender(self, token: str) -> AsyncWebClient:
        """Return a client that sends each call once."""
        return self._client(self._senders, token, is_repeatable=False)

    def _client(self, kept: dict[str, AsyncWebClient], token: str, *, is_repeatable: bool) -> AsyncWebClient:
        session = self.session
        found = kept.get(token)
        if found is None:
            found = kept[token] = AsyncWebClient(
                token=token or None,
                base_url=self._options.base_url,
                timeout=int(self._options.timings.call),
                session=session,
                logger=sdk_logger(),
                retry_handlers=[
                    AsyncConnectionErrorRetryHandler(max_retry_count=1),
                    _ShortLimits(self._options.timings.call),
                    AsyncServerErrorRetryHandler(max_retry_count=1),
                ]
                if is_repeatable
                else [],
            )
        return found


class _ShortLimits(AsyncRateLimitErrorRetryHandler):
    """Waits out rate limits that are over within the time of a call; whoever calls is told of longer ones."""

    def __init__(self, longest: float) -> None:
        super().__init__(max_retry_count=2)
        self._longest = longest

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        is_limited = response is not None and response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        return response is not None and is_limited and retry_after(response.headers) <= self._longest

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        state.next_attempt_requested = True
        await asyncio.sleep(retry_after(response.headers if response else {}))
        state.increment_current_attempt()


@asynccontextmanager
async def told_apart() -> AsyncIterator[None]:
    """Turn what goes wrong within into one of the port's three errors.

    A refusal by Slack is `PostRejectedError` (`BlocksRefusedError` for its blocks), a rate limit or a connection that
    never came about `PostDelayedError`, and everything after which the call may have worked `PostOutcomeUnknownError`.
    """
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error) from error
    except aiohttp.ConnectionTimeoutError as error:
        raise PostDelayedError(0.0) from error
    except aiohttp.ClientConnectorError as error:
        raise PostDelayedError(0.0) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise PostOutcomeUnknownError from error


def _meaning(error: SlackApiError) -> PostRejectedError | PostDelayedError | PostOutcomeUnknownError:
    response = error.response
    status, data = getattr(response, "status_code", 0), getattr(response, "data", None)
    headers = getattr(response, "headers", None) or {}
    reason = str(data.get("error") or "unknown") if isinstance(data, dict) else "unknown"
    if status == 429 or reason in _LATER:
        return PostDelayedError(retry_after(headers))
    if status >= 500 or reason in _DOUBTFUL or not isinstance(data, dict):
        return PostOutcomeUnknownError()
    return BlocksRefusedError(reason) if reason in _BLOCKS else PostRejectedError(reason)


def retry_after(headers: Mapping[str, Any]) -> float:
    """Return the seconds that a rate limit asks for, as far as they make sense."""
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    try:
        seconds = float(told[0] if isinstance(told, list) else told)  # type: ignore[arg-type]
    except (IndexError, TypeError, ValueError):
        return DEFAULT_PAUSE
    return min(seconds, MOST_PAUSE) if seconds >= 0 else DEFAULT_PAUSE
