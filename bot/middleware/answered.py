"""What was answered before is answered alike, also where a command looks around before its first write."""

from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.chat.spec import Undo
from core.ports.storage import SystemStore
from core.shared.errors import NotFoundError
from core.shared.value_objects import value_object


@value_object
class Answered:
    """Asks the record first for spent buttons, for commands without undo and for those that work in steps.

    Other commands meet the record with their first write, which saves them a visit to the database.
    """

    system: SystemStore

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Give the first answer again if there is one."""
        is_once = run.action is not None and run.action.action.once
        is_final = run.command is not None and (run.command.info.undo is Undo.NONE or run.command.info.in_steps)
        if run.delivery_id and (is_once or is_final):
            reply = await self.system.delivered(run.delivery_id)
            if reply is not None:
                await _check_reach(run)
                return reply
        return await proceed(run)


async def _check_reach(run: Run) -> None:
    """Tell nobody what was answered in a channel that they can't look into; raises `NotFoundError`."""
    if run.action and run.context and not await run.context.looks_into(run.action.channel_id):
        raise NotFoundError("button", "")
