"""Only who may, and only once the consequence of what can't be undone is known."""

from bot.command_text import command_text
from bot.parser import CONFIRM
from bot.run import Next, Run
from core.chat.reply import Reply
from core.chat.spec import Answer, Undo
from core.shared.errors import ConfirmationNeededError, ForbiddenError

_YES = frozenset({"yes", "y", "true"})


async def authorize(run: Run, proceed: Next) -> Reply:
    """Refuse a command above the member's role; have one without undo confirmed."""
    if run.command is None:
        return await proceed(run)
    info, actor, plan = run.command.info, run.known_actor, run.known_plan
    if actor.role < info.role:
        raise ForbiddenError(info.role.label, actor.role.label)
    confirmed = any(value.strip().lower() in _YES for value in plan.arguments.get(CONFIRM.name, ()))
    needs_confirmation = info.undo is Undo.NONE and bool(info.consequence)
    if needs_confirmation and not confirmed and plan.answer is not Answer.FORM and plan.problem is None:
        raise ConfirmationNeededError(command_text(info, plan.arguments), info.consequence)
    return await proceed(run)
