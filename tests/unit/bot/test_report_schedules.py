"""`/report schedule …` and what can be done with schedules, through the whole application."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.chat.reply import Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform
from core.chat.text import Code, plain
from core.jobs.model import JobFilter
from core.workspaces.model import Audience
from tests.unit.bot.stage import BACK, Stage, button, staged

SHOP = ChannelRef("shop", "shop", ChannelKind.PUBLIC)
DIRECT = ChannelRef("D1", "Mia", ChannelKind.DIRECT)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        await made.type("/user whoami")
        yield made


def said(reply: Reply) -> list[str]:
    assert reply.problem is None, reply.problem
    return plain(reply.text).splitlines()


def refused(reply: Reply) -> tuple[str | None, str]:
    assert reply.problem is not None, reply
    return reply.problem.field, reply.problem.message


async def made(stage: Stage, line: str = '/report schedule sales "weekdays 9:00"') -> Reply:
    reply = await stage.type(line)
    assert reply.problem is None, reply.problem
    return reply


async def cells(stage: Stage, line: str = "/report schedules") -> list[tuple[object, ...]]:
    reply = await stage.type(line)
    assert reply.problem is None, reply.problem
    return [row.cells for table in reply.tables for row in table.rows]


async def implied(stage: Stage) -> set[str]:
    return {column.key for column in (await stage.type("/report schedules")).tables[0].columns if column.implied}


async def test_a_schedule_tells_its_next_three_runs_in_local_time(stage: Stage) -> None:
    reply = await made(stage, '/report schedule sales "weekdays 9:00" last week skip-empty:yes')
    assert said(reply) == [
        "Owner scheduled #1 sales last week for every weekday at 09:00 (Europe/Berlin) in #general.",
        "Next: Mon 23 Nov 2026 09:00, Tue 24 Nov 2026 09:00 and Wed 25 Nov 2026 09:00.",
        "When there is nothing to tell, nothing is posted.",
    ]
    assert reply.visibility is Visibility.CHANNEL
    assert [action.label for action in reply.actions] == ["Run now", "All schedules", "Undo"]
    assert {field.key: field.value for field in reply.fields} == {"number": 1, "next": "2026-11-23T09:00:00+01:00"}


async def test_a_schedule_has_the_zone_that_is_named(stage: Stage) -> None:
    reply = await made(stage, '/report schedule "top-customers 5" "daily 9:00" tz:america/new_york')
    assert said(reply) == [
        "Owner scheduled #1 top-customers 5 for daily at 09:00 (America/New_York) in #general.",
        "Next (America/New_York): Fri 20 Nov 2026 09:00, Sat 21 Nov 2026 09:00 and Sun 22 Nov 2026 09:00.",
    ]


UNQUOTED = {
    "/report schedule sales weekdays 9:00 last week": ("sales last week", "every weekday at 09:00"),
    "/report schedule sales every monday 8am": ("sales", "every Monday at 08:00"),
    "/report schedule sales every 2 hours from 3 dec to 5 dec": ("sales from 3 dec to 5 dec", "every 2 hours"),
    "/report schedule sales daily 2010-12": ("sales 2010-12", "daily at 09:00"),
    "/report schedule sales last week daily 9:00": ("sales last week", "daily at 09:00"),
    '/report schedule sales last week "daily 9:00"': ("sales last week", "daily at 09:00"),
    "/report schedule sales daily 9:00 by:product": ("sales by:product", "daily at 09:00"),
    "/report schedule sales by:product daily 9:00 last week": ("sales by:product last week", "daily at 09:00"),
    '/report schedule top-customers 5 "daily 9:00"': ("top-customers 5", "daily at 09:00"),
    "/report schedule top-customers 5 daily 9:00 ytd": ("top-customers 5 ytd", "daily at 09:00"),
    "/report schedule top-customers top:5 daily 9:00": ("top-customers top:5", "daily at 09:00"),
}


@pytest.mark.parametrize("line", UNQUOTED)
async def test_times_need_no_quotes_where_they_can_be_told_from_the_days(stage: Stage, line: str) -> None:
    await made(stage, line)
    [(_, title, when, *_)] = await cells(stage)
    assert (title, when) == (UNQUOTED[line][0], f"{UNQUOTED[line][1]} (Europe/Berlin)")


async def test_cron_is_said_in_words_with_what_was_typed_beside_them(stage: Stage) -> None:
    reply = await made(stage, "/report schedule sales 0 9 * * 1-5 ytd")
    told = "every weekday at 09:00 (0 9 * * 1-5, Europe/Berlin)"
    assert said(reply)[0] == f"Owner scheduled #1 sales ytd for {told} in #general."
    assert Code("0 9 * * 1-5") in reply.text
    [(_, _, when, *_)] = await cells(stage)
    assert isinstance(when, tuple)
    assert plain(when) == told


async def test_a_form_may_be_given_the_quotes_that_a_line_needs(stage: Stage) -> None:
    filled_in = {"report": '"top-customers 5"', "when": "“weekdays 9:00”"}
    assert (await stage.type("", command="report schedule", arguments=filled_in)).ok
    assert (await cells(stage))[0][1:3] == ("top-customers 5", "every weekday at 09:00 (Europe/Berlin)")


async def test_what_all_schedules_have_alike_takes_no_room(stage: Stage) -> None:
    await made(stage)
    await made(stage)
    assert await implied(stage) == {"state", "errors"}
    await stage.type("/report pause 1")
    assert await implied(stage) == {"errors"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('"daily 9:00" America/New_York ytd', "sales ytd for daily at 09:00 (America/New_York)"),
        ('"daily 9:00" tz:America/New_York ytd skip-empty', "sales ytd for daily at 09:00 (America/New_York)"),
        ("daily 9:00 ytd skip-empty", "sales ytd for daily at 09:00 (Europe/Berlin)"),
    ],
)
async def test_a_zone_and_what_is_to_be_left_out_need_no_names(stage: Stage, typed: str, told: str) -> None:
    reply = await made(stage, f"/report schedule sales {typed}")
    assert said(reply)[0] == f"Owner scheduled #1 {told} in #general."
    assert ("When there is nothing to tell, nothing is posted." in said(reply)) == ("skip-empty" in typed)


async def test_schedules_are_listed_with_what_can_be_done_about_each(stage: Stage) -> None:
    await made(stage)
    await made(stage, '/report schedule products "every 2 hours" last month')
    reply = await stage.type("/report schedules")
    assert said(reply) == ["2 schedules."]
    first, second = reply.tables[0].rows
    assert first.cells == (
        1,
        "sales",
        "every weekday at 09:00 (Europe/Berlin)",
        "2026-11-23T09:00:00+01:00",
        None,
        "Owner",
        "active",
        0,
        0,
    )
    assert second.cells[:4] == (2, "products last month", "every 2 hours (Europe/Berlin)", "2026-11-20T12:00:00+01:00")
    assert [action.label for action in first.actions] == ["Run now", "Pause", "Remove"]
    assert said(await stage.type("/report schedules", channel=BACK)) == [
        'Nothing is scheduled. To begin: /report schedule sales "weekdays 9:00"'
    ]


async def test_many_schedules_come_in_pages(stage: Stage) -> None:
    for _ in range(11):
        await made(stage)
    first = await stage.type("/report schedules")
    assert said(first) == ["1–10 of 11 schedules."]
    second = await stage.press(button(first, "Next"))
    assert [row.cells[0] for row in second.tables[0].rows] == [11]


async def test_a_schedule_rests_and_goes_on(stage: Stage) -> None:
    await made(stage)
    paused = await stage.type("/report pause 1")
    assert said(paused) == ["Owner paused #1 sales."]
    assert [cell[6] for cell in await cells(stage)] == ["paused"]
    assert said(await stage.type("/report pause #1")) == ["#1 sales is paused already."]
    resumed = await stage.press(button(paused, "Resume"))
    assert said(resumed)[0] == "Owner let #1 sales run again. What it missed is left out."
    assert said(await stage.type("/report resume 1"))[0] == "#1 sales runs already."


async def test_a_schedule_can_be_changed_and_is_then_whose_changed_it(stage: Stage) -> None:
    await made(stage)
    reply = await stage.type('/report change 1 when:"daily 8:30" report:"sales ytd" zone:UTC')
    assert said(reply) == [
        "#1 sales ytd now runs daily at 08:30 (UTC), with the rights of Owner.",
        "Next (UTC): Sat 21 Nov 2026 08:30, Sun 22 Nov 2026 08:30 and Mon 23 Nov 2026 08:30.",
    ]
    assert refused(await stage.type("/report change 1"))[1] == "Say what is to be otherwise."


@pytest.mark.parametrize("line", ['1 when:"daily 8:30"', '1 "daily 8:30"', "1 daily 8:30"])
async def test_other_times_follow_the_number_as_they_follow_the_report_when_it_is_scheduled(
    stage: Stage, line: str
) -> None:
    await made(stage)
    reply = await stage.type(f"/report change {line}")
    assert said(reply)[0] == "#1 sales now runs daily at 08:30 (Europe/Berlin), with the rights of Owner."
    assert refused(await stage.type("/report change 1 now and then"))[0] == "when"


CHANGED = {
    "last month": "top-customers 5 last month",
    "range:monday": "top-customers 5 monday",
    '"daily 8:30" last month': "top-customers 5 last month",
    "7": "top-customers 7 ytd",
    "top:7": "top-customers ytd top:7",
    "3 last week": "top-customers 3 last week",
    "from:2010-12-01 to:2010-12-31": "top-customers 5 from:2010-12-01 to:2010-12-31",
    "report:products last week": "products last week",
    'report:"sales by:product from:2010-12-01" range:ytd': "sales ytd by:product",
}


@pytest.mark.parametrize("typed", CHANGED)
async def test_what_a_report_is_about_can_be_changed_and_the_rest_stays(stage: Stage, typed: str) -> None:
    await made(stage, '/report schedule "top-customers 5 ytd" "daily 9:00"')
    reply = await stage.type(f"/report change 1 {typed}")
    clock = "08:30" if "8:30" in typed else "09:00"
    assert [row[1:3] for row in await cells(stage)] == [(CHANGED[typed], f"daily at {clock} (Europe/Berlin)")]
    await stage.press(button(reply, "Undo"))
    assert [row[1:3] for row in await cells(stage)] == [("top-customers 5 ytd", "daily at 09:00 (Europe/Berlin)")]


@pytest.mark.parametrize("typed", ["UTC/x daily 8:30", "zone:Europe/Athens daily 8:30", "Europe/Athens daily 8:30 ytd"])
async def test_a_zone_may_stand_before_other_times(stage: Stage, typed: str) -> None:
    await made(stage)
    reply = await stage.type(f"/report change 1 {typed}")
    if "Athens" in typed:
        assert "now runs daily at 08:30 (Europe/Athens)" in said(reply)[0]
    else:
        assert refused(reply)[0] == "zone"


async def test_a_schedule_moves_to_another_channel_and_back(stage: Stage) -> None:
    await stage.type("/user whoami", channel=SHOP)
    await made(stage)
    reply = await stage.type("/report change 1 channel:#shop skip-empty")
    assert said(reply) == [
        "#1 sales now runs every weekday at 09:00 (Europe/Berlin) in #shop, with the rights of Owner.",
        "Next: Mon 23 Nov 2026 09:00, Tue 24 Nov 2026 09:00 and Wed 25 Nov 2026 09:00.",
        "When there is nothing to tell, nothing is posted.",
    ]
    assert await cells(stage) == []
    assert len(await cells(stage, "/report schedules channel:#shop")) == 1
    await stage.press(button(reply, "Undo"))
    assert len(await cells(stage)) == 1


async def test_a_schedule_moves_only_where_its_report_could_be_scheduled(stage: Stage) -> None:
    await stage.type("/user whoami", by="mia")
    stage.chat.private["owner"] = frozenset({"back"})
    await stage.type("/user whoami", channel=BACK)
    await stage.type('/report schedule "sales by:customer" "daily 9:00"', by="mia", channel=DIRECT)
    line = "/report change 1 channel:"
    assert refused(await stage.type(f"{line}#general", by="mia", channel=DIRECT))[1] == (
        "Only a manager can do that; you are a member."
    )
    assert refused(await stage.type(f"{line}#back", by="mia", channel=DIRECT))[0] == "channel"
    assert refused(await stage.type(f"{line}all", by="mia", channel=DIRECT))[1] == "A report comes into one channel."
    await made(stage)
    assert (await stage.type("/report change 2 channel:#back")).visibility is Visibility.PRIVATE


CHANGES = ("change 1 when:10:00", "pause 1", "resume 1", "run 1", "unschedule 1")


@pytest.mark.parametrize("line", CHANGES)
async def test_somebody_elses_schedule_is_for_managers(stage: Stage, line: str) -> None:
    await made(stage)
    await stage.type("/user whoami", by="mia")
    assert refused(await stage.type(f"/report {line}", by="mia")) == (None, "Schedule #1 is somebody else's.")
    await stage.type("/user role @mia manager")
    assert (await stage.type(f"/report {line}", by="mia")).ok


@pytest.mark.parametrize("line", ["", "/report change 1 when:10:00", "/report pause 1", "/report unschedule 1"])
async def test_what_was_done_to_somebody_elses_schedule_is_for_managers_to_take_back(stage: Stage, line: str) -> None:
    scheduled = await made(stage)
    undo = button(await made(stage, line) if line else scheduled, "Undo")
    before = await cells(stage)
    await stage.type("/user whoami", by="mia")
    assert refused(await stage.press(undo, by="mia")) == (None, "Schedule #1 is somebody else's.")
    assert await cells(stage) == before
    await stage.type("/user role @mia manager")
    assert (await stage.press(undo, by="mia")).ok


async def test_whoever_made_a_schedule_may_do_all_to_it(stage: Stage) -> None:
    await stage.type("/user whoami", by="mia")
    await stage.type('/report schedule sales "weekdays 9:00"', by="mia")
    for line in CHANGES:
        assert (await stage.type(f"/report {line}", by="mia")).ok, line


async def test_help_says_for_whom_others_schedules_are(stage: Stage) -> None:
    reply = await stage.type("/qm help report pause")
    assert "What is somebody else's only managers and up may touch." in plain(reply.text)


async def test_removed_and_new_schedules_can_be_taken_back(stage: Stage) -> None:
    reply = await made(stage)
    removed = await stage.type("/report unschedule 1")
    assert said(removed) == ["Owner removed #1 sales."]
    assert await cells(stage) == []
    assert said(await stage.press(button(removed, "Undo"))) == [
        "Owner undid /report unschedule.",
        "#1 sales is as before.",
    ]
    assert len(await cells(stage)) == 1
    assert said(await stage.press(button(reply, "Undo"))) == [
        "Owner undid /report schedule.",
        "#1 sales is taken away again.",
    ]
    assert await cells(stage) == []


REFUSED = {
    '/report schedule slaes "daily 9:00"': ("report", "`report` can't be “slaes”."),
    '/report schedule sales "daily 9:00" last weak': ("range", "I can't read “last weak” as a range of days."),
    '/report schedule "sales by:moon" "daily 9:00"': ("by", "`by` can't be “moon”."),
    '/report schedule sales "now and then"': ("when", "I can't read “now and then” as when something runs."),
    '/report schedule sales "every 9 seconds"': (
        "when",
        "“every 9 seconds” is too often, or doesn't say when.",
    ),
    '/report schedule sales "0 0 30 2 *"': ("when", "`when`: No year has a 30 February, so that would never run."),
    '/report schedule sales "0 25 * * *"': (
        "when",
        "`when`: “25” can't stand in that cron expression (hour: 0-23).",
    ),
    '/report schedule sales "daily until 2026-11-19"': (
        "when",
        "`when`: “daily at 09:00 until 19 Nov 2026” has no time that is still to come.",
    ),
    '/report schedule sales "daily at 3"': ("when", "`when`: “at 3” can be read in more than one way."),
    '/report schedule sales "daily 9:00" zone:Berln': ("zone", "“Berln” is no time zone."),
    '/report schedule sales "daily 9:00" channel:all': ("channel", "A report comes into one channel."),
    '/report schedule "daily 9:00" sales': ("report", "`report` can't be “daily”."),
    "/report schedule top-customers 5": ("when", "`when` is missing."),
    "/report schedule sales tomorrow": (
        "when",
        "“tomorrow” says which days the report is about, but not when it comes.",
    ),
    '/report schedule top-customers 5 "weekdayz 9:00"': (
        "when",
        "I can't read “5 weekdayz 9:00” as when something runs.",
    ),
    "/report schedule sales by:product weekdayz": ("when", "I can't read “weekdayz” as when something runs."),
    "/report schedule top-customers 0 daily 9:00": ("top", "`top` is a number from 1 to 10,000, not 0."),
    "/report pause 7": (None, "There is no such schedule here."),
}


async def test_a_number_behind_days_is_told_how_to_be_an_hour(stage: Stage) -> None:
    reply = await stage.type('/report schedule sales "weekdays 9"')
    assert refused(reply) == ("when", "`when`: I can read “weekdays”, but not “9” behind it.")
    assert reply.problem
    assert "`at 9` or `9:00`" in (reply.problem.hint or "")


@pytest.mark.parametrize("line", REFUSED)
async def test_what_can_not_be_scheduled_is_refused_at_once_and_in_words(stage: Stage, line: str) -> None:
    reply = await stage.type(line)
    assert refused(reply) == REFUSED[line]
    assert reply.problem
    assert reply.problem.hint
    assert await cells(stage, "/report schedules") == []


async def test_who_is_no_manager_schedules_no_report_that_names_customers_for_a_channel(stage: Stage) -> None:
    await stage.type("/user whoami", by="mia")
    line = '/report schedule "sales by:customer" "daily 9:00"'
    assert refused(await stage.type(line, by="mia"))[1] == "Only a manager can do that; you are a member."
    assert (await stage.type(line, by="mia", channel=DIRECT)).ok
    assert (await stage.type(line)).ok


async def test_a_report_goes_only_where_its_owner_is_somebody(stage: Stage) -> None:
    await stage.type("/task list", by="eve", platform=Platform.SLACK, space="T1")
    line = '/report schedule sales "daily 9:00" channel:#general@slack'
    field, message = refused(await stage.type(line))
    assert (field, message[:36]) == ("channel", "`channel`: You have no account where")
    assert (await stage.type(line, by="eve", platform=Platform.SLACK, space="T1")).problem is None


async def test_a_private_channels_schedules_are_for_those_in_it(stage: Stage) -> None:
    await stage.type("/user whoami", by="mia")
    stage.chat.private["owner"] = frozenset({"back"})
    await stage.type('/report schedule sales "daily 9:00"', channel=BACK)
    assert refused(await stage.type("/report pause 1", by="mia"))[1] == "There is no such schedule here."
    reply = await stage.type("/report pause 1")
    assert reply.ok
    assert reply.visibility is Visibility.PRIVATE


async def test_run_now_makes_a_job_beside_its_times(stage: Stage) -> None:
    await made(stage)
    reply = await stage.type("/report run 1")
    # Here nothing runs jobs.
    assert said(reply) == [
        "#1 sales is to run now; its times stay as they are. "
        "Nothing serves here now: it is begun once quartermaster serve runs."
    ]
    async with stage.parts.storage.workspace(1).read() as work:
        jobs = await work.jobs.page(JobFilter(), Audience(1, frozenset(), everything=True))
    assert [(job.kind, job.arguments) for job in jobs.items] == [("report", {"line": "/report sales"})]
