"""What people read on boards, and about them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.identity.directory import Directory
from bot.texts import errors
from bot.texts.boards import work_boards
from bot.texts.common import listed
from core.boards.model import Board, BoardContent, BoardTask, Grouping
from core.chat.actions import number_actions
from core.chat.reply import Action, Placement, Reply, Style, Visibility
from core.chat.request import Platform
from core.chat.text import Bold, Code, Moment, Text, lines, plain, text
from core.dates.due import Due
from core.ports.platform import CHANNEL_GONE, MESSAGE_GONE, NOT_ALLOWED
from core.shared.paging import COUNT_LIMIT
from core.tasks.model import Priority

TITLE = 100
"""Characters of a title on a board; all of it is in the list."""

BUTTONS = (
    Action("Add a task", "/task add", style=Style.PRIMARY),
    Action("Work on them", "/task list"),
)
"""The buttons under every board. They stay the same while tasks come and go, so that an edit stores nothing."""


@dataclass(frozen=True, slots=True)
class _View:
    directory: Directory
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """Return the workspace's zone: a board is for everybody."""
        return ZoneInfo(self.directory.workspace.zone)


def buttons(made: Board) -> tuple[Action, ...]:
    """Return the buttons of a board, with their ids, as they are stored; those of a person's board are theirs alone."""
    own = tuple(replace(one, only=made.member_id) for one in work_boards.BUTTONS) if made.member_id else BUTTONS
    return number_actions(Reply(actions=own), made.id)[1]


def board(content: BoardContent, made: Board, directory: Directory, now: datetime) -> Reply:
    """Show the tasks of a channel; the buttons have ids already."""
    view = _View(directory, now)
    groups = {Grouping.STATUS: _by_status, Grouping.ASSIGNEE: _by_assignee}[made.grouping](content, view)
    nothing = text("Nothing to do. Add something: ", Code("/task add Buy milk due:tomorrow assign:@me"))
    return Reply(
        title=f"Tasks in {directory.channel_name(made.channel_id)}",
        text=lines(*groups) if content.open or content.done else nothing,
        visibility=Visibility.CHANNEL,
        actions=buttons(made),
    )


def digest(reply: Reply) -> str:
    """Return what tells one state of a board from another."""
    said = f"{reply.title}\n{plain(reply.text)}\n{reply.actions}\n{reply.tables}"
    return hashlib.sha256(said.encode()).hexdigest()


def _by_status(content: BoardContent, view: _View) -> list[Text]:
    late = [task for task in content.open if _is_late(task, view)]
    others = [task for task in content.open if not _is_late(task, view)]
    on_time = content.open_total if content.open_total > COUNT_LIMIT else content.open_total - content.overdue_total
    rows = _group("Overdue", content.overdue_total, [_line(task, view) for task in late])
    rows += _group("Open", on_time, [_line(task, view) for task in others])
    more = content.open_total - len(content.open)
    rows += [_rest(more, "/task list")] if more > 0 else []
    return rows + _done(content, view)


def _by_assignee(content: BoardContent, view: _View) -> list[Text]:
    groups: dict[int, list[Text]] = {}
    for task in content.open:
        for member_id in task.assignees or (0,):
            groups.setdefault(member_id, []).append(_line(task, view, with_people=False))
    names = {member_id: view.directory.name(member_id) for member_id in groups if member_id}
    people = sorted(names, key=lambda member_id: (names[member_id].casefold(), member_id))
    more = content.open_total - len(content.open)
    rows: list[Text] = []
    for member_id in (*people, *([0] if 0 in groups else [])):
        found = groups[member_id]
        # Where not all tasks are shown, nobody's are counted.
        rows += _group(names.get(member_id, "Nobody"), 0 if more > 0 else len(found), found)
    rows += [_rest(more, "/task list")] if more > 0 else []
    return rows + _done(content, view)


def _done(content: BoardContent, view: _View) -> list[Text]:
    rows = _group("Done today", content.done_total, [_line(task, view) for task in content.done])
    more = content.done_total - len(content.done)
    return rows + ([_rest(more, "/task list done")] if more > 0 else [])


def _group(heading: str, total: int, rows: Sequence[Text]) -> list[Text]:
    if not rows:
        return []
    number = f" ({COUNT_LIMIT:,}+)" if total > COUNT_LIMIT else f" ({total:,})" if total else ""
    return [text(Bold(f"{heading}{number}")), *rows]


def _rest(more: int, command: str) -> Text:
    count = f"{COUNT_LIMIT:,} or more" if more >= COUNT_LIMIT else f"{more:,} more"
    return text(f"… and {count}: ", Code(command))


def _line(task: BoardTask, view: _View, *, with_people: bool = True) -> Text:
    title = task.title if len(task.title) <= TITLE else f"{task.title[: TITLE - 1]}…"
    who = listed([view.directory.name(member) for member in task.assignees]) if with_people else ""
    pressing = "" if task.is_done or task.priority is Priority.MEDIUM else f" · {task.priority.label}"
    due = () if task.is_done or task.due is None else text(" · ", _due(task.due, view))
    return text(f"• #{task.number} {title}{pressing}", due, f" · {who}" if who else "")


def _is_late(task: BoardTask, view: _View) -> bool:
    return task.due is not None and task.due.is_overdue(view.now)


def _due(due: Due, view: _View) -> Text:
    """Return a due in few words, on the workspace's clock: `due tomorrow, Sat 21 Nov 09:00`."""
    local = due.in_zone(view.zone.key)
    today = view.now.astimezone(view.zone).date()
    days = (-1, "yesterday, "), (0, "today, "), (1, "tomorrow, ")
    near = next((word for offset, word in days if local.date == today + timedelta(days=offset)), "")
    year = "" if local.date.year == today.year else f" {local.date.year}"
    clock = f" {local.time:%H:%M}" if local.time else ""
    said = f"{near}{local.date:%a} {local.date.day} {local.date:%b}{year}{clock}"
    verb = "was due " if due.is_overdue(view.now) else "due "
    return text(verb, Moment(due.at, said) if due.time else said)


# ---------------------------------------------------------------- about boards


def put_up(channel: str, grouping: Grouping, *, moved: bool) -> Reply:
    """Say that the board of a channel comes, and how to get rid of it."""
    how = {Grouping.STATUS: "by status", Grouping.ASSIGNEE: "by person"}[grouping]
    said = f"The board of {channel} moves down here" if moved else f"A board of the tasks in {channel} comes up here"
    other = Grouping.ASSIGNEE if grouping is Grouping.STATUS else Grouping.STATUS
    label = "By person instead" if other is Grouping.ASSIGNEE else "By status instead"
    return Reply(
        text=text(f"{said}, {how}. It keeps itself up to date."),
        actions=(
            Action(label, f"/task board by:{other.value}", placement=Placement.UPDATE),
            Action("Take it down", "/task unboard", placement=Placement.UPDATE),
        ),
    )


def taken_down(channel: str, board: Board) -> Reply:
    """Say that the board goes, and offer it back."""
    if board.member_id is not None:
        return work_boards.taken_down()
    again = Action("Put it up again", f"/task board by:{board.grouping.value}", placement=Placement.UPDATE)
    return Reply(text=text(f"The board of {channel} goes. Its tasks stay."), actions=(again,))


_WHY: Mapping[str, str] = {
    MESSAGE_GONE: "its message was deleted",
    CHANNEL_GONE: "the channel is archived or gone, or I am not in it any more",
    NOT_ALLOWED: "I am not allowed to change my message there any more",
    "in_doubt": "I could not find out whether its message arrived, since I can't read the channel",
}


def switched_off(made: Board, channel: str, reason: str, platform: Platform) -> Reply:
    """Tell the person who made a board why it is no longer kept up to date."""
    if made.member_id is not None:
        return work_boards.switched_off(reason, platform)
    why = _WHY.get(reason, "the platform refuses its message")
    return Reply(
        title=f"The board of {channel} is off",
        text=text(
            f"I no longer keep it up to date: {why}. {_invitation(platform, channel)} Then type ",
            Code("/task board"),
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
    if words["is_direct"]:
        return ("I am not in this conversation, so I can't keep a board here.", "Type `/task board` in our own.")
    where = f"#{words['channel']}" if words.get("channel") else "this channel"
    if words["platform"] == Platform.DISCORD:
        return (
            f"I can't see {where}, so I can't keep a board there.",
            "Give my role View Channel, Send Messages, Embed Links and Read Message History in the channel's "
            "settings under Permissions; then type `/task board` again.",
        )
    return (
        f"I am not in {where}, so I can't keep a board there.",
        "Invite me with `/invite @quartermaster`, then type `/task board` again.",
    )


REASONS = errors.Reasons(
    refusals={
        "board_not_there": _not_there,
        "no_board": lambda _w: ("There is no board in this channel.", "`/task board` puts one up."),
    }
)
