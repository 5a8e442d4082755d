"""What areas see to by themselves, over and over, in each workspace."""

from collections.abc import Sequence

from bot.application.services import Supplies
from bot.grammar.declaration import Upkeep
from core.ports.storage import Storage
from core.shared.value_objects import value_object


@value_object
class AreasUpkeep:
    """Lets each area see to each workspace; one that fails leaves the others alone, and is raised at the end."""

    storage: Storage
    supplies: Supplies
    areas: Sequence[Upkeep]

    async def step(self) -> bool:
        """See to all of it; tell whether there may be more."""
        if not self.areas:
            return False
        has_more, errors = False, list[Exception]()
        for workspace in await self.storage.system.workspaces():
            for see_to in self.areas:
                try:
                    has_more |= await see_to(self.storage.workspace(workspace.id), workspace, self.supplies)
                except Exception as error:  # why: the other workspaces have to be seen to all the same
                    errors.append(error)
        if errors:
            raise ExceptionGroup("upkeep failed", errors)
        return has_more
