"""What may come next in a typed line, and where it goes."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.areas import AREAS
from bot.grammar.completion import LIMIT
from core.chat.request import ChannelKind, UserRef
from core.chat.spec import JOINING, Completion
from tests.unit.bot.sample_area import sample
from tests.unit.bot.stage import Stage, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, areas=[sample]) as made:
        await made.type("/task add Buy milk")
        await made.type("/task add Buy oats")
        await made.type("/task add Sweep the floor")
        for name in ("Ann Lee", "Ben Okafor", "Zoë"):
            await made.type("/task list", user=UserRef(name, name))
        yield made


async def offers(stage: Stage, line: str, by: str = "owner") -> Sequence[Completion]:
    """The suggestions where a `|` stands in the line, else at its end."""
    cursor = line.find("|") if "|" in line else len(line)
    return await stage.product.application.complete(stage.request(by=by), line.replace("|", "", 1), cursor)


async def labels(stage: Stage, line: str, by: str = "owner") -> list[str]:
    return [offer.label for offer in await offers(stage, line, by)]


async def typed(stage: Stage, line: str, label: str) -> str:
    """The line once that suggestion is taken."""
    offer = next(one for one in await offers(stage, line) if one.label == label)
    bare = line.replace("|", "", 1)
    return bare[: offer.start] + offer.insert + bare[offer.end :]


async def test_an_empty_line_offers_the_areas(stage: Stage) -> None:
    assert await labels(stage, "") == [*(f"/{area.name}" for area in AREAS), "/sample"]
    assert await labels(stage, "/") == [*(f"/{area.name}" for area in AREAS), "/sample"]


async def test_typing_a_command_letter_by_letter(stage: Stage) -> None:
    assert await labels(stage, "/t") == ["/task"]
    assert await labels(stage, "/T") == ["/task"]
    assert await typed(stage, "/t", "/task") == "/task "
    assert {"add", "done", "list"} <= set(await labels(stage, "/task "))
    assert await labels(stage, "/task ad") == ["add"]
    assert await typed(stage, "/task ad", "add") == "/task add "
    assert await labels(stage, "/task add ") == ["due:", "priority:", "assign:", "repeat:", "notes:"]
    assert await labels(stage, "/task add Buy") == []
    assert await labels(stage, "/task add Buy d") == ["due:"]
    assert await typed(stage, "/task add Buy d", "due:") == "/task add Buy due:"
    assert "tomorrow 9am" in await labels(stage, "/task add Buy due:")
    assert await labels(stage, "/task add Buy due:tom") == ["tomorrow", "tomorrow 9am"]
    assert await typed(stage, "/task add Buy due:tom", "tomorrow 9am") == "/task add Buy due:tomorrow 9am "
    assert await labels(stage, "/task add Buy due:fri p") == ["priority:"]
    assert await labels(stage, "/task add Buy due:fri priority:") == ["urgent", "high", "medium", "low"]
    assert await labels(stage, "/task add Buy due:fri priority:H") == ["high"]
    assert await labels(stage, "/task add Buy due:fri d") == []


async def test_a_space_behind_the_colon_is_no_hindrance(stage: Stage) -> None:
    assert await labels(stage, "/task add Buy priority: h") == ["high"]


@pytest.mark.parametrize(
    ("line", "label", "result"),
    [
        ("/ta|sk add", "/task", "/task  add"),
        ("/task a|d Buy", "add", "/task add  Buy"),
        ("/task add Buy due:t|omorrow assign:@me", "today", "/task add Buy due:today  assign:@me"),
        ("/task add assign:@b|en Buy", "@Ben Okafor", "/task add assign:@ben-okafor  Buy"),
        ("/task add assign:@ann-lee,@z", "@Zoë", "/task add assign:@ann-lee,@zoë "),
        ("/task add Buy\n|", "due:", "/task add Buy\ndue:"),
        ("/task done sw", "#3", "/task done 3 "),
        ("/task done 1,sw", "#3", "/task done 1,3 "),
        ("/qm task a|", "add", "/qm task add "),
    ],
)
async def test_a_suggestion_takes_the_place_of_the_word_at_the_cursor(
    stage: Stage, line: str, label: str, result: str
) -> None:
    assert await typed(stage, line, label) == result


async def test_tasks_are_offered_by_number_and_by_the_words_of_their_titles(stage: Stage) -> None:
    found = await offers(stage, "/task done ")
    assert {(offer.label, offer.detail) for offer in found} >= {("#1", "Buy milk"), ("#3", "Sweep the floor")}
    assert await labels(stage, "/task done #3") == ["#3"]
    assert await labels(stage, "/task done buy") == ["#1", "#2"]
    assert await labels(stage, "/task done 1 sw") == ["#3"]


async def test_several_words_of_a_title_are_looked_for_together_and_replaced_together(stage: Stage) -> None:
    assert await labels(stage, "/task done buy oa") == ["#2"]
    assert await labels(stage, "/task done oats ") == ["#2"]
    assert await typed(stage, "/task done sweep the fl", "#3") == "/task done 3 "
    assert await typed(stage, "/task due buy m| due:fri", "#1") == "/task due 1  due:fri"
    assert await labels(stage, "/task edit buy m") == ["#1"]
    assert await labels(stage, "/task done 1 oa") == ["#2"]  # a number is one task, and another follows


async def test_a_number_behind_a_title_is_a_part_of_it(stage: Stage) -> None:
    await stage.type("/task add Bake loaf 1")
    assert await labels(stage, "/task done loaf 1") == ["#4"]


async def test_people_are_offered_by_any_part_of_their_name(stage: Stage) -> None:
    assert await labels(stage, "/task assign 1 ") == ["@me", "@Ann Lee", "@Ben Okafor", "@Owner", "@Zoë"]
    assert await labels(stage, "/task assign 1 @lee") == ["@Ann Lee"]
    assert await labels(stage, "/task assign 1 2 @oka") == ["@Ben Okafor"]
    assert await labels(stage, "/task add Ask @z") == ["@Zoë"]
    assert await labels(stage, "/user role ") == ["@me", "@Ann Lee", "@Ben Okafor", "@Owner", "@Zoë"]
    assert await labels(stage, "/user role @zoë ") == ["guest", "member", "clerk", "manager", "admin", "owner"]


async def test_behind_several_numbers_comes_what_belongs_there(stage: Stage) -> None:
    assert "today" in await labels(stage, "/task due 1 ")
    assert "today" in await labels(stage, "/task due 1 2 ")
    assert await labels(stage, "/task due 1 2 today ") == []


async def test_channels_and_flags_are_offered(stage: Stage) -> None:
    assert await labels(stage, "/task list channel:") == ["all", "#general"]
    assert await labels(stage, "/task list channel:#g") == ["#general"]
    assert await labels(stage, "/qm log failed:") == ["yes", "no"]
    assert await labels(stage, "/sample burn 3 ") == []
    assert await labels(stage, "/sample load file:") == []


async def test_words_are_offered_for_a_text_that_may_be_any_other(stage: Stage) -> None:
    line = "/report schedule "
    assert {"matrix", "sales", "top-customers", "zone:"} <= set(await labels(stage, line))
    assert await typed(stage, f"{line}sa", "sales") == f"{line}sales "
    assert await typed(stage, f"{line}sales w", "weekdays 9:00") == f"{line}sales weekdays 9:00 "
    assert await labels(stage, "/report sales last") == ["last week", "last month", "last 30 days"]
    assert await labels(stage, "/report sales 2010-12 ") == ["from:", "to:", "by:", "top:"]


async def test_what_only_buttons_fill_in_is_not_offered(stage: Stage) -> None:
    assert "page:" not in await labels(stage, "/task list ")
    assert "status:" in await labels(stage, "/task list ")


async def test_only_what_the_asker_may_run_is_offered(stage: Stage) -> None:
    await stage.type("/user role @zoë guest")
    mine = await stage.product.application.complete(stage.request(user=UserRef("Zoë", "Zoë")), "/task ", 6)
    assert {offer.label for offer in mine} == {"list", "mine", "show", "history", "summary"} | (
        {"export"} & {o.label for o in mine}
    )
    line = "/task add "
    assert await stage.product.application.complete(stage.request(user=UserRef("Zoë", "Zoë")), line, len(line)) == []
    owners = await labels(stage, "/qm ")
    members = await labels(stage, "/qm ", by="Ann Lee")
    assert {"log", "audit", "settings"} <= set(owners)
    assert not {"log", "audit", "settings"} & set(members)


@pytest.mark.parametrize("line", ["hello", "/nothing ", "/nothing add ", "/task nothing ", "x /task"])
async def test_where_there_is_no_command_nothing_is_offered(stage: Stage, line: str) -> None:
    assert await labels(stage, line) == []


async def test_a_prefix_is_offered_and_understood(tmp_path: Path) -> None:
    async with staged(tmp_path, prefix="shop-") as stage:
        assert await labels(stage, "/s") == [f"/shop-{area.name}" for area in AREAS]
        assert await labels(stage, "/shop-task ad") == ["add"]
        assert await labels(stage, "/shop-qm task ad") == ["add"]


@pytest.fixture
async def crowd(stage: Stage) -> Stage:
    for number in range(30):
        await stage.type("/task list", user=UserRef(f"P{number}", f"Person {number}"))
        await stage.type(f"/task add Number {number}")
    return stage


async def test_there_are_never_more_than_fit(crowd: Stage) -> None:
    for line in ("/task assign 1 @", "/task done ", "/task done num", "/task add assign:"):
        assert len(await offers(crowd, line)) == LIMIT


async def test_any_line_and_cursor_is_answered_with_places_within_the_line(stage: Stage) -> None:
    lines: list[tuple[str, int]] = []

    @given(
        st.text(max_size=30), st.sampled_from(["", "/task ", "/task add ", "/task done ", "/user role "]), st.integers()
    )
    def collect(text: str, head: str, cursor: int) -> None:
        lines.append((head + text, cursor % 60 - 10))

    collect()
    for line, cursor in lines:
        for offer in await stage.product.application.complete(stage.request(), line, cursor):
            assert 0 <= offer.start <= max(0, min(cursor, len(line))) <= offer.end <= len(line)
            assert offer.label
            assert offer.insert


async def test_only_admins_are_offered_the_override_and_only_where_it_looks(stage: Stage) -> None:
    assert await labels(stage, "/task show 1 ov") == ["override:"]
    assert await labels(stage, "/task list override:") == ["yes", "no"]
    assert await labels(stage, "/task show 1 ov", by="Ann Lee") == []
    assert await labels(stage, "/task add Buy ov") == []


async def test_everything_that_is_typed_of_a_record_counts_and_the_best_comes_first(stage: Stage) -> None:
    for number in range(40):
        await stage.type(f"/task add Bulk {number:03} of tins")
    await stage.type("/task add Tins of bulk")

    async def found(words: str) -> list[str]:
        offered = await offers(stage, f"/task show task:{words.replace(' ', JOINING)}")
        return [f"{one.label} {one.detail}" for one in offered]

    assert (await found("Bulk 035"))[0] == "#39 Bulk 035 of tins"
    assert await found("bulk 035 tin") == ["#39 Bulk 035 of tins"]
    assert await found("tins 035") == ["#39 Bulk 035 of tins"]
    assert await found("#39 bulk") == ["#39 Bulk 035 of tins"]
    assert (await found("39"))[0] == "#39 Bulk 035 of tins"
    assert "#42 Bulk 038 of tins" in await found("038")
    assert (await found("tins of"))[0] == "#44 Tins of bulk"
    assert await found("bulk nothing") == []
    assert [one.label for one in await offers(stage, f"/task assign 1 people:Ben{JOINING}Oka")] == ["@Ben Okafor"]


async def test_a_private_channel_is_offered_to_who_is_in_it(stage: Stage) -> None:
    request = stage.request("/task add Count the cash", by="ben")
    channel = replace(request.channel, id="C-office", name="office", kind=ChannelKind.PRIVATE)
    await stage.product.application.handle(replace(request, channel=channel))
    assert "#office" not in await labels(stage, "/task list channel:#o", by="owner")
    there = replace(stage.request(by="ben"), channel=channel)
    found = await stage.product.application.complete(there, "/task list channel:#o", 21)
    assert [one.label for one in found] == ["#office"]
