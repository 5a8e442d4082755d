"""The product with its console, served for tests, and a page of it without a browser."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.middleware.rate_limit import Limit
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from bot.wiring.bootstrap import Tuning
from core.chat.spec import Cost
from core.shared.clock import Clock
from tests.support.patience import patiently
from tests.support.running import Running
from tests.support.storage import QUICK, fresh_url

PLENTY = {cost: Limit(1e9, 1e9) for cost in Cost}

Frame = Mapping[str, Any]


class Shop(Running):
    """The product on a folder of its own: started, stopped, and started again on the same port and data."""

    def __init__(
        self, folder: Path, clock: Clock | None = None, *, url: str = "", tuning: Mapping[str, Any] | None = None
    ) -> None:
        """Prepare; the database is a fresh file in the folder unless there is a `url`."""
        self.folder = folder
        super().__init__(clock)
        self._url = url or fresh_url(folder)
        self._port = 0
        self._tuning = tuning or {}

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:port`."""
        return f"http://127.0.0.1:{self._port}"

    def sign_in_url(self) -> str:
        """A fresh one-time link."""
        return self.served.sign_in_url

    async def start(self) -> None:
        """Start, on the port of the last time if there was one."""
        settings = Settings(
            StorageSettings(data_dir=self.folder, database_url=self._url),
            ServerSettings(port=self._port),
            ApplicationSettings(),
            SlackSettings(),
        )
        tuning = Tuning(limits=PLENTY, board_seconds=0.2, storage=QUICK, **self._tuning)
        await self.serve(settings, tuning)
        self._port = int(urlsplit(self.served.sign_in_url).port or 0)

    async def restart(self) -> None:
        """Stop and start again."""
        await self.stop()
        await self.start()


@dataclass
class Page:
    """One open socket of the console, as the browser's page would hold it."""

    session: aiohttp.ClientSession
    origin: str
    id: str
    socket: aiohttp.ClientWebSocketResponse
    welcome: Frame
    frames: list[Frame] = field(default_factory=list)

    @classmethod
    async def open(cls, session: aiohttp.ClientSession, origin: str, page_id: str = "page-1") -> "Page":
        """Connect, say hello and wait to be welcomed."""
        socket = await session.ws_connect(f"{origin}/ws", headers={"Origin": origin})
        await socket.send_json({"type": "hello", "page": page_id, "zone": "Europe/Berlin", "locale": "en-GB"})
        async with patiently():
            welcome = await socket.receive_json()
        assert welcome["type"] == "welcome"
        return cls(session, origin, page_id, socket, welcome)

    def channel(self, name: str) -> int:
        """The id of a channel by its name."""
        return next(int(item["id"]) for item in self.welcome["channels"] if item["name"] == name)

    async def send(self, **frame: object) -> None:
        """Send a frame."""
        await self.socket.send_json(frame)

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """Return the next frame that is wanted; the others are kept in `frames` too."""
        async with patiently():
            while True:
                frame: Frame = await self.socket.receive_json()
                self.frames.append(frame)
                if wanted(frame):
                    return frame

    async def frame(self, kind: str) -> Frame:
        """Return the next frame of a type."""
        return await self.until(lambda frame: frame["type"] == kind)

    async def follow(self, channel: int, **since: int) -> Frame:
        """Open a channel and return what it has, or what changed since."""
        await self.send(type="open", channel=channel, **since)
        return await self.until(lambda frame: frame["type"] in {"messages", "current"} and frame["channel"] == channel)

    async def submit(self, submission: str, channel: int, **what: object) -> Frame:
        """Submit something and return how it ended: the `done` or `failed` frame."""
        await self.send(type="submit", id=submission, channel=channel, **what)
        return await self.until(lambda frame: frame["type"] in {"done", "failed"} and frame["id"] == submission)

    async def messages(self, channel: int, since: int = 0) -> Sequence[Frame]:
        """Return the channel's messages, read anew over a socket of its own."""
        reader = await Page.open(self.session, self.origin, "reader")
        shown = await reader.follow(channel)
        await reader.close()
        return [item for item in shown["items"] if item["seq"] > since]

    async def close(self) -> None:
        """Close the socket."""
        await self.socket.close()


async def sign_in(session: aiohttp.ClientSession, shop: Shop) -> None:
    """Take a one-time link, as the browser would."""
    async with session.get(shop.sign_in_url()) as response:
        assert response.status == 200


async def upload(session: aiohttp.ClientSession, origin: str, name: str, content: bytes) -> str:
    """Upload a file and return its token."""
    url = f"{origin}/upload?name={quote(name)}"
    async with session.post(url, data=content, headers={"Origin": origin}) as response:
        assert response.status == 200, await response.text()
        return str((await response.json())["token"])


def visitor() -> aiohttp.ClientSession:
    """A browser's cookies and nothing else; to be closed."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
