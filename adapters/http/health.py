"""Whether the process lives, and whether it can serve."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from core.ports.health import Checkup


class Health:
    """Answers `/healthz` (the process lives) and `/readyz` (every part works); names parts, never causes."""

    def __init__(self, checkup: Checkup) -> None:
        """Keep what looks at the parts."""
        self._checkup = checkup
        self._is_stopping = False

    def stopping(self) -> None:
        """Say from now on that nothing new should be sent here."""
        self._is_stopping = True

    def mount(self, app: web.Application) -> None:
        """Add both routes."""
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)

    async def _healthz(self, _request: web.Request) -> web.Response:
        return _answer({"status": "ok"}, HTTPStatus.OK)

    async def _readyz(self, _request: web.Request) -> web.Response:
        if self._is_stopping:
            return _answer({"status": "stopping"}, HTTPStatus.SERVICE_UNAVAILABLE)
        parts = await self._checkup.parts()
        is_ready = all(parts.values())
        shown = {name: "ok" if works else "unavailable" for name, works in parts.items()}
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        body = {"status": "ready" if is_ready else "not ready", "parts": shown | dict(self._checkup.states())}
        return _answer(body, status)


def _answer(body: Mapping[str, object], status: HTTPStatus) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})
