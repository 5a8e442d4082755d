"""From typed texts to the values of a command, for whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.arguments import ChannelScope, Upload
from bot.grammar.binding import Binding, bind
from bot.grammar.declaration import Command
from bot.identity.directory import Directory
from core.chat.actor import Actor
from core.chat.reply import Problem
from core.chat.request import ChannelKind, Platform
from core.dates.due import Due
from core.people.model import Identity, Member, Role
from core.shared.errors import InvalidArgumentError
from core.shared.naming import handle
from core.workspaces.model import Channel, Space, Workspace
from tests.unit.bot.sample_area import Level, Way, registry, request

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SLACK, ELSEWHERE = 7, 8
WORKSPACE = Workspace(1, "default", "Europe/Berlin", "EUR", "en")


def member(number: int, name: str, *external: str, active: bool = True) -> Member:
    identities = tuple(Identity(Platform.SLACK, SLACK, one, number) for one in external)
    return Member(number, name, Role.MEMBER, "", "", active, identities)


MEMBERS = [
    member(1, "Ann Lee", "U1"),
    member(2, "Ben Okafor", "U2"),
    member(3, "Ben Silva", "U3"),
    member(4, "Zoë", "U4"),
    member(5, "Gone", "U5", active=False),
    member(6, "O'Neil, Pat"),
]
CHANNELS = [
    Channel(11, SLACK, Platform.SLACK, "C1", "shop", ChannelKind.PUBLIC),
    Channel(12, SLACK, Platform.SLACK, "C2", "back office", ChannelKind.PRIVATE),
    Channel(13, ELSEWHERE, Platform.WEB, "shop", "shop", ChannelKind.PUBLIC),
    Channel(14, ELSEWHERE, Platform.WEB, "garden", "garden", ChannelKind.PUBLIC),
]
DIRECTORY = Directory.of(WORKSPACE, MEMBERS, CHANNELS)
ACTOR = Actor(
    1,
    1,
    "Ann Lee",
    Role.MEMBER,
    "Europe/Berlin",
    "en",
    Platform.SLACK,
    SLACK,
    11,
    "shop",
    ChannelKind.PUBLIC,
)


def command(name: str) -> Command:
    area, _, action = name.partition(" ")
    found = registry().find(area, action)
    assert found
    return found


def bound(name: str, attached: tuple[str, ...] = (), /, **texts: str | Sequence[str]) -> dict[str, object]:
    """The keyword arguments that a command of the sample area gets."""
    arguments = {key.rstrip("_"): (value,) if isinstance(value, str) else tuple(value) for key, value in texts.items()}
    binding = Binding(ACTOR, DIRECTORY, request(attached=attached), NOW)
    return bind(command(name), arguments, binding)


def problem(name: str, attached: tuple[str, ...] = (), /, **texts: str | Sequence[str]) -> Problem:
    """What is said about the argument that can't be used."""
    with pytest.raises(InvalidArgumentError) as caught:
        bound(name, attached, **texts)
    return registry().errors.problem_of(caught.value)


def test_what_is_not_given_has_the_value_of_the_signature() -> None:
    assert bound("sample note", title="Buy milk") == {
        "title": "Buy milk",
        "due": None,
        "level": Level.LOW,
        "assign": (),
        "notes": "",
        "quiet": False,
    }
    assert bound("sample show")["level"] is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ask <@U2> about <#C1>", "Ask @Ben Okafor about #shop"),
        ("Ask <@U2|ben>", "Ask @Ben Okafor"),
        ("<@U99|zed> in <#C9|roof>", "@zed in #roof"),
        ("<@U99> in <#C9> and <#C9|>", "<@U99> in <#C9> and <#C9|>"),
        ("a private <#C2>", "a private <#C2>"),
        ("<!channel> <b> <@> <#>", "<!channel> <b> <@> <#>"),
    ],
)
def test_people_and_channels_in_a_text_are_kept_by_name(typed: str, kept: str) -> None:
    assert bound("sample note", title=typed)["title"] == kept
    assert bound("sample note", title="x", notes=typed)["notes"] == kept


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"title": "  Buy milk "}, {"title": "Buy milk"}),
        ({"notes": "first\nsecond"}, {"notes": "first\nsecond"}),
        ({"due": "tomorrow 9am"}, {"due": Due(date(2026, 11, 21), time(9), "Europe/Berlin")}),
        ({"due": "2026-12-01"}, {"due": Due(date(2026, 12, 1), None, "Europe/Berlin")}),
        ({"due": "none"}, {"due": None}),
        ({"due": "Nobody"}, {"due": None}),
        ({"level": "HIGH"}, {"level": Level.HIGH}),
        ({"level": " high "}, {"level": Level.HIGH}),
        ({"quiet": "yes"}, {"quiet": True}),
        ({"quiet": "On"}, {"quiet": True}),
        ({"quiet": "no"}, {"quiet": False}),
        ({"quiet": "0"}, {"quiet": False}),
        ({"assign": "@me"}, {"assign": (1,)}),
        ({"assign": "me"}, {"assign": (1,)}),
        ({"assign": "<@U2>"}, {"assign": (2,)}),
        ({"assign": "<@U2|ben> <@U4>"}, {"assign": (2, 4)}),
        ({"assign": "@ann, @zoë"}, {"assign": (1, 4)}),
        ({"assign": "@ann @ann-lee ann"}, {"assign": (1,)}),
        ({"assign": "Ann Lee"}, {"assign": (1,)}),
        ({"assign": "@Ann Lee"}, {"assign": (1,)}),
        ({"assign": "ann lee, ben silva"}, {"assign": (1, 3)}),
        ({"assign": "@Ben-Silva"}, {"assign": (3,)}),
        ({"assign": ("@ann", "Ben Silva")}, {"assign": (1, 3)}),
    ],
)
def test_values_of_a_note(texts: Mapping[str, Any], expected: Mapping[str, object]) -> None:
    found = bound("sample note", **{"title": "Buy milk", **texts})
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12", (12,)),
        ("#12", (12,)),
        ("12,13 #14", (12, 13, 14)),
        ("12 12", (12,)),
    ],
)
def test_numbers_of_tasks(typed: str, expected: tuple[int, ...]) -> None:
    assert bound("sample put-off", task=typed, until="fri")["task"] == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"way": "down"}, {"way": Way.DOWN}),
        ({"level": "none"}, {"level": None}),
        ({"who": "@ann"}, {"who": 1}),
        ({"who": "Ben Silva"}, {"who": 3}),
        ({"who": "none"}, {"who": 0}),
        ({"who": "@nobody"}, {"who": 0}),
        ({"channel": "all"}, {"channel": ChannelScope(None)}),
        ({"channel": "any"}, {"channel": ChannelScope(None)}),
        ({"channel": "*"}, {"channel": ChannelScope(None)}),
        ({"channel": "this"}, {"channel": ChannelScope(11)}),
        ({"channel": "here"}, {"channel": ChannelScope(11)}),
        ({"channel": "#shop"}, {"channel": ChannelScope(11)}),
        ({"channel": "shop"}, {"channel": ChannelScope(11)}),
        ({"channel": "#back-office"}, {"channel": ChannelScope(12)}),
        ({"channel": "#garden"}, {"channel": ChannelScope(14)}),
        ({"channel": "<#C2|back>"}, {"channel": ChannelScope(12)}),
        ({"channel": "none"}, {"channel": None}),
    ],
)
def test_values_of_a_list(texts: Mapping[str, Any], expected: Mapping[str, object]) -> None:
    found = bound("sample show", **texts)
    assert {name: found[name] for name in expected} == expected


def test_a_channels_name_means_the_one_of_the_askers_own_space() -> None:
    binding = Binding(replace(ACTOR, space_id=ELSEWHERE), DIRECTORY, request(), NOW)
    assert bind(command("sample show"), {"channel": ("#shop",)}, binding)["channel"] == ChannelScope(13)


def test_a_trailing_underscore_of_python_is_not_part_of_the_argument() -> None:
    assert bound("sample load", ("a.csv",), from_="home")["from_"] == "home"


def test_a_file_is_the_attached_one_the_named_one_or_a_stored_one() -> None:
    def file(attached: tuple[str, ...], **texts: str) -> Upload:
        found = bound("sample load", attached, **texts)["file"]
        assert isinstance(found, Upload)
        return found

    one, named = file(("a.csv", "b.csv")).attachment, file(("a.csv", "b.csv"), file="b.csv").attachment
    assert one is not None
    assert named is not None
    assert (one.name, named.name) == ("a.csv", "b.csv")
    assert file((), file="01ABC") == Upload(file_id="01ABC")
    assert file(("a.csv",), file="01ABC") == Upload(file_id="01ABC")


# ---------------------------------------------------------------- what can't be used


@pytest.mark.parametrize(
    ("name", "texts", "field", "message", "hint"),
    [
        ("sample note", {"due": "soonish"}, "due", "`due`: I can't read \u201csoonish\u201d as a date.", "`"),
        ("sample note", {"due": "tomorrow 25:00"}, "due", "`due`: There is no 25:00 on the clock.", "Try `"),
        ("sample note", {"due": "2026-02-30"}, "due", "`due`: There is no 2026-02-30 in the calendar.", ""),
        ("sample note", {"level": "hihg"}, "level", "`level` can't be \u201chihg\u201d.", "Did you mean `high`?"),
        ("sample note", {"level": "xx"}, "level", "`level` can't be \u201cxx\u201d.", "It is one of `low` and `high`."),
        ("sample note", {"quiet": "maybe"}, "quiet", "`quiet` is `yes` or `no`, not \u201cmaybe\u201d.", ""),
        ("sample note", {"assign": "@anne"}, "assign", "`assign`: Nobody here is called \u201c@anne\u201d.", "`@ann"),
        ("sample note", {"assign": "@ben"}, "assign", "`assign`: 2 people answer to \u201c@ben\u201d.", "`@ben-silva`"),
        ("sample note", {"assign": "@gone"}, "assign", "`assign`: Nobody here is called \u201c@gone\u201d.", ""),
        ("sample note", {"assign": "<@U99>"}, "assign", "`assign`: I don't know that person yet.", "first command"),
        ("sample note", {"assign": ","}, "assign", "`assign` is missing.", "Try `@me`."),
        (
            "sample note",
            {"assign": "qqqqqq"},
            "assign",
            "`assign`: Nobody here is called \u201cqqqqqq\u201d.",
            "/user list",
        ),
        ("sample show", {"who": "@ben"}, "who", "`who`: 2 people answer to \u201c@ben\u201d.", ""),
        ("sample show", {"channel": "#nowhere"}, "channel", "I know no channel \u201c#nowhere\u201d.", "channel:all"),
        ("sample show", {"channel": "<#C9|x>"}, "channel", "I know no channel \u201c<#C9|x>\u201d.", ""),
        ("sample show", {"channel": "<#shop>"}, "channel", "I know no channel \u201c<#shop>\u201d.", ""),
        (
            "sample give",
            {"task": "twelve", "people": "@me"},
            "task",
            "A task goes by its number, not \u201ctwelve\u201d.",
            "12",
        ),
        (
            "sample give",
            {"task": "12 13", "people": "@me"},
            "task",
            "A task goes by its number, not \u201c12 13\u201d.",
            "",
        ),
        ("sample give", {"task": ",", "people": "@me"}, "task", "A task goes by its number, not \u201c,\u201d.", ""),
        ("sample give", {"task": "1" * 30, "people": "@me"}, "task", "A task goes by its number", ""),
        ("sample give", {"task": "\u0663", "people": "@me"}, "task", "A task goes by its number", ""),
        ("sample put-off", {"task": ",", "until": "fri"}, "task", "A task goes by its number, not \u201c,\u201d.", ""),
        ("sample burn", {"count": "many"}, "count", "`count` is a whole number, not \u201cmany\u201d.", "Try `3`."),
        ("sample burn", {"count": "1.5"}, "count", "`count` is a whole number, not \u201c1.5\u201d.", ""),
        ("sample burn", {"count": str(2**53 + 1)}, "count", "`count` is a whole number", ""),
        ("sample burn", {}, "count", "`count` is missing.", "Try `3`."),
        ("sample load", {}, "file", "A file is missing.", "Attach it"),
    ],
)
def test_a_bad_value_is_answered_with_its_argument_what_was_wrong_and_what_would_do(
    name: str, texts: Mapping[str, Any], field: str, message: str, hint: str
) -> None:
    given = {"title": "Buy milk", **texts} if name == "sample note" else texts
    found = problem(name, **given)
    assert (found.code, found.field) == ("invalid_argument", field)
    assert found.message.startswith(message)
    assert hint in found.hint


VALUES = st.one_of(st.text(), st.sampled_from(["none", "@", "<@U1>", "#", "<#C1>", ",", "-", "9" * 20, "@me,", "#12"]))


@pytest.mark.parametrize("name", [info.name for info in registry().catalogue.commands])
@given(data=st.data())
def test_whatever_is_given_is_bound_or_refused_in_words(name: str, data: st.DataObject) -> None:
    found = command(name)
    arguments = {one.name: tuple(data.draw(st.lists(VALUES, max_size=3))) for one in found.info.arguments}
    binding = Binding(ACTOR, DIRECTORY, request(), NOW)
    refusal: InvalidArgumentError | None = None
    try:
        values = bind(found, arguments, binding)
    except InvalidArgumentError as error:
        refusal = error
    if refusal is None:
        assert set(values) == {parameter.python_name for parameter in found.parameters}
    else:
        assert registry().errors.problem_of(refusal).message
        assert refusal.field in arguments


# ---------------------------------------------------------------- the directory


def test_names_are_typed_in_one_word() -> None:
    assert [handle(name) for name in ("Ann Lee", "  Zoë ", "O'Neil, Pat")] == ["ann-lee", "zoë", "o'neil-pat"]


def test_a_full_name_goes_before_first_names() -> None:
    directory = Directory.of(WORKSPACE, [member(1, "Ben"), member(2, "Ben Silva")], [])
    assert list(directory.names.find("ben")) == [1]
    assert list(directory.names.find("BEN SILVA")) == [2]


def test_those_who_are_gone_and_channels_unknown_have_plain_words() -> None:
    assert DIRECTORY.name(99) == "somebody"
    assert DIRECTORY.mention(1).name == "Ann Lee"
    assert DIRECTORY.channel_name(99) == "a channel"
    assert DIRECTORY.channel_name(12) == "#back office"
    nameless = Channel(2, SLACK, Platform.SLACK, "C3", "C3", ChannelKind.PRIVATE)
    assert Directory.of(WORKSPACE, [], [nameless]).channel_name(2) == "a private channel"
    direct = Channel(1, SLACK, Platform.SLACK, "D1", "ann", ChannelKind.DIRECT)
    assert Directory.of(WORKSPACE, [], [direct]).channel_name(1) == "direct messages"


def test_channels_of_one_name_in_several_spaces_are_told_apart() -> None:
    def general(number: int, space: int, platform: Platform) -> Channel:
        return Channel(number, space, platform, f"C{number}", "general", ChannelKind.PUBLIC)

    channels = [general(1, 1, Platform.SLACK), general(2, 2, Platform.DISCORD), general(3, 3, Platform.DISCORD)]
    spaces = [
        Space(1, 1, Platform.SLACK, "T1", "T1"),
        Space(2, 1, Platform.DISCORD, "700", "700"),
        Space(3, 1, Platform.DISCORD, "800", "800"),
    ]
    directory = Directory.of(WORKSPACE, [], channels, spaces)
    words = [directory.channel_word(channel, 1) for channel in channels]
    assert words == ["#general", "#general@700", "#general@800"]
    assert directory.channel_word(channels[0], 2) == "#general@slack"
    for space in (1, 2, 3):
        found = [directory.find_channel(directory.channel_word(channel, space), space) for channel in channels]
        assert found == channels
    assert directory.find_channel("#general@nowhere", 1) is None
