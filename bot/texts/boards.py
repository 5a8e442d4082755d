"""What people read about boards, whatever area they are of."""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.texts import errors
from bot.texts.common import sentence_case
from core.boards.model import Board
from core.chat.reply import Action, Placement, Reply
from core.chat.request import Platform
from core.chat.text import Code, plain, text
from core.ports.platform import CHANNEL_GONE, MESSAGE_GONE, NOT_ALLOWED

if TYPE_CHECKING:
    from bot.grammar.declaration import Area

PERMIT = (
    "If nothing comes up, Discord keeps my messages from you: allow direct messages in the server's privacy settings."
)


def digest(reply: Reply) -> str:
    """Return what tells one state of a board from another."""
    said = f"{reply.title}\n{plain(reply.text)}\n{reply.actions}\n{reply.tables}"
    return hashlib.sha256(said.encode()).hexdigest()


def put_up(area: "Area", channel: str, grouping: str, *, moved: bool) -> Reply:
    """Say that the board of a channel comes, and how to get rid of it."""
    groupings = area.boards.groupings if area.boards else {}
    how = f", {groupings[grouping]}" if grouping in groupings else ""
    new = f"A board of the {area.plural} in {channel} comes up here"
    said = f"The board of {channel} moves down here" if moved else new
    others = [
        Action(f"{sentence_case(words)} instead", f"/{area.name} board by:{other}", placement=Placement.UPDATE)
        for other, words in groupings.items()
        if other != grouping
    ]
    return Reply(text=text(f"{said}{how}. It keeps itself up to date."), actions=(*others, _take_down(area)))


def put_up_own(area: "Area", platform: Platform, *, moved: bool) -> Reply:
    """Say that the board of somebody's own comes, and how to get rid of it."""
    own = area.boards.own if area.boards else ""
    said = f"Your {own} move down here" if moved else f"Your {own}, of all channels, come up here"
    hint = f" {PERMIT}" if platform is Platform.DISCORD else ""
    return Reply(text=text(f"{said} in one message that keeps itself up to date.{hint}"), actions=(_take_down(area),))


def _take_down(area: "Area") -> Action:
    return Action("Take it down", f"/{area.name} unboard", placement=Placement.UPDATE)


def taken_down(area: "Area", channel: str, board: Board) -> Reply:
    """Say that the board goes, and offer it back."""
    by = f" by:{board.grouping}" if board.grouping and board.member_id is None else ""
    again = Action("Put it up again", f"/{area.name} board{by}", placement=Placement.UPDATE)
    if board.member_id is not None:
        said = f"The overview of your {area.plural} goes. The {area.plural} stay."
    else:
        said = f"The board of {channel} goes. Its {area.plural} stay."
    return Reply(text=text(said), actions=(again,))


_WHY: Mapping[str, str] = {
    MESSAGE_GONE: "its message was deleted",
    CHANNEL_GONE: "the channel is archived or gone, or I am not in it any more",
    NOT_ALLOWED: "I am not allowed to change my message there any more",
    "in_doubt": "I could not find out whether its message arrived, since I can't read the channel",
}


def switched_off(area: "Area", made: Board, channel: str, reason: str, platform: Platform) -> Reply:
    """Tell the person who made a board why it is no longer kept up to date."""
    if made.member_id is not None:
        return _own_switched_off(area, reason, platform)
    why = _WHY.get(reason, "the platform refuses its message")
    return Reply(
        title=f"The board of {channel} is off",
        text=text(
            f"I no longer keep it up to date: {why}. {_invitation(platform, channel)} Then type ",
            Code(f"/{area.name} board"),
            " there to have it back.",
        ),
    )


def _own_switched_off(area: "Area", reason: str, platform: Platform) -> Reply:
    why = "its message was deleted" if reason == MESSAGE_GONE else f"{platform.value.title()} refuses its message"
    return Reply(
        title=f"The overview of your {area.plural} is off",
        text=text(
            f"I no longer keep it up to date in our direct messages on {platform.value.title()}: {why}. Type ",
            Code(f"/{area.name} board"),
            " there to have it back.",
        ),
    )


def _invitation(platform: Platform, channel: str) -> str:
    hints = {
        Platform.SLACK: "Make sure that I am in the channel (/invite @quartermaster).",
        Platform.DISCORD: (
            "Make sure that my role may see the channel, send messages, embed links and read the history there."
        ),
    }
    return hints.get(platform, f"Make sure that {channel} is there.")


def _not_there(words: errors.Words) -> tuple[str, str]:
    command = f"`/{words['area']} board`"
    if words["is_direct"]:
        return "I am not in this conversation, so I can't keep a board here.", f"Type {command} in our own."
    where = f"#{words['channel']}" if words.get("channel") else "this channel"
    if words["platform"] == Platform.DISCORD:
        return (
            f"I can't see {where}, so I can't keep a board there.",
            "Give my role View Channel, Send Messages, Embed Links and Read Message History in the channel's "
            f"settings under Permissions; then type {command} again.",
        )
    return (
        f"I am not in {where}, so I can't keep a board there.",
        f"Invite me with `/invite @quartermaster`, then type {command} again.",
    )


REASONS = errors.Reasons(
    refusals={
        "board_not_there": _not_there,
        "no_board": lambda w: ("There is no board in this channel.", f"`/{w['area']} board` puts one up."),
    }
)
