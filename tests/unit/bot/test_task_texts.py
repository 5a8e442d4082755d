"""What people read about tasks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.commands.areas import AREAS
from bot.grammar.registry import Registry
from bot.identity.directory import Directory
from bot.texts.dates import due_cell, due_words
from bot.texts.records import Listing, of_all_pages
from bot.texts.tasks import changes as texts
from bot.texts.tasks import errors as task_errors
from bot.texts.tasks import lists as task_lists
from bot.texts.tasks.notices import TaskNotices
from bot.texts.tasks.words import COLUMNS, snooze_action
from bot.texts.view import View
from core.chat.actor import Actor
from core.chat.reply import Placement, Reply
from core.chat.request import ChannelKind, Platform
from core.chat.text import Mention, Moment, plain
from core.dates.due import Due, parse_due
from core.history.model import Comment, Discussion
from core.people.model import Member, Reader, Role
from core.shared.errors import ConflictError, InvalidArgumentError, RefusedError
from core.shared.paging import Page
from core.tasks.model import Priority, Status, Task, TaskCounts, TaskFilter
from core.tasks.requests import AssignMode, TaskSort
from core.tasks.results import Change, Summary, TaskCard, TaskList
from core.undo.entries import TakenBack
from core.workspaces.model import Channel, Workspace

TEXTS = Registry.of(AREAS).errors
BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTOR = Actor(1, 1, "Ann", Role.MEMBER, BERLIN, "en", Platform.WEB, 1, 7, "general", ChannelKind.PUBLIC)
ANN, BEN = (Member(number, name, Role.MEMBER, "", "", True) for number, name in ((1, "Ann"), (2, "Ben")))
DIRECTORY = Directory.of(
    Workspace(1, "default", BERLIN, "EUR", "en"),
    (ANN, BEN),
    (Channel(7, 1, Platform.WEB, "g", "general", ChannelKind.PUBLIC),),
)
VIEW = View(ACTOR, DIRECTORY, NOW)
TOMORROW = Due(date(2026, 11, 21), time(9), BERLIN)
MILK = Task(12, "Buy milk", "", Status.PENDING, Priority.MEDIUM, TOMORROW, 7, 1, (2,), "", NOW)
BREAD = replace(MILK, number=13, title="Bake *bread*", due=None, assignees=())
DONE = replace(MILK, status=Status.COMPLETED, completed_at=NOW - timedelta(hours=2), completed_by=2)
LISTING = Listing("/task list", "/task list")


def words(reply: Reply) -> str:
    return plain(reply.text)


def commands(reply: Reply) -> dict[str, str]:
    return {action.label: action.command for action in reply.actions}


def field(reply: Reply, key: str) -> object:
    return next(found.value for found in reply.fields if found.key == key)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (TOMORROW, "tomorrow, Sat 21 Nov 2026 09:00 (Europe/Berlin)"),
        (Due(date(2026, 11, 20), None, BERLIN), "today, Fri 20 Nov 2026"),
        (Due(date(2026, 11, 19), None, "UTC"), "yesterday, Thu 19 Nov 2026"),
        (Due(date(2026, 12, 1), time(14, 30), "Asia/Tokyo"), "Tue 1 Dec 2026 14:30 (Asia/Tokyo)"),
    ],
)
def test_a_due_is_said_with_its_day_and_zone(due: Due, said: str) -> None:
    assert plain(due_words(due, NOW)) == said


def test_what_is_tomorrow_is_told_by_the_clock_of_the_due() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert plain(due_words(Due(date(2026, 11, 21), None, BERLIN), late)).startswith("today, ")
    assert plain(due_words(Due(date(2026, 11, 21), None, "UTC"), late)).startswith("tomorrow, ")


def test_a_due_with_a_time_is_a_moment_that_platforms_can_localise() -> None:
    assert due_words(TOMORROW, NOW) == (Moment(TOMORROW.at, "tomorrow, Sat 21 Nov 2026 09:00 (Europe/Berlin)"),)


def test_scripts_get_dates_as_dates_and_times_with_their_offset() -> None:
    assert due_cell(Due(date(2026, 11, 21), None, BERLIN), "Asia/Tokyo") == "2026-11-21"
    assert due_cell(TOMORROW, BERLIN) == "2026-11-21T09:00:00+01:00"
    assert due_cell(TOMORROW, "UTC") == "2026-11-21T08:00:00+00:00"
    assert due_cell(None, BERLIN) is None


def test_an_added_task_is_echoed_with_number_due_people_and_undo() -> None:
    reply = texts.added(Change((MILK,), undo_id="U1"), VIEW)
    assert words(reply) == ("Ann added #12 Buy milk, due tomorrow, Sat 21 Nov 2026 09:00 (Europe/Berlin), for Ben.")
    assert field(reply, "number") == 12
    assert field(reply, "due") == "2026-11-21T09:00:00+01:00"
    undo = next(action for action in reply.actions if action.label == "Undo")
    assert (undo.command, undo.once, undo.placement) == ("/qm undo U1", True, Placement.UPDATE)


def test_a_past_due_is_taken_and_warned_about_with_the_way_to_change_it() -> None:
    late = replace(MILK, due=Due(date(2026, 11, 18), None, BERLIN))
    reply = texts.added(Change((late,), undo_id="U1"), VIEW)
    assert "in the past already" in words(reply)
    assert "/task due 12 tomorrow" in words(reply)


def test_a_task_due_today_is_not_past_until_the_day_ends_for_the_reader() -> None:
    today = replace(MILK, due=Due(date(2026, 11, 20), None, BERLIN))
    assert "past" not in words(texts.added(Change((today,), undo_id="U1"), VIEW))


def test_completing_says_who_and_what() -> None:
    reply = texts.completed(Change((DONE,), (MILK,), undo_id="U1"), VIEW)
    assert words(reply) == "Ann completed #12 Buy milk."
    assert field(reply, "status") == "done"
    assert commands(reply) == {"Undo": "/qm undo U1"}


def test_completing_again_says_who_had_done_it_and_offers_no_undo() -> None:
    reply = texts.completed(Change((), unchanged=(DONE,)), VIEW)
    assert words(reply) == (
        "#12 Buy milk was done already: Ben completed it – Fri 20 Nov 2026 11:00 (Europe/Berlin).\nNothing was changed."
    )
    assert not reply.actions


def test_completing_several_lists_them_and_names_those_done_before() -> None:
    finished = replace(BREAD, status=Status.COMPLETED)
    reply = texts.completed(Change((finished,), (BREAD,), (DONE,), "U1"), VIEW)
    assert words(reply).startswith("Ann completed 1 task.\n#12 Buy milk was done already")
    assert [row.cells[0] for row in reply.tables[0].rows] == [13]


def test_words_of_people_stay_words() -> None:
    reply = texts.removed(Change((BREAD,), (BREAD,), undo_id="U1"), VIEW)
    assert words(reply) == "Ann removed #13 Bake *bread*."


def test_an_edit_says_what_changed_and_how_it_was() -> None:
    new = replace(MILK, title="Buy oat milk", priority=Priority.HIGH)
    reply = texts.edited(Change((new,), (MILK,), undo_id="U1"), VIEW)
    assert words(reply) == (
        "Ann changed the title and priority of #12 Buy oat milk.\nIt was called “Buy milk”.\nIts priority is high now."
    )


def test_assigning_says_who_has_it_now() -> None:
    given = replace(MILK, assignees=(2, 1))
    one = texts.assigned(Change((given,), (MILK,), undo_id="U1"), VIEW, (1,), AssignMode.ADD)
    assert words(one) == "Ann assigned #12 Buy milk: Ben and Ann will do it."
    several = texts.assigned(Change((given, BREAD), (MILK, BREAD), undo_id="U1"), VIEW, (2,), AssignMode.REMOVE)
    assert words(several) == "Ann took 2 tasks from Ben."


def test_taking_a_due_away_says_so() -> None:
    reply = texts.due_set(Change((replace(MILK, due=None),), (MILK,), undo_id="U1"), VIEW)
    assert words(reply) == "#12 Buy milk has no due date any more."


def test_a_snooze_is_echoed_with_its_time_and_zone() -> None:
    later = replace(MILK, remind_at=NOW + timedelta(minutes=20))
    reply = texts.snoozed(Change((later,), (MILK,), undo_id="U1"), VIEW)
    assert words(reply) == "Ann snoozed #12 Buy milk until Fri 20 Nov 2026 13:20 (Europe/Berlin)."
    assert field(reply, "remind_at") == "2026-11-20T13:20:00+01:00"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (texts.edited(Change((), unchanged=(MILK,)), VIEW), "#12 Buy milk reads like that already."),
        (
            texts.assigned(Change((), unchanged=(MILK,)), VIEW, (2,), AssignMode.ADD),
            "#12 Buy milk is with Ben already.",
        ),
        (
            texts.due_set(Change((), unchanged=(MILK,)), VIEW),
            "#12 Buy milk is due tomorrow, Sat 21 Nov 2026 09:00 (Europe/Berlin) already.",
        ),
        (texts.due_set(Change((), unchanged=(BREAD,)), VIEW), "#13 Bake *bread* has no due date anyway."),
        (
            texts.snoozed(Change((), unchanged=(replace(MILK, remind_at=NOW),)), VIEW),
            "#12 Buy milk is snoozed until Fri 20 Nov 2026 13:00 (Europe/Berlin) already.",
        ),
    ],
)
def test_what_was_that_way_already_is_said_to_be_and_offers_no_undo(reply: Reply, said: str) -> None:
    assert words(reply) == f"{said}\nNothing was changed."
    assert not reply.actions


def test_a_snooze_into_quiet_hours_says_until_when_they_hold_it_back() -> None:
    quiet = replace(VIEW, directory=Directory.of(DIRECTORY.workspace, (ANN, replace(BEN, quiet="20:00-8:00")), ()))
    later = replace(MILK, remind_at=datetime(2026, 11, 20, 21, tzinfo=UTC))
    assert words(texts.snoozed(Change((later,), (MILK,), undo_id="U1"), quiet)) == (
        "Ann snoozed #12 Buy milk until Fri 20 Nov 2026 22:00 (Europe/Berlin).\n"
        "That falls into the quiet hours of Ben, whose reminder waits until Sat 21 Nov 2026 08:00 (Europe/Berlin)."
    )
    own = replace(later, author_id=2)
    assert "quiet" not in words(texts.snoozed(Change((own,), (MILK,), undo_id="U1"), quiet))


def test_several_are_snoozed_or_freed_of_their_due_in_one_sentence() -> None:
    later = [replace(task, remind_at=NOW) for task in (MILK, BREAD)]
    assert words(texts.snoozed(Change(tuple(later), (MILK, BREAD), undo_id="U1"), VIEW)) == (
        "Ann snoozed 2 tasks until Fri 20 Nov 2026 13:00 (Europe/Berlin)."
    )
    free = replace(MILK, due=None)
    reply = texts.due_set(Change((free, replace(free, number=14)), (MILK, MILK), undo_id="U1"), VIEW)
    assert words(reply) == "2 tasks have no due date any more."


def test_a_snooze_never_offers_a_day_twice() -> None:
    commands = [choice.command.removeprefix("/task snooze 12 ") for choice in snooze_action(12).choices]
    of_days = [when for when in commands if "9:00" in when]
    assert len(of_days) == 2
    for day in range(366):  # of a leap year, each at 23:40 or 0:40 in Berlin
        now = datetime(2028, 1, 1, 22, 40, tzinfo=UTC) + timedelta(days=day)
        assert len({parse_due(when, now=now, zone=BERLIN).date for when in of_days}) == 2, now


def test_an_undo_of_many_is_one_sentence() -> None:
    many = tuple(replace(MILK, number=number) for number in range(1, 12))
    assert (
        words(texts.undone(TakenBack("task done", many, many, ()), VIEW))
        == "Ann undid /task done.\n11 tasks are open again."
    )


def test_an_undo_says_how_things_stand_again() -> None:
    assert words(texts.undone(TakenBack("task done", (MILK,), (MILK,), ()), VIEW)) == (
        "Ann undid /task done.\n#12 Buy milk is open again."
    )
    assert "is taken away again" in words(texts.undone(TakenBack("task add", (MILK,), (), (MILK,)), VIEW))


def test_a_list_has_every_column_that_scripts_know_and_buttons_on_each_row() -> None:
    found = TaskList(Page((MILK,), "c2", None, 11), TaskFilter(channel_id=7), NOW)
    reply = task_lists.task_list(found, LISTING, VIEW)
    table = reply.tables[0]
    assert [column.key for column in table.columns] == [column.key for column in COLUMNS]
    assert table.rows[0].cells == (
        12, "Buy milk", "open", "medium", "2026-11-21T09:00:00+01:00", "Ben", "#general",
    )  # fmt: skip
    done, snooze, assign = table.rows[0].actions
    assert (done.command, done.then) == ("/task done 12", "/task list")
    assert [choice.command for choice in snooze.choices] == [
        "/task snooze 12 in 20 min",
        "/task snooze 12 in 3 h",
        "/task snooze 12 tomorrow 9:00",
        "/task snooze 12 in a week 9:00",
        "/task snooze 12",
    ]
    assert (assign.command, assign.then) == ("/task assign 12", "/task list")
    assert reply.title == "Open tasks in #general"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (Page((MILK, BREAD), None, None, 2), "2 tasks."),
        (Page((MILK, BREAD), "c2", None, 21), "1–2 of 21 tasks."),
        (Page((MILK, BREAD), "c3", "c1", 1001, 998), "999–1,000 of more than 1,000 tasks."),
        (Page((MILK, BREAD), "c3", "c1", 1001, 999), "More than 1,000 tasks."),
        (Page((MILK,), None, "c1", 21, 20), "21 of 21 tasks."),
    ],
)
def test_a_page_says_where_it_lies_as_far_as_tasks_are_counted(page: Page[Task], said: str) -> None:
    shown = task_lists.task_list(TaskList(page, TaskFilter(channel_id=7), NOW), LISTING, VIEW)
    assert words(shown).replace(" on this page", "").replace(", 1 overdue", "") == said
    assert plain(of_all_pages(shown.text)).startswith(("2 tasks", "21 tasks", "More than 1,000 tasks"))


def test_a_column_that_says_the_same_of_all_is_implied_but_not_who_has_a_single_task() -> None:
    def implied(*tasks: Task) -> list[str]:
        found = TaskList(Page(tasks, None, None, len(tasks)), TaskFilter(channel_id=7), NOW)
        (table,) = task_lists.task_list(found, LISTING, VIEW).tables
        return [column.key for column in table.columns if column.implied]

    theirs = replace(MILK, number=14)
    assert implied(MILK, theirs) == ["status", "assignees"]
    assert implied(MILK, BREAD) == ["status"]
    assert implied(MILK) == ["status"]
    assert implied(BREAD) == ["status", "assignees"]
    assert implied(MILK, replace(DONE, number=15)) == ["assignees"]


@pytest.mark.parametrize(
    ("wanted", "sort", "ordered"),
    [
        (TaskFilter(channel_id=7), TaskSort.DUE, ["due"]),
        (TaskFilter(channel_id=7), TaskSort.PRIORITY, ["priority"]),
        (TaskFilter(Status.COMPLETED, 7), TaskSort.NUMBER, ["number"]),
        (TaskFilter(Status.COMPLETED, 7), TaskSort.DUE, []),
    ],
)
def test_the_column_that_a_list_is_sorted_by_is_known(wanted: TaskFilter, sort: TaskSort, ordered: list[str]) -> None:
    (table,) = task_lists.task_list(TaskList(Page((MILK,), None, None, 1), wanted, NOW), LISTING, VIEW, sort).tables
    assert [column.key for column in table.columns if column.ordered] == ordered


def test_a_list_of_very_many_begins_its_sentence_as_every_other() -> None:
    found = TaskList(Page((MILK,), "c2", "c1", 1001, 1000), TaskFilter(channel_id=7), NOW)
    assert words(task_lists.task_list(found, LISTING, VIEW)).startswith("More than 1,000 tasks")


def test_pages_are_reached_by_buttons_that_run_the_list_again() -> None:
    listing = Listing("/task list priority:high page:c2", "/task list priority:high")
    found = TaskList(Page((MILK,), "c3", "c1", 40), TaskFilter(channel_id=7), NOW)
    reply = task_lists.task_list(found, listing, VIEW)
    assert commands(reply) == {
        "Previous": "/task list priority:high page:c1",
        "Next": "/task list priority:high page:c3",
    }
    assert all(action.placement is Placement.UPDATE for action in reply.actions)
    assert reply.tables[0].rows[0].actions[0].then == "/task list priority:high page:c2"


def test_overdue_rows_stand_out_and_done_ones_can_be_reopened() -> None:
    late = replace(MILK, due=Due(date(2026, 11, 19), None, BERLIN))
    found = TaskList(Page((late, DONE), None, None, 2), TaskFilter(None, 7), NOW)
    reply = task_lists.task_list(found, LISTING, VIEW)
    assert [row.mark for row in reply.tables[0].rows] == ["warning", "done"]
    assert [action.label for action in reply.tables[0].rows[1].actions] == ["Reopen"]
    assert words(reply) == "2 tasks, 1 overdue."
    paged = task_lists.task_list(replace(found, page=Page((late, DONE), "c2", None, 21)), LISTING, VIEW)
    assert words(paged) == "1–2 of 21 tasks, 1 overdue on this page."


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (TaskFilter(channel_id=7), "/task add Buy milk"),
        (TaskFilter(channel_id=7, assignee=1), "Without the filters"),
        (TaskFilter(Status.COMPLETED, 7), "Nothing is done yet"),
    ],
)
def test_an_empty_list_says_what_to_do_next(wanted: TaskFilter, said: str) -> None:
    assert said in words(task_lists.task_list(TaskList(Page((), None, None, 0), wanted, NOW), LISTING, VIEW))


def test_an_emptied_page_leads_back_to_the_start() -> None:
    listing = Listing("/task list page:c9", "/task list")
    reply = task_lists.task_list(TaskList(Page((), None, None, 3), TaskFilter(channel_id=7), NOW), listing, VIEW)
    assert "From the start: /task list" in words(reply)


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        (TaskFilter(assignee=2), "Open tasks for Ben in all channels"),
        (TaskFilter(assignee=0, channel_id=7), "Open tasks for nobody in #general"),
        (TaskFilter(None, 7, priority=Priority.URGENT), "Tasks in #general, urgent priority"),
    ],
)
def test_a_list_is_titled_by_what_it_shows(wanted: TaskFilter, title: str) -> None:
    assert task_lists.task_list(TaskList(Page((), None, None, 0), wanted, NOW), LISTING, VIEW).title == title


def test_a_card_shows_everything_and_links_to_the_origin() -> None:
    task = replace(DONE, notes="the oat one", origin="https://chat.example/m/1")
    reply = task_lists.task_card(TaskCard(task, Discussion()), VIEW)
    assert reply.title == "#12 Buy milk"
    assert words(reply) == "the oat one\nWhere it came from (https://chat.example/m/1)"
    assert field(reply, "completed_by") == "Ben"
    assert field(reply, "created_at") == "2026-11-20T13:00:00+01:00"
    assert list(commands(reply)) == ["Reopen", "Remove"]


@pytest.mark.parametrize(("total", "before"), [(1, ""), (2, "Earlier comments: /task history 12\n")])
def test_a_card_says_where_earlier_comments_are(total: int, before: str) -> None:
    said = Discussion(total, (Comment("C2", "task", 12, 2, "Closed on Mondays", NOW),))
    reply = task_lists.task_card(TaskCard(replace(MILK, notes=""), said), VIEW)
    assert words(reply) == f"{before}Ben, Fri 20 Nov 2026 13:00 (Europe/Berlin): Closed on Mondays"


def test_a_summary_says_the_same_in_words_fields_tables_and_charts() -> None:
    counts = TaskCounts(
        {Status.PENDING: 3, Status.COMPLETED: 4}, {Priority.HIGH: 2, Priority.LOW: 1}, {2: 2, 0: 1}, 1, 2
    )
    reply = task_lists.summary(Summary(counts, 7, NOW), "/task list", VIEW)
    assert words(reply).startswith("3 tasks open, 1 overdue, 2 upcoming, 4 done.")
    assert {found.key: found.value for found in reply.fields} == {
        "pending": 3,
        "completed": 4,
        "overdue": 1,
        "upcoming": 2,
    }
    assert [row.cells for row in reply.tables[0].rows] == [("urgent", 0), ("high", 2), ("medium", 0), ("low", 1)]
    assert [row.cells for row in reply.tables[1].rows] == [("Ben", 2), ("nobody", 1)]
    assert reply.charts[0].series[0].values == (0.0, 2.0, 0.0, 1.0)
    assert "high 2" in reply.charts[0].summary


def test_a_summary_is_exact_however_many_there_are() -> None:
    counts = TaskCounts({Status.PENDING: 2942}, {}, {}, 1, 2940)
    reply = task_lists.summary(Summary(counts, 7, NOW), "/task list", VIEW)
    assert words(reply).startswith("2,942 tasks open, 1 overdue, 2,940 upcoming, 0 done.")


def test_a_summary_of_nothing_says_what_to_do() -> None:
    counts = TaskCounts({}, {}, {}, 0, 0)
    reply = task_lists.summary(Summary(counts, 7, NOW), "/task list", VIEW)
    assert "/task add" in words(reply)
    assert not reply.charts


def test_a_notice_names_its_reader_and_uses_their_clock() -> None:
    reply = TaskNotices().assigned([MILK], Reader(BEN, "Asia/Tokyo"), "Ann", NOW)
    assert reply.text[0] == Mention(2, "Ben")
    assert words(reply) == "@Ben, Ann gave you #12 Buy milk, due tomorrow, Sat 21 Nov 2026 17:00 (Asia/Tokyo)."
    assert [action.label for action in reply.actions] == ["Done", "Snooze", "Show"]


def test_a_reminder_says_what_is_due() -> None:
    reply = TaskNotices().reminder([MILK], Reader(BEN, BERLIN), TOMORROW.at)
    assert words(reply) == "@Ben, reminder: #12 Buy milk is due today, Sat 21 Nov 2026 09:00 (Europe/Berlin)."
    channel = TaskNotices().reminder([BREAD], Reader(None, BERLIN), NOW)
    assert words(channel) == "Reminder: #13 Bake *bread*."


def test_many_reminders_come_as_one_post_that_says_how_many_more_there_are() -> None:
    many = [replace(BREAD, number=number) for number in range(1, 38)]
    reply = TaskNotices().reminder(many, Reader(BEN, BERLIN), NOW)
    assert words(reply).startswith("@Ben, 37 tasks to look at now:\n• #1 Bake *bread*\n")
    assert "and 27 more" in words(reply)
    assert commands(reply) == {"Show my tasks": "/task list assign:@me channel:all"}


def test_a_refused_undo_names_what_changed_in_plain_words() -> None:
    error = ConflictError(
        "changed_since", noun="task", number=12, title="Buy milk", changed=("status", "completed_at", "title")
    )
    problem = TEXTS.problem_of(error)
    assert problem.message == (
        "#12 “Buy milk” has been changed since (whether it is done and its title), so nothing was undone."
    )
    assert problem.hint == "`/task show 12` shows it as it is now."


@pytest.mark.parametrize("reason", sorted(task_errors.REASONS.arguments))
def test_every_refused_argument_is_explained_with_what_to_do(reason: str) -> None:
    details = {"length": 10_000, "limit": 500, "count": 101, "example": "in 20 min", "number": 12, "value": "c1"}
    details |= {"until": date(2026, 11, 19), "due": date(2026, 11, 20)}
    problem = TEXTS.problem_of(InvalidArgumentError("title", reason, **details))
    assert problem.message.endswith(".")
    assert problem.hint


@pytest.mark.parametrize("reason", sorted(task_errors.REASONS.refusals.keys() - {"task_changed_since"}))
def test_every_refusal_is_explained_with_what_to_do(reason: str) -> None:
    problem = TEXTS.problem_of(RefusedError(reason, number=12, title="Buy milk"))
    assert "#12 “Buy milk”" in problem.message
    assert problem.hint
