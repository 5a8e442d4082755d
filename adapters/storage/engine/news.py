"""News: what commits of other processes made true, as far as this process hears of it."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from core.ports.storage import Committed
from core.shared.events import Event
from core.shared.value_objects import value_object

LONGEST = 7900
"""Letters of one piece of news: Postgres carries less than 8,000 bytes."""

_MORE = "more"


class NewsUnreadableError(Exception):
    """What came is no news of ours."""


@value_object
class Listener:
    """Who is told: of a commit, or that anything may have changed; both on the event loop."""

    heard: Callable[[Committed], None]
    missed: Callable[[], None]


class News(Protocol):
    """A way to hear of other processes' commits."""

    async def follow(self, listener: Listener) -> None:
        """Tell of every commit from now on, until cancelled; nothing that the database does ends it."""
        ...


def packed(committed: Committed, origin: str) -> str:
    """Return a commit as letters, digits, `+`, `/` and `=`; nothing if there is nothing to tell.

    `origin` is the process. Where there is too much to tell, it is told that there is more.
    """
    if not (committed.events or committed.has_posts or committed.channels or committed.has_jobs):
        return ""
    events = [[one.kind, one.at.isoformat(), one.channel_id, one.actor_id, one.payload] for one in committed.events]
    channels = sorted(committed.channels)
    letters = _letters([origin, committed.workspace_id, events, committed.has_posts, channels, committed.has_jobs])
    return letters if len(letters) <= LONGEST else _letters([origin, _MORE])


def unpacked(letters: str) -> tuple[str, Committed | None]:
    """Return the process and its commit, or None for more than can be told; raises `NewsUnreadableError`."""
    try:
        origin, *told = json.loads(b64decode(letters, validate=True))
        if told == [_MORE]:
            return str(origin), None
        workspace_id, events, has_posts, channels, has_jobs = told
        happened, moved = tuple(map(_event, events)), frozenset(map(int, channels))
        committed = Committed(int(workspace_id), happened, bool(has_posts), moved, bool(has_jobs))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise NewsUnreadableError from error
    return str(origin), committed


def _letters(news: list[Any]) -> str:
    return b64encode(json.dumps(news, separators=(",", ":")).encode()).decode()


def _event(row: list[Any]) -> Event:
    kind, at, channel_id, actor_id, payload = row
    return Event(str(kind), datetime.fromisoformat(at).astimezone(UTC), channel_id, actor_id, dict(payload))
