"""Contexts made for whoever asks: by a request, or as the member for whom a job works."""

from bot.application.context import Context
from bot.application.services import Services, Supplies
from bot.grammar.registry import Registry
from bot.identity.audiences import Audiences
from bot.identity.directory import Directory
from bot.identity.identities import Identities
from core.chat.actor import Actor
from core.chat.request import Request
from core.ports.storage import Transactions
from core.shared.clock import Clock
from core.shared.value_objects import value_object
from core.workspaces.model import Audience


@value_object
class Contexts:
    """What contexts are made of, whoever asks."""

    identities: Identities
    audiences: Audiences
    supplies: Supplies
    registry: Registry
    clock: Clock

    def of(self, request: Request, actor: Actor, directory: Directory, transactions: Transactions) -> Context:
        """Return the context of somebody who asks, with services on these units of work."""

        async def load(everywhere: bool) -> Audience:
            spaces = {space.id: space for space in await self.identities.all_spaces()}
            return await self.audiences.of(actor, directory, spaces, everywhere=everywhere)

        return Context(
            request=request,
            actor=actor,
            now=self.clock.now(),
            services=Services(transactions, self.supplies, self.registry.services),
            directory=directory,
            catalogue=self.registry.catalogue,
            inverses=self.registry.inverses,
            subjects=self.registry.subjects,
            asides=self.registry.asides,
            load_audience=load,
        )
