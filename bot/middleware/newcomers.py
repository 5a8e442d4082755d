"""People whom somebody names by a platform's mention become members by that, before they ever typed anything."""

from bot.application.run import Next, Run
from bot.identity.identities import Identities
from core.chat.reply import Reply
from core.chat.spec import ArgumentKind
from core.people.model import TOGETHER_LIMIT
from core.shared.naming import MENTION
from core.shared.value_objects import value_object

_PEOPLE = (ArgumentKind.MEMBER, ArgumentKind.MEMBERS)


@value_object
class Newcomers:
    """Makes them known, those of whom the platform tells.

    It stands outside the transaction, for it may ask the platform, and behind what may refuse a command, so that nobody
    is made known by one that is not run.
    """

    identities: Identities

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Let the directory have everybody who is named."""
        users = _named(run)
        context = run.context
        if users and context is not None and context.actor.platform in self.identities.messengers:
            spaces = {space.id: space for space in await self.identities.all_spaces()}
            context.directory = await self.identities.introduce(
                spaces[context.actor.space_id], users[:TOGETHER_LIMIT], told=run.request.people, only_told=True
            )
        return await proceed(run)


def _named(run: Run) -> list[str]:
    """Return the platform's ids of the people among a command's arguments, once each."""
    plan = run.known_plan
    if plan.command is None or plan.problem:
        return []
    people = [argument.name for argument in plan.command.arguments if argument.kind in _PEOPLE]
    texts = (text for name in people for text in plan.arguments.get(name, ()))
    return list(dict.fromkeys(user for text in texts for user in MENTION.findall(text)))
