"""Whether an answer fits what Slack and Discord take, by the rules of the local ones."""

from adapters.platforms.discord import render as discord
from adapters.platforms.discord.controls import Home
from adapters.platforms.slack import render as slack
from core.chat.reply import Reply
from tests.support.discord.message_form import check_message
from tests.support.discord.schema import Report as DiscordReport
from tests.support.slack.blocks import check_blocks, too_long
from tests.support.slack.schema import Report as SlackReport

_HOME = Home("1234567890123456789", "1234567890123456780")


def misfits(reply: Reply) -> list[object]:
    """What Slack or Discord would refuse of the message that an answer becomes, and of the one that it renews."""
    return [*on_slack(reply), *on_discord(reply), *(misfits(reply.original) if reply.original else ())]


def on_slack(reply: Reply) -> list[object]:
    """What Slack would refuse of it."""
    report, shown = SlackReport(), slack.render(reply, lambda _member: None)
    check_blocks(report, "/blocks", list(shown.blocks), "message")
    found: list[object] = [*report.problems, *(["no text"] if not shown.text.strip() else [])]
    return [*found, *(["msg_blocks_too_long"] if too_long(list(shown.blocks)) else [])]


def on_discord(reply: Reply) -> list[object]:
    """What Discord would refuse of it."""
    report, shown = DiscordReport(), discord.render(reply, _HOME)
    check_message(report, {**shown.body(), "flags": shown.flags}, {})
    return [report.errors] if report else []
