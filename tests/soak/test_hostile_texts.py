"""Texts of a hundred thousand characters, made to be slow to read, through whatever reads them first."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from adapters.platforms.discord import translate as discord
from adapters.platforms.discord.events import Event, Kind
from adapters.platforms.discord.heard import addressed
from adapters.platforms.slack import translate as slack
from core.chat.request import ChannelKind, ChannelRef
from tests.support.patience import patience
from tests.unit.adapters.slack.test_translate import BOT, attach, sample
from tests.unit.bot.performance.test_long_lines import REPEATED
from tests.unit.bot.sample_area import planned

LENGTHS = (40_000, 100_000)
HERE = ChannelRef("C1", "general", ChannelKind.PUBLIC)
SECONDS = 1.0
"""Processor time that nobody needs to read the longest; twice as many characters for each pair would take minutes."""

SLACK_MARKS = (
    "<",
    "<@",
    "<@U1|",
    "<#C1|a",
    "<https://a|",
    "<!subteam^S1|",
    "&lt;",
    "&amp;lt;",
    "*a",
    "~",
    "`",
    "```\n",
)
DISCORD_MARKS = ("<@1> ", "<@&1", "<:a:1", "<t:1:", "[a](", "](", "> ", "||a", "\\*")
ODD = ("\n", "\r\n", "\x00", "\ufeff", "\xdf", "\u0130", "\U0001f600")
PIECES = (*REPEATED, *SLACK_MARKS, *DISCORD_MARKS, *ODD)
"""What is repeated: words of commands, and the beginnings of what both platforms mark."""


def _slack_command(text: str) -> object:
    return slack.command(sample("slash_command", text=text), 0.0)


def _slack_talk(text: str) -> object:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": text, "ts": "1.2"}
    said = slack.talk({"team_id": "T1", "event_id": "E1", "event": event}, BOT)
    assert said is not None
    return slack.talk_request(said, HERE, attach)


def _discord_talk(text: str) -> object:
    data = {"content": text}
    event = Event("1", Kind.MESSAGE, "", "1", "1", HERE, "8", "Ann", "en", is_admin=False, at=0.0, data=data)
    return discord.talk(event, "1", _nothing)


def _discord_address(text: str) -> object:
    return addressed(f"<@1> {text}", "1", is_direct=False)


def _nothing(*_: Any) -> Any:
    raise AssertionError("nothing is read while translating")


READERS: dict[str, Callable[[str], object]] = {
    "Slack, a command": _slack_command,
    "Slack, a message": _slack_talk,
    "Slack, whom it mentions": slack.mentioned,
    "Discord, a message": _discord_talk,
    "Discord, whom it is for": _discord_address,
    "the parser": planned,
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("reader", READERS)
def test_no_text_is_slow_to_read(reader: str, record_property: Callable[[str, object], None]) -> None:
    worst = {}
    for length in LENGTHS:
        taken = {piece: _seconds(READERS[reader], piece, length) for piece in PIECES}
        slowest = max(taken, key=taken.__getitem__)
        worst[length] = taken[slowest]
        record_property(f"{reader}, {length:,} characters, ms", f"{worst[length] * 1000:.1f} ({slowest!r} repeated)")
    assert max(worst.values()) < patience(SECONDS)


def _seconds(read: Callable[[str], object], piece: str, length: int) -> float:
    """Return the most processor time for a piece over and over, alone and behind a command."""
    return max(_taken(read, f"{head}{piece * (length // len(piece))}\x00") for head in ("", "/task add ", "task list "))


def _taken(read: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    read(text)
    return time.thread_time() - began
