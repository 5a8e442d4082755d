"""Answers that come after the acknowledgement, each from one process, whichever of those that were told."""

from dataclasses import replace

from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.slack import texts
from adapters.platforms.slack.answers import Answers, is_public
from adapters.platforms.slack.home import Home
from adapters.platforms.slack.places import Place
from adapters.platforms.slack.translate import Said
from adapters.platforms.slack.turns import Turn, Turns
from core.chat.application import Ticket
from core.chat.reply import Placement, Reply
from core.shared.value_objects import value_object


@value_object
class LateAnswers:
    """Delivers them, or stands by while another process does."""

    answers: Answers
    home: Home
    turns: Turns
    follow_ups: FollowUps
    pause: float
    """Seconds between two edits of a message that shows how far something is."""

    async def give(
        self,
        said: Said,
        ticket: Ticket,
        *,
        patience: float | None = None,
        look: bool = False,
        in_channel: bool = False,
    ) -> None:
        """Deliver an answer when it is ready; with a `patience` say after so many seconds that it takes a while.

        Of one that will be public, a message in the channel says how far it is, until the answer takes its place. With
        `look` an earlier process may have answered: then it is looked for.
        """
        reply = await ticket.reply() if patience is None else await ticket.within(patience)
        turn = await self.turns.later(said.turn)
        if turn is Turn.OURS:
            await self._deliver(said, ticket, reply, look=look, in_channel=in_channel)
        elif turn is Turn.OTHERS:
            self.follow_ups.stand_by(self._stand_in(said, ticket), "answer")

    async def _stand_in(self, said: Said, ticket: Ticket) -> None:
        """Answer if the process whose turn it is does not; it may have died right behind its answer."""
        reply = await ticket.reply()
        if await self.turns.falls_to_us(said.turn):
            self.follow_ups.start(self._deliver(said, ticket, reply, look=True), "answer")

    async def _deliver(
        self, said: Said, ticket: Ticket, reply: Reply | None, *, look: bool, in_channel: bool = False
    ) -> None:
        key = said.request.delivery_id
        async with self.turns.kept(said.turn):
            if look and await self.answers.is_shown(said.place, key):
                return
            message = ""
            if reply is None:
                message, reply = await self._meanwhile(said, ticket, in_channel=in_channel)
            shown = self.home.taken(said.place, reply) if said.place.in_home else reply
            if shown:
                await self._in_place(said.place, shown, key, message)

    async def _meanwhile(self, said: Said, ticket: Ticket, *, in_channel: bool) -> tuple[str, Reply]:
        """Say that it takes a while; return the message that shows how far it is, if there is one, and the answer."""
        key, message, told = f"{said.request.delivery_id}/working", "", -1.0
        if in_channel and not said.place.in_home:
            message = await self.answers.show_progress(said.place, ticket.progress or 0.0, key, "")
        if not message:
            await self.answers.say(said.place, texts.WORKING, key)
            return "", await ticket.reply()
        while (reply := await ticket.within(self.pause)) is None:
            if ticket.progress is not None and ticket.progress != told:
                told = ticket.progress
                await self.answers.show_progress(said.place, told, key, message)
        return message, reply

    async def _in_place(self, place: Place, reply: Reply, key: str, message: str) -> None:
        """Deliver an answer, in place of the message that showed how far it was."""
        if message and is_public(place, reply) and reply.original is None:
            place = replace(place, message=message, response_url="")
            reply = replace(reply, placement=Placement.UPDATE)
        elif message:
            await self.answers.take_away(place, message)
        await self.answers.deliver(place, reply, key)
