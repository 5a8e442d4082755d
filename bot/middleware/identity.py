"""From a platform's person to a member of a workspace."""

from functools import partial

from bot.application.context import Context
from bot.application.contexts import Contexts
from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.ports.storage import Storage
from core.shared.errors import NotFoundError, RefusedError
from core.shared.value_objects import value_object


@value_object
class Identity:
    """Settles who asks and gives the run its transaction and services."""

    contexts: Contexts
    storage: Storage

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Find the member; a button of another workspace, or for somebody else, is refused."""
        run.actor, run.directory = await self.contexts.identities.actor(run.request)
        if run.action and run.action.workspace_id != run.actor.workspace_id:
            raise NotFoundError("button", "")
        if run.action and run.action.action.only not in (None, run.actor.member_id):
            raise RefusedError("only_for")
        run.transactions = self.storage.request(run.actor.workspace_id, run.delivery_id)
        run.context = self._context(run)
        try:
            return await proceed(run)
        finally:
            await run.transactions.abandon()

    def _context(self, run: Run) -> Context:
        actor, directory, transactions = run.actor, run.directory, run.transactions
        if actor is None or directory is None or transactions is None:
            raise LookupError("identity comes first")
        context = self.contexts.of(run.request, actor, directory, transactions)
        context.reference, context.delivery = run.reference, run.delivery_id
        context.report_progress, context.expect = run.report_progress, partial(run.expect, actor.workspace_id)
        return context
