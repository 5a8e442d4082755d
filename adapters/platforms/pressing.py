"""What a pressed button will need, known in time for a form to be opened."""

import asyncio

from core.chat.application import Application
from core.chat.request import Request
from core.chat.spec import Plan
from core.shared.errors import QuartermasterError

RESOLVE_SECONDS = 2.0
"""A button's command has to be known within this time if it is to open a form."""


async def planned(
    application: Application, request: Request, seconds: float = RESOLVE_SECONDS
) -> tuple[Request, Plan | None]:
    """Return the request with what is stored for its button, and its plan.

    Without a plan, and as it was, where that can't be told in time: running it says why.
    """
    try:
        async with asyncio.timeout(seconds):
            resolved = await application.resolve(request)
    except (QuartermasterError, TimeoutError):
        return request, None
    return resolved, application.plan(resolved)
