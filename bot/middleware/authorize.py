"""Only who may."""

from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.shared.errors import ForbiddenError


async def authorize(run: Run, proceed: Next) -> Reply:
    """Refuse a command above the member's role."""
    if run.command is not None:
        needed, held = run.command.info.role, run.known_actor.role
        if held < needed:
            raise ForbiddenError(needed.label, held.label)
    return await proceed(run)
