"""The product as a process of its own, killed in the middle of work that comes from Discord."""

import asyncio
import itertools
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.discord import Channel, DiscordPlatform, Exchange, Message, Person
from tests.support.discord_product import discord_process

PEOPLE = 25
AT_ONCE = 8
SAID_DIRECTLY = 10
"""Every so many adds one is a direct message."""


def _titles(folder: Path) -> Counter[str]:
    with closing(sqlite3.connect(folder / "quartermaster.db")) as db:
        return Counter(title for (title,) in db.execute("SELECT title FROM tasks"))


@dataclass
class Adding:
    """People who add tasks, by command and by direct message, until they are told to stop."""

    discord: DiscordPlatform
    people: list[Person]
    channel: Channel
    adds: int
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    is_over: bool = False

    async def go_on(self) -> None:
        """Add one after the other."""
        while not self.is_over and (number := next(self.numbers)) < self.adds:
            title = f"Task {number}"
            if number % SAID_DIRECTLY:
                person = self.people[number % PEOPLE]
                self.exchanges[title] = await person.command("/task add", title=title, channel=self.channel)
            else:
                person = self.people[number // SAID_DIRECTLY % PEOPLE]
                self.exchanges[title] = await person.direct_message(f"task add {title}")

    def answered(self) -> set[str]:
        """The titles whose adding somebody was told of."""
        return {title for title, exchange in self.exchanges.items() if self._answers(exchange)}

    def _answers(self, exchange: Exchange) -> list[Message]:
        if exchange.watch is None:
            return [message for message in exchange.messages if "added #" in message.shown]
        wanted = exchange.payload["id"]
        return [
            message
            for message in exchange.watch.channel.messages
            if message.data.get("message_reference", {}).get("message_id") == wanted
        ]

    def answers(self, *, direct: bool) -> set[int]:
        """How often commands, or direct messages, were answered."""
        found = [exchange for exchange in self.exchanges.values() if (exchange.watch is not None) is direct]
        return {len(self._answers(exchange)) for exchange in found}


async def assert_a_kill_loses_nothing(folder: Path, *, adds: int, killed_after: int) -> int:
    """Kill it once so many of the adds are answered, start it again and have Discord deliver them all once more.

    Return how many were answered before the kill: all of them were kept.
    """
    async with DiscordPlatform() as discord, discord_process(discord, folder) as product:
        users = [discord.world.user(f"user-{number}") for number in range(PEOPLE)]
        people = [discord.person(user) for user in users]
        adding = Adding(discord, people, discord.world.channel("general", users), adds)
        working = [asyncio.create_task(adding.go_on()) for _ in range(AT_ONCE)]
        await discord.until(lambda: len(adding.answered()) >= killed_after, seconds=60, what="enough answers")
        await product.end(signal.SIGKILL)
        adding.is_over = True
        kept = _titles(folder)
        # Discord waits a while for the responses that nobody gives any more; meanwhile the next one starts.
        await asyncio.gather(product.start(), *working)
        answered = adding.answered()
        assert killed_after <= len(answered) < adds
        assert any("added" in message.shown for message in people[0].direct_channel.messages)
        assert answered <= set(kept)
        assert set(kept.values()) == {1}

        for exchange in adding.exchanges.values():
            await exchange.delivery.repeat()
        last = await (await people[0].command("/task add", title="Last", channel=adding.channel)).answer(seconds=60)
        assert "added #" in last.shown
        assert await product.end(signal.SIGTERM) == 0
        kept = _titles(folder)
        assert set(kept) == {*adding.exchanges, "Last"}
        assert set(kept.values()) == {1}
        # A command that had its first response but no answer stays without one; a message is answered all the same.
        assert adding.answers(direct=False) <= {0, 1}
        assert adding.answers(direct=True) == {1}
        return len(answered)
