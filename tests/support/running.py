"""The product, serving in the tests' own process."""

from contextlib import AsyncExitStack

from bot.settings.model import Settings
from bot.wiring.bootstrap import Tuning
from bot.wiring.serving import Served, serving
from core.shared.clock import Clock
from tests.support.clock import RunningClock


class Running:
    """What can be started and stopped again; on the day that is every test's unless it has a `clock`."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or RunningClock()
        self._stack: AsyncExitStack | None = None
        self._served: Served | None = None

    @property
    def served(self) -> Served:
        """What is running."""
        assert self._served is not None, "the shop is closed"
        return self._served

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:port`."""
        return f"http://{self.served.server.main}"

    async def serve(self, settings: Settings, tuning: Tuning) -> None:
        """Start."""
        self._stack = AsyncExitStack()
        self._served = await self._stack.enter_async_context(serving(settings, clock=self._clock, tuning=tuning))

    async def stop(self) -> None:
        """Stop in good order."""
        if self._stack is not None:
            await self._stack.aclose()
        self._stack = self._served = None
