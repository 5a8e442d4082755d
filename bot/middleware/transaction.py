"""What a command changed, its buttons, and the answer itself become permanent together."""

from dataclasses import replace

from bot.application.run import Next, Run
from core.chat.actions import ACTION_LIFE, number_actions
from core.chat.reply import Reply
from core.chat.request import Platform
from core.shared.clock import Clock
from core.shared.ids import new_id
from core.shared.value_objects import value_object

WITHOUT_BUTTONS = frozenset({Platform.TERMINAL})
"""Where an answer's buttons are only told of: nobody can press one, and none has to be kept."""


@value_object
class Transaction:
    """Settles the transaction of a request with its reply."""

    clock: Clock

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Store the reply's actions, then commit everything at once.

        A reply that reports a problem commits nothing, unless it keeps what was written, or hands over files, which
        have to be known to be read.
        """
        reply = await proceed(run)
        transactions, actor = run.transactions, run.known_actor
        if transactions is None:
            raise LookupError("the run has no transaction")
        if reply.problem and not (reply.files or reply.keeps) and transactions.changed:
            await transactions.abandon()
        now = self.clock.now()
        reply, actions = number_actions(reply, new_id(now))
        if actions and run.request.platform not in WITHOUT_BUTTONS:
            async with transactions.write() as work:
                work.actions.add(
                    actions[0].id.partition(".")[0], actions, channel_id=actor.channel_id, expires_at=now + ACTION_LIFE
                )
                await work.commit()
        if transactions.changed:
            await transactions.settle(reply if reply.progress is None else replace(reply, progress=None))
        return reply
