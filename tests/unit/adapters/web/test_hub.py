"""What a page is sent, and when."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.platforms.web import hub
from adapters.platforms.web.hub import Hub, Page
from tests.support.patience import patience


class Socket:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.closed = False
        self.sent: list[str] = []

    async def send_str(self, text: str) -> None:
        self.sent.append(json.loads(text)["type"])


async def test_what_comes_while_a_session_is_looked_up_waits_for_no_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "BEAT_SECONDS", patience(3600.0))
    socket: Any = Socket()

    async def is_signed_in() -> bool:
        if socket.sent == ["first"]:
            page.tell({"type": "second"})
        page.closing = "second" in socket.sent
        await asyncio.sleep(0)
        return True

    reader: Any = None
    page = Page(id="page", reader=reader, member_id=1, socket=socket, is_still_signed_in=is_signed_in)
    page.tell({"type": "first"})
    storage: Any = SimpleNamespace(watch=lambda *_: None)
    rooms: Any = None
    await asyncio.create_task(Hub(storage, rooms, 1, lambda *_: "").write(page))
    assert socket.sent == ["first", "second"]
