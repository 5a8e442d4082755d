"""What people typed into software of this kind, and what is right, through the whole application.

All as of Sunday 2026-11-29 12:00, in UTC, with weeks that begin on Monday.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.identity.identities import OWNER_USER
from bot.settings.model import load_settings
from bot.wiring import bootstrap
from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.text import plain
from tests.support.clock import HeldClock
from tests.support.storage import fresh_url

SUNDAY = datetime(2026, 11, 29, 12, tzinfo=UTC)
GENERAL = ChannelRef("general", "general", ChannelKind.PUBLIC)


class Right(NamedTuple):
    """What a task should be."""

    title: str = "T"
    due: str = ""
    repeat: str = ""
    people: str = ""


RIGHT = {
    "T due:eod tomorrow": Right(due="2026-11-30"),
    "T due:end of day friday": Right(due="2026-12-04"),
    "T due:next week tuesday": Right(due="2026-12-01"),
    "T due:2 weeks from friday": Right(due="2026-12-18"),
    "T due:25 dec 27": Right(due="2027-12-25"),
    "T due:tomorrow at 6p": Right(due="2026-11-30T18:00:00+00:00"),
    "T due:fri @ 7pm": Right(due="2026-12-04T19:00:00+00:00"),
    "T due:Fri, 25 Dec 2026 10:00:00 +0100": Right(due="2026-12-25T09:00:00+00:00"),
    "T repeat:every weekday except friday": Right(
        due="2026-11-30", repeat="every Monday, Tuesday, Wednesday and Thursday"
    ),
    "T repeat:1st and 15th": Right(due="2026-12-01", repeat="monthly on the 1st and 15th"),
    "T repeat:every 1st and 3rd monday": Right(due="2026-12-07", repeat="monthly on the first and third Monday"),
    "T repeat:annually on 1 march": Right(due="2027-03-01", repeat="yearly on 1 March"),
    "T repeat:daily for 5 days": Right(due="2026-11-29", repeat="daily, 5 times"),
    "T repeat:every monday 9am": Right(due="2026-11-30T09:00:00+00:00", repeat="every Monday at 09:00"),
    "T repeat:daily at 9am": Right(due="2026-11-30T09:00:00+00:00", repeat="daily at 09:00"),
    "T due:tomorrow repeat:every monday 9am": Right(due="2026-11-30T09:00:00+00:00", repeat="every Monday at 09:00"),
    "T repeat:every 2 weeks after completion": Right(due="2026-11-29", repeat="every 2 weeks after completion"),
    "T assign:@Ana Costa due:noon tomorrow": Right(due="2026-11-30T12:00:00+00:00", people="Ana Costa"),
    "assign:@Ana Costa Buy milk": Right(title="Buy milk", people="Ana Costa"),
    "assign:@Ana Costa, @owner Buy milk": Right(title="Buy milk", people="Ana Costa, Owner"),
    "assign:@Ana Costa @Ana Costa Buy milk": Right(title="Buy milk", people="Ana Costa"),
    "assign:@ana-costa Buy milk": Right(title="Buy milk", people="Ana Costa"),
    "Costa coffee assign:@Ana": Right(title="Costa coffee", people="Ana Costa"),
    "T assign:@Ana Costa and @owner": Right(people="Ana Costa, Owner"),
    "due:tomorrow 9am Buy milk": Right(title="Buy milk", due="2026-11-30T09:00:00+00:00"),
    "Meeting notes: call Ann": Right(title="Meeting notes: call Ann"),
    'due:tomorrow "9 eggs"': Right(title="9 eggs", due="2026-11-30"),
    "9 eggs due:tomorrow": Right(title="9 eggs", due="2026-11-30"),
    "due:tomorrow 9am 3 eggs": Right(title="3 eggs", due="2026-11-30T09:00:00+00:00"),
    'repeat:weekly "For Ana: call"': Right(title="For Ana: call", due="2026-11-29", repeat="every Sunday"),
    'due:friday "Monday report"': Right(title="Monday report", due="2026-12-04"),
    'due:friday title:"After work"': Right(title="After work", due="2026-12-04"),
    'assign:@Ana "Costa-Silva Report"': Right(title="Costa-Silva Report", people="Ana Costa"),
    "assign:@Ana Report on Costa-Silva": Right(title="Report on Costa-Silva", people="Ana Costa"),
    "T due:25/12/2026": Right(due="2026-12-25"),
    "T due:12/25/2026": Right(due="2026-12-25"),
    "T due:13.12.2026": Right(due="2026-12-13"),
    "T due:in a fortnight": Right(due="2026-12-13"),
    "T due:end of next month": Right(due="2026-12-31"),
    "T due:12 noon": Right(due="2026-11-30T12:00:00+00:00"),
    "T due:17h30": Right(due="2026-11-29T17:30:00+00:00"),
    "T due:17h": Right(due="2026-11-29T17:00:00+00:00"),
    "T repeat:every weekend": Right(due="2026-11-29", repeat="every weekend"),
    "T repeat:every fortnight": Right(due="2026-11-29", repeat="every 2 weeks on Sunday"),
    "T repeat:every quarter": Right(due="2026-11-29", repeat="every 3 months on the 29th"),
    "T repeat:FREQ=WEEKLY;BYDAY=MO;WKST=SU": Right(due="2026-11-30", repeat="every Monday"),
    "T repeat:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR": Right(due="2026-11-30", repeat="every weekday"),
    "T repeat:FREQ=MONTHLY;BYDAY=+1MO": Right(due="2026-12-07", repeat="monthly on the first Monday"),
}
"""Behind `/task add`."""

REFUSED = {
    "/task add T due:1st week of january": ("due:1st", "week of january"),
    "/task add due:1st week of january Buy milk": ("due:1st", "week of january Buy milk", "quotes"),
    "/task add repeat:every weekday except holidays Water": ("every weekday", "except holidays Water", "quotes"),
    "/task add due:3 days after christmas Clean": ("due:3 days", "after christmas Clean", "quotes"),
    "/task add repeat:every 2 weeks after lunch Water": ("every 2 weeks", "after lunch Water", "quotes"),
    "/task add repeat:daily until spring Water": ("repeat:daily", "until spring Water", "quotes"),
    "/task add due:mon to wed Paint": ("due:mon", "to wed Paint", "quotes"),
    "/task add due:friday Monday report": ("due:friday", "Monday report", "quotes"),
    "/task add due:tomorrow 9 Buy milk": ("due:tomorrow", "9 Buy milk", "quotes"),
    "/task add due:5 dec 12 Eggs": ("due:5 dec", "12 Eggs", "quotes"),
    "/task add repeat:every monday 9 Water": ("repeat:every monday", "9 Water", "quotes"),
    "/task add assign:@Ana Costa-Silva Report": ("assign:@Ana", "Costa-Silva Report", "quotes"),
    "/task add assign:@Ana Kosta Report": ("assign:@Ana", "Kosta Report", "quotes"),
    "/task add assign:@owner @Ana Costa-Silva Report": ("assign:@Ana", "Costa-Silva Report", "quotes"),
    "/task add T due:tomorrow priority:high please": ("priority:high", "please"),
    "/task add T repeat:weekly please": ("weekly", "please"),
    "/task edit 1 repeat:weekly": ("`/task repeat 1 weekly`",),
    "/task edit 1 due:friday": ("`/task due 1 fri 9am`",),
    "/task edit 1 Paint due:friday now": ("`/task due 1 fri 9am`",),
    "/task edit 1 status:done": ("`/task done 1`",),
    "/task add T due:fri urgent": ("due:fri", "urgent"),
    "/task add T due:fri @ana": ("due:fri", "@ana"),
    "/task list due:tomorrow": ("There is no `due:` here", "`/qm help`"),
    "/task done 1 due:tomorrow": ("There is no `due:` here", "`/qm help`"),
    "/task due 1 friday please": ("friday", "please"),
    "/task add T priority:very high": ("very high",),
    "/task add T due:": ("`due` is missing",),
}
"""Lines that change nothing, with what their answer names."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reply]:
    """What each line was answered with; of an added task, what `/task show` says of it."""
    return asyncio.run(_typed(tmp_path_factory.mktemp("typed")))


async def _typed(folder: Path) -> dict[str, Reply]:
    clock = HeldClock(SUNDAY - timedelta(minutes=1))
    fresh_url(folder)
    env_file = folder / ".env"
    env_file.write_text(f"QM_DATA_DIR={folder}\nQM_TIMEZONE=UTC\n", encoding="utf-8")
    async with bootstrap.open_product(load_settings(env_file), clock=clock) as (product, _):

        async def typed(line: str) -> Reply:
            request = bootstrap.terminal.terminal_request
            return await product.application.handle(
                request(line, user=OWNER_USER, channel="general", workspace="default")
            )

        ana = UserRef("ana", "Ana Costa")
        await product.application.handle(Request(Platform.WEB, "console", GENERAL, ana, text="/task list"))
        await typed("/task add Paint the door")
        clock.moment = SUNDAY
        found = {line: await typed(line) for line in REFUSED}
        found["untouched"] = await typed("/task list")
        for line in RIGHT:
            added = await typed(f"/task add {line}")
            number = next((field.value for field in added.fields if field.key == "number"), None)
            found[line] = await typed(f"/task show {number}") if number else added
        found["assigned"] = await typed("/task assign 1 @Ana Costa")
        return found


def shown(reply: Reply) -> Right:
    """The task that an answer of `/task show` tells of."""
    values = {field.key: field.value for field in reply.fields}
    facts = (values.get(key) or "" for key in ("due", "repeat", "assignees"))
    title = reply.title.partition(" ")[2]
    return Right(title, *(plain(fact) if isinstance(fact, tuple) else str(fact) for fact in facts))


@pytest.mark.parametrize(("line", "right"), RIGHT.items())
def test_a_task_is_what_was_typed(answers: dict[str, Reply], line: str, right: Right) -> None:
    reply = answers[line]
    assert reply.problem is None, reply.problem
    assert shown(reply) == right


@pytest.mark.parametrize(("line", "named"), REFUSED.items())
def test_what_can_not_be_used_is_named_and_changes_nothing(
    answers: dict[str, Reply], line: str, named: tuple[str, ...]
) -> None:
    problem = answers[line].problem
    assert problem
    assert all(words in f"{problem.message} {problem.hint}" for words in named), problem
    assert [row.cells[1] for row in answers["untouched"].tables[0].rows] == ["Paint the door"]


def test_a_full_name_of_several_words_names_its_person(answers: dict[str, Reply]) -> None:
    assert plain(answers["assigned"].text) == "Owner assigned #1 Paint the door: Ana Costa will do it."
