"""Trying until it works, for what people wait for."""

import asyncio
from collections.abc import Awaitable, Callable

from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError

LONGEST_PAUSE = 60.0

Look = Callable[[], Awaitable[object]]
"""Looks for what an attempt of unknown outcome was to make; returns nothing if it is not there."""


class GivenUpError(Exception):
    """It did not work in the time that it had."""


async def persist(
    attempt: Callable[[], Awaitable[object]],
    look: Look | None = None,
    *,
    seconds: float,
    pause: float,
    least: float | None = None,
) -> object:
    """Try for so many seconds, at first after `pause`; `look` tells whether an attempt of unknown outcome worked.

    A platform that says how long to wait is believed, down to the pause or to `least`. Raises `PostRejectedError` for a
    refusal and `GivenUpError` when the time is up.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        wait = pause
        try:
            return await attempt()
        except PostDelayedError as error:
            wait = max(error.seconds, pause if least is None else least)
        except PostOutcomeUnknownError:
            if look and (found := await _looked(look)):
                return found
        if loop.time() + wait > end:
            raise GivenUpError
        await asyncio.sleep(wait)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _looked(look: Look) -> object | None:
    """Return what was found; an answer that can't be looked for is rather shown twice than never."""
    try:
        return await look()
    except (PostOutcomeUnknownError, PostRejectedError, PostDelayedError):
        return None
