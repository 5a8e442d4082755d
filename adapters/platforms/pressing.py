"""What a pressed button will need, and what its form begins with, known in time for the form to be opened."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from core.chat.application import Application
from core.chat.reply import Form
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


def marks(form: Form) -> tuple[str, ...]:
    """Return what a form remembers of the inputs that stay as they came; it has no room for their values."""
    return tuple(_mark(field.name, field.value) for field in form.fields if field.stays)


def changed(entered: Mapping[str, str], clearable: Iterable[str], came: Collection[str]) -> dict[str, str]:
    """Return what somebody changed in a form that came with the marks `came`.

    What it came with and is no more there is to be taken away.
    """
    emptied = {name: NOTHING for name in clearable if name not in entered}
    return emptied | {name: value for name, value in entered.items() if _mark(name, value) not in came}


def _mark(name: str, value: str) -> str:
    # Platforms send other line ends than they were given, and none of the space around.
    same = "\n".join([name, *value.strip().splitlines()])
    digest = hashlib.blake2b(same.encode(errors="backslashreplace"), digest_size=3)
    return urlsafe_b64encode(digest.digest()).decode()


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
