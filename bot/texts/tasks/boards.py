"""What people read on the boards of channels."""

from collections.abc import Sequence

from bot.grammar.boards import BoardView
from bot.texts.common import listed
from bot.texts.dates import clock_words, near_day
from core.chat.reply import Action, Reply, Style, Visibility
from core.chat.text import Bold, Code, Text, lines, text
from core.dates.due import Due
from core.shared.paging import COUNT_LIMIT
from core.tasks.boards import BoardContent, BoardTask, Grouping
from core.tasks.model import Priority

TITLE = 100
"""Characters of a title on a board; all of it is in the list."""

BUTTONS = (
    Action("Add a task", "/task add", style=Style.PRIMARY),
    Action("Work on them", "/task list"),
)
"""The buttons under every board. They stay the same while tasks come and go, so that an edit stores nothing."""


def board(content: BoardContent, view: BoardView) -> Reply:
    """Show the tasks of a channel."""
    groups = (_by_assignee if view.board.grouping == Grouping.ASSIGNEE else _by_status)(content, view)
    nothing = text("Nothing to do. Add something: ", Code("/task add Buy milk due:tomorrow assign:@me"))
    return Reply(
        title=f"Tasks in {view.directory.channel_name(view.board.channel_id)}",
        text=lines(*groups, _clock(content, view)) if content.open or content.done else nothing,
        visibility=Visibility.CHANNEL,
        actions=view.buttons,
    )


def _by_status(content: BoardContent, view: BoardView) -> list[Text]:
    late = [task for task in content.open if _is_late(task, view)]
    others = [task for task in content.open if not _is_late(task, view)]
    on_time = content.open_total if content.open_total > COUNT_LIMIT else content.open_total - content.overdue_total
    rows = _group("Overdue", content.overdue_total, [_line(task, view) for task in late])
    rows += _group("Open", on_time, [_line(task, view) for task in others])
    more = content.open_total - len(content.open)
    rows += [_rest(more, "/task list")] if more > 0 else []
    return rows + _done(content, view)


def _by_assignee(content: BoardContent, view: BoardView) -> list[Text]:
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


def _done(content: BoardContent, view: BoardView) -> list[Text]:
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


def _line(task: BoardTask, view: BoardView, *, with_people: bool = True) -> Text:
    title = task.title if len(task.title) <= TITLE else f"{task.title[: TITLE - 1]}…"
    who = listed([view.directory.name(member) for member in task.assignees]) if with_people else ""
    pressing = "" if task.is_done or task.priority is Priority.MEDIUM else f" · {task.priority.label}"
    due = () if task.is_done or task.due is None else text(f" · {_due(task.due, view)}")
    return text(f"• #{task.number} {title}{pressing}", due, f" · {who}" if who else "")


def _is_late(task: BoardTask, view: BoardView) -> bool:
    return task.due is not None and task.due.is_overdue(view.now)


def _due(due: Due, view: BoardView) -> str:
    """Return a due in few words, on the workspace's clock: `due tomorrow, Sat 21 Nov 2026 09:00`."""
    local = due.in_zone(view.zone.key)
    verb = "was due" if due.is_overdue(view.now) else "due"
    return f"{verb} {near_day(local.date, view.now, view.zone.key)}{clock_words(local)}"


def _clock(content: BoardContent, view: BoardView) -> Text:
    """Say in which zone times are told, where there are any."""
    has_times = any(task.due and task.due.time for task in content.open)
    return text(f"Times are those of {view.zone.key}.") if has_times else ()
