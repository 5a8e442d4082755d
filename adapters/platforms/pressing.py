"""What a pressed button will need, and what its form begins with, known in time for the form to be opened."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.chat.application import Application
from core.chat.request import Request
from core.chat.spec import NOTHING, Plan
from core.shared.errors import QuartermasterError

RESOLVE_SECONDS = 2.0
"""A button's command has to be known within this time if it is to open a form."""

FILL_SECONDS = 0.8
"""What a form changes has to be known within this time; else it comes up without."""


async def filled(application: Application, request: Request, plan: Plan, longest: int) -> Plan:
    """Return a plan whose form has what the record has that its command asks about, where that can be told in time.

    An input of a text that the platform would cut, beyond so many characters, comes up empty: it stays as it is.
    """
    if plan.command is None or not plan.command.asks:
        return plan
    try:
        async with asyncio.timeout(FILL_SECONDS):
            form = await application.filled(request, plan)
    except (QuartermasterError, TimeoutError):
        return plan
    if form is None or plan.form is None:
        return plan
    pairs = zip(form.fields, plan.form.fields, strict=True)
    fields = tuple(new if len(new.value) <= longest else bare for new, bare in pairs)
    return replace(plan, form=replace(form, fields=fields))


def with_emptied(entered: Mapping[str, str], came_with: Iterable[str]) -> dict[str, str]:
    """Return what was entered in a form; what it came with and is no more there is to be taken away."""
    return {**dict.fromkeys(came_with, NOTHING), **entered}


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
