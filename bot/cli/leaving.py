"""An import or export that whoever types it does not wait for: a job is started that asks for it."""

from contextlib import suppress
from dataclasses import replace

from bot.grammar.command_text import command_text
from bot.wiring.bootstrap import Equipment
from bot.wiring.product import Product
from core.chat.actor import Actor
from core.chat.request import Request
from core.chat.spec import ArgumentKind, CommandInfo
from core.files.service import FileService
from core.jobs.kinds import EXPORT, IMPORT
from core.shared.errors import QuartermasterError


async def as_job(product: Product, parts: Equipment, request: Request) -> Request:
    """Return what starts the job that asks for an import or export, whose file is stored by then.

    What is none of these, or is refused as it stands, stays what it is: its own answer says why.
    """
    plan = product.application.plan(request)
    if plan.problem or plan.command is None or plan.command.job not in (IMPORT, EXPORT):
        return request
    with suppress(QuartermasterError):
        actor = await product.application.identify(request)
        if actor.role >= plan.command.role:
            given = {**plan.arguments, **await _files(product, parts, actor, plan.command, request)}
            line = f"/job run {plan.command.job} {command_text(plan.command, given)}"
            return replace(request, text=line, attachments=())
    return request


async def _files(
    product: Product, parts: Equipment, actor: Actor, command: CommandInfo, request: Request
) -> dict[str, tuple[str, ...]]:
    """Store what is attached, and return by which ids it can be named, by the arguments that take it."""
    limit = parts.settings.storage.upload_limit
    files = FileService(parts.storage.workspace(actor.workspace_id), product.files, product.clock, limit=limit)
    takers = [argument.name for argument in command.arguments if argument.kind is ArgumentKind.FILE]
    stored = [await files.keep(actor, attachment, only=actor.member_id) for attachment in request.attachments]
    return {name: (file.id,) for name, file in zip(takers, stored, strict=False)}
