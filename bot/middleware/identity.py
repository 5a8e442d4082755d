"""From a platform's person to a member of a workspace."""

from dataclasses import dataclass

from bot.application.context import Context
from bot.application.run import Next, Run
from bot.application.services import Services, Supplies
from bot.grammar.registry import Registry
from bot.identity.audiences import Audiences
from bot.identity.identities import Identities
from core.chat.reply import Reply
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.shared.errors import NotFoundError, RefusedError
from core.workspaces.model import Audience


@dataclass(frozen=True, slots=True)
class Identity:
    """Settles who asks and gives the run its transaction and services."""

    identities: Identities
    audiences: Audiences
    storage: Storage
    supplies: Supplies
    registry: Registry
    clock: Clock

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Find the member; a button of another workspace, or for somebody else, is refused."""
        run.actor, run.directory = await self.identities.actor(run.request)
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

        async def load(everywhere: bool) -> Audience:
            spaces = {space.id: space for space in await self.identities.all_spaces()}
            return await self.audiences.of(actor, directory, spaces, everywhere=everywhere)

        return Context(
            request=run.request,
            actor=actor,
            now=self.clock.now(),
            services=Services(transactions, self.supplies, self.registry.services),
            directory=directory,
            catalogue=self.registry.catalogue,
            inverses=self.registry.inverses,
            subjects=self.registry.subjects,
            asides=self.registry.asides,
            load_audience=load,
            reference=run.reference,
            delivery=run.delivery_id,
            report_progress=run.report_progress,
        )
