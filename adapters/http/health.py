"""Whether the process lives, and whether it can serve."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

import structlog
from aiohttp import web

Check = Callable[[], Awaitable[object]]
"""Returns when a part works and raises when it does not."""

State = Callable[[], str]
"""Returns a word for how a part is without which the others serve."""

_SECONDS = 2.0
_FRESH = 1.0
_FRESH_WHILE_BROKEN = 0.1
"""Seconds after which the parts are looked at again; sooner while one does not work, so that a start is not held up."""

log = structlog.get_logger(__name__)


class Health:
    """Answers `/healthz` (the process lives) and `/readyz` (every part works); names parts, never causes.

    However often it is asked, the parts are looked at once a second (ten times while one does not work), and for at
    most two seconds.
    """

    def __init__(self, checks: Mapping[str, Check], states: Mapping[str, State] = MappingProxyType({})) -> None:
        """Keep the parts by the name that is shown; those that have `states` are not waited for."""
        self._checks = dict(checks)
        self._states = dict(states)
        self._lock = asyncio.Lock()
        self._seen: dict[str, bool] = {}
        self._seen_at = float("-inf")
        self._is_stopping = False

    def stopping(self) -> None:
        """Say from now on that nothing new should be sent here."""
        self._is_stopping = True

    def mount(self, app: web.Application) -> None:
        """Add both routes."""
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)

    async def parts(self) -> Mapping[str, bool]:
        """Return which parts work, as seen lately."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now - self._seen_at >= (_FRESH if all(self._seen.values()) else _FRESH_WHILE_BROKEN):
                found = await asyncio.gather(*(self._works(name, check) for name, check in self._checks.items()))
                self._seen = dict(zip(self._checks, found, strict=True))
                self._seen_at = asyncio.get_running_loop().time()
            return self._seen

    async def _works(self, name: str, check: Check) -> bool:
        try:
            async with asyncio.timeout(_SECONDS):
                await check()
        except Exception as error:  # why: whatever is wrong with a part, the answer is that it does not work
            if self._seen.get(name, True):
                log.warning("part_unavailable", part=name, kind=type(error).__name__)
            return False
        return True

    async def _healthz(self, _request: web.Request) -> web.Response:
        return _answer({"status": "ok"}, HTTPStatus.OK)

    async def _readyz(self, _request: web.Request) -> web.Response:
        if self._is_stopping:
            return _answer({"status": "stopping"}, HTTPStatus.SERVICE_UNAVAILABLE)
        parts = await self.parts()
        is_ready = all(parts.values())
        shown = {name: "ok" if works else "unavailable" for name, works in parts.items()}
        shown |= {name: state() for name, state in self._states.items()}
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return _answer({"status": "ready" if is_ready else "not ready", "parts": shown}, status)


def _answer(body: Mapping[str, object], status: HTTPStatus) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})
