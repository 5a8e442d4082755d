"""Who says something of times is asked once in which zone they are, where their platform tells nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.application.run import Next, Run
from core.chat.actor import Actor
from core.chat.reply import Reply
from core.chat.request import ChannelKind, Platform
from core.shared.clock import Clock
from core.shared.events import Event
from core.shared.value_objects import value_object

UNTOLD = frozenset({Platform.DISCORD})
"""Platforms that tell nobody's time zone."""


@value_object
class AskZone:
    """Lets the question go along with the answer that it matters for first.

    That they were asked becomes permanent with the answer, on a condition: of however many processes one asks.
    """

    clock: Clock
    question: Callable[[Actor, datetime], Reply]

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run, and ask if that is to be."""
        reply = await proceed(run)
        transactions, context = run.transactions, run.context
        if transactions is None or context is None or reply.problem or reply.form or not _is_to_be_asked(run):
            return reply
        actor, now = context.actor, self.clock.now()
        async with transactions.write() as work:
            is_first = await work.members.ask_zone(actor.member_id, now)
            if is_first:
                facts = {"member": actor.member_id}
                work.events.record(Event("member.zone_asked", now, None, actor.member_id, facts))
            await work.commit()
        return replace(reply, besides=self.question(actor, now)) if is_first else reply


def _is_to_be_asked(run: Run) -> bool:
    """Tell whether what was said depends on a zone that is not known, and they alone can be asked for it here."""
    request, actor = run.request, run.known_actor
    member = run.directory.members.get(actor.member_id) if run.directory else None
    if request.platform not in UNTOLD or run.is_job or member is None or member.zone or member.zone_asked:
        return False
    # What is said in a message is answered for all to see; commands, forms and controls can be for one alone.
    is_alone = request.channel.kind is ChannelKind.DIRECT or bool(request.command or request.action_id)
    given = run.known_plan.arguments
    return is_alone and any(one.on_the_clock and one.name in given for one in run.known_command.info.arguments)
