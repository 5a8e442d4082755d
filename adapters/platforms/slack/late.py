"""Answers that come after the acknowledgement, each from one process, whichever of those that were told."""

from dataclasses import dataclass

from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.slack import texts
from adapters.platforms.slack.answers import Answers
from adapters.platforms.slack.home import Home
from adapters.platforms.slack.translate import Said
from adapters.platforms.slack.turns import Turn, Turns
from core.chat.application import Ticket
from core.chat.reply import Reply


@dataclass(frozen=True, slots=True)
class LateAnswers:
    """Delivers them, or stands by while another process does."""

    answers: Answers
    home: Home
    turns: Turns
    follow_ups: FollowUps

    async def give(self, said: Said, ticket: Ticket, *, patience: float | None = None, look: bool = False) -> None:
        """Deliver an answer when it is ready; with a `patience` say after so many seconds that it takes a while.

        With `look` an earlier process may have answered: then it is looked for.
        """
        reply = await ticket.reply() if patience is None else await ticket.within(patience)
        turn = await self.turns.later(said.turn)
        if turn is Turn.OURS:
            await self._deliver(said, ticket, reply, look=look)
        elif turn is Turn.OTHERS:
            self.follow_ups.stand_by(self._stand_in(said, ticket), "answer")

    async def _stand_in(self, said: Said, ticket: Ticket) -> None:
        """Answer if the process whose turn it is does not; it may have died right behind its answer."""
        reply = await ticket.reply()
        if await self.turns.falls_to_us(said.turn):
            self.follow_ups.start(self._deliver(said, ticket, reply, look=True), "answer")

    async def _deliver(self, said: Said, ticket: Ticket, reply: Reply | None, *, look: bool) -> None:
        key = said.request.delivery_id
        async with self.turns.kept(said.turn):
            if look and await self.answers.is_shown(said.place, key):
                return
            if reply is None:
                await self.answers.say(said.place, texts.WORKING, f"{key}/working")
                reply = await ticket.reply()
            shown = self.home.taken(said.place, reply) if said.place.in_home else reply
            if shown:
                await self.answers.deliver(said.place, shown, key)
