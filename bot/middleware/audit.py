"""Who changed what, when and where, in the transaction of the change."""

from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.chat.spec import Undo
from core.ports.storage import AuditEntry
from core.shared.clock import Clock
from core.shared.value_objects import value_object

_TARGETS = 20


@value_object
class Audit:
    """Keeps an entry for every command that changed something or used an administrator's override."""

    clock: Clock

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run and, if it changed something, add the entry to its transaction."""
        reply = await proceed(run)
        transactions, context = run.transactions, run.context
        if transactions is None or context is None or reply.problem:
            return reply
        # Buttons and files that an answer brings along change nothing that anybody would look for here.
        is_change = run.known_command.info.undo is Undo.NONE or bool(context.touched)
        if (transactions.changed and is_change) or context.override:
            actor = context.actor
            target = " ".join(context.touched[:_TARGETS])
            entry = AuditEntry(
                self.clock.now(),
                actor.member_id,
                actor.channel_id,
                run.known_command.info.name,
                target,
                context.override,
            )
            async with transactions.write() as work:
                work.audit.add(entry)
                await work.commit()
        return reply
