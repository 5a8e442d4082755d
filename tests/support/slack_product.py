"""The product with Slack, served for tests against the local Slack, in this process or in one of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from adapters.platforms.slack.options import Timings
from bot.middleware.rate_limit import Limit
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from bot.wiring.bootstrap import Tuning
from bot.wiring.manifests import slack_app_manifest
from core.chat.spec import Cost
from core.shared.clock import Clock
from tests.support.patience import patience
from tests.support.product_process import PROGRAM, ProductProcess, product_process, ready
from tests.support.running import Running
from tests.support.slack import SlackPlatform
from tests.support.storage import QUICK, fresh_url

Way = Literal["http", "socket", "both"]

BOARD_SECONDS = 0.2
PLENTY = {cost: Limit(1e9, 1e9) for cost in Cost}


def brisk() -> Timings:
    """Short pauses where only the order of things matters, and time for the answer to be the acknowledgement.

    Tests of the acknowledgement itself set their own.
    """
    return Timings(
        answer=patience(2.0), first_retry=0.02, ping=0.5, again=0.05, drain=patience(5.0), home=0.1, rest=0.0
    )


def slack_settings(slack: SlackPlatform, way: Way, *, oauth: bool = False) -> SlackSettings:
    """The settings by which the product reaches the local Slack, and is reached by it, one way."""
    app = slack.app
    given: dict[str, Any] = {"bot_token": slack.bot_token, "api_url": slack.api_url}
    given |= {"app_token": app.app_token} if way != "http" else {}
    given |= {"signing_secret": app.signing_secret} if way != "socket" else {}
    given |= {"client_id": app.client_id, "client_secret": app.client_secret} if oauth else {}
    return SlackSettings(**given)


def tuned(**timings: float) -> str:
    """Return a program that serves as the installed one does, with other timings of Slack's side."""
    return (
        "from adapters.platforms.slack.options import Timings\n"
        "from bot.cli.running import run, say\n"
        "from bot.cli.serve import serve\n"
        "from bot.wiring.bootstrap import Tuning\n"
        f"run(lambda settings: serve(settings, say, Tuning(slack=Timings(**{timings!r}))))"
    )


class SlackShop(Running):
    """The product on a folder of its own, connected to a local Slack; it can be stopped and started again."""

    def __init__(
        self,
        slack: SlackPlatform,
        folder: Path,
        way: Way = "http",
        *,
        clock: Clock | None = None,
        timings: Timings | None = None,
        oauth: bool = False,
        url: str = "",
    ) -> None:
        """Prepare; the database is a fresh file in the folder unless there is a `url`."""
        self.slack = slack
        self.folder = folder
        self.way: Way = way
        super().__init__(clock)
        self._timings = timings or brisk()
        self._oauth = oauth
        self._url = url or fresh_url(folder)

    async def start(self, *, installed: bool = True) -> None:
        """Start, and wait until Slack can be served; not for that where the app is not `installed`."""
        settings = Settings(
            StorageSettings(data_dir=self.folder, database_url=self._url),
            ServerSettings(port=0),
            ApplicationSettings(timezone="Europe/Amsterdam"),
            slack_settings(self.slack, self.way, oauth=self._oauth),
        )
        self.slack.app.use_manifest(dict(slack_app_manifest(settings, public_url=None, socket_mode=self.way != "http")))
        tuning = Tuning(limits=PLENTY, board_seconds=BOARD_SECONDS, storage=QUICK, slack=self._timings)
        await self.serve(settings, tuning)
        if self.way == "http":
            self.slack.connect(f"{self.origin}/slack/events")
        else:
            self.slack.transport = self.slack.socket
        if installed:
            await ready(self.origin)


@asynccontextmanager
async def slack_process(
    slack: SlackPlatform, folder: Path, url: str = "", *, program: str = PROGRAM
) -> AsyncIterator[ProductProcess]:
    """A started process, killed at the end if it still lives; its database is a file unless there is a `url`."""
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.app.signing_secret,
        "SLACK_API_URL": slack.api_url,
        **({"QM_DATABASE_URL": url} if url else {}),
    }

    def connect(origin: str) -> None:
        slack.connect(f"{origin}/slack/events")

    async with product_process(folder, settings, connect, program) as started:
        yield started
