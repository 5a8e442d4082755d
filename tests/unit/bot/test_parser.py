"""The text grammar, through the plan that comes of a line."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.parser import parse_arguments
from bot.grammar.tokens import LINE_LIMIT, tokenise
from core.chat.spec import Answer, Argument, ArgumentKind, Plan
from tests.unit.bot.sample_area import NOW, planned, planner, request

Arguments = Mapping[str, tuple[str, ...]]


def arguments(line: str) -> Arguments:
    plan = planned(line)
    assert plan.problem is None or plan.answer is Answer.FORM, plan.problem
    return plan.arguments


def refusal(line: str) -> tuple[str, str]:
    """What is wrong with a line, as its sentence and hint."""
    plan = planned(line)
    assert plan.problem is not None, plan
    assert plan.problem.code == "invalid_argument"
    return plan.problem.message, plan.problem.hint


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/shelf put apples 3 0.50", ("apples", "3", "0.50")),
        ("/shelf put Green apples 3 0.50", ("Green apples", "3", "0.50")),
        ("/shelf put Cola 330 3 0.50", ("Cola 330", "3", "0.50")),
        ("/shelf put 330 3 0.50", ("330", "3", "0.50")),
        ('/shelf put "Cola 330 3" 5 none', ("Cola 330 3", "5", "none")),
        ("/shelf put Green apples 3", ("Green apples", "3", "")),
        ("/shelf put Green apples", ("Green apples", "", "")),
        ("/shelf put Green apples 1.5 1.234,56", ("Green apples", "1.5", "1.234,56")),
        ("/shelf put Green apples -3 0", ("Green apples", "-3", "0")),
    ],
)
def test_a_name_of_several_words_ends_where_its_numbers_begin(line: str, expected: tuple[str, ...]) -> None:
    found = shelf(line)
    assert tuple("".join(found.get(name, ())) for name in ("name", "count", "price")) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/shelf take green apples -2 two were rotten", ("green apples", "-2", "two were rotten")),
        ("/shelf take apples 2", ("apples", "2", "")),
        ("/shelf take 12 2 of 3", ("12", "2", "of 3")),
        ("/shelf take green apples", ("green", "apples", "")),
    ],
)
def test_where_a_text_may_follow_the_first_number_ends_the_name(line: str, expected: tuple[str, ...]) -> None:
    found = shelf(line)
    assert tuple("".join(found.get(name, ())) for name in ("what", "count", "why")) == expected


def shelf(line: str) -> Arguments:
    """The arguments of a line about a shelf, on which things lie by their names."""
    put = [
        Argument("name", ArgumentKind.LINE, "", required=True, positional=True),
        Argument("count", ArgumentKind.INTEGER, "", required=True, positional=True),
        Argument("price", ArgumentKind.AMOUNT, "", required=True, positional=True),
    ]
    take = [
        Argument("what", ArgumentKind.REFERENCE, "", required=True, positional=True),
        Argument("count", ArgumentKind.INTEGER, "", required=True, positional=True),
        Argument("why", ArgumentKind.REST, "", required=False, positional=True),
    ]
    _, verb, rest = line.split(" ", 2)
    return parse_arguments(rest, tokenise(rest), put if verb == "put" else take, NOW)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/task add Buy milk", {"title": ("Buy milk",)}),
        ("/task add due:tomorrow 9am Buy milk", {"due": ("tomorrow 9am",), "title": ("Buy milk",)}),
        ("/task add Buy milk due:tomorrow 9am", {"due": ("tomorrow 9am",), "title": ("Buy milk",)}),
        ("/task add due:fri Buy milk assign:@me", {"due": ("fri",), "title": ("Buy milk",), "assign": ("@me",)}),
        ("/task add Meeting notes: call Ann", {"title": ("Meeting notes: call Ann",)}),
        ("/task add Notes: call Ann due:fri", {"title": ("Notes: call Ann",), "due": ("fri",)}),
        ("/task add Rent due: ask Ann", {"title": ("Rent due: ask Ann",)}),
        ("/task add Rent due: ask Ann due:fri", {"title": ("Rent due: ask Ann",), "due": ("fri",)}),
        ("/task add T notes:see the due: field", {"title": ("T",), "notes": ("see the due: field",)}),
        ("/task add Priority: low stock on aisle 3", {"title": ("Priority: low stock on aisle 3",)}),
        ("/task add T priority:very high", {"title": ("T",), "priority": ("very high",)}),
        ("/task edit 12 Rent due: ask Ann", {"task": ("12",), "title": ("Rent due: ask Ann",)}),
        ("/task add T assign:@Ana Costa due:fri", {"title": ("T",), "assign": ("@Ana Costa",), "due": ("fri",)}),
        ("/task add due:in 2h Buy milk", {"due": ("in 2h",), "title": ("Buy milk",)}),
        ("/task add due:2026-12-01 14:30 Buy milk", {"due": ("2026-12-01 14:30",), "title": ("Buy milk",)}),
        ("/task add due: fri Buy milk", {"title": ("due: fri Buy milk",)}),
        ("/task add due:soonish Buy milk", {"due": ("soonish",), "title": ("Buy milk",)}),
        ("/task add due:tomorrow 25:00 Buy milk", {"due": ("tomorrow 25:00",), "title": ("Buy milk",)}),
        (
            "/task add Buy milk assign:@me due:fri priority:high",
            {"title": ("Buy milk",), "assign": ("@me",), "due": ("fri",), "priority": ("high",)},
        ),
        (
            "/task add priority:high due:fri assign:@me Buy milk",
            {"title": ("Buy milk",), "assign": ("@me",), "due": ("fri",), "priority": ("high",)},
        ),
        ("/task add assign:@ann @ben Buy milk", {"assign": ("@ann @ben",), "title": ("Buy milk",)}),
        ("/task add assign:ann, ben Buy milk", {"assign": ("ann, ben",), "title": ("Buy milk",)}),
        ("/task add assign:<@U1> <@U2|ben> Buy milk", {"assign": ("<@U1> <@U2|ben>",), "title": ("Buy milk",)}),
        ("/task add assign:@ann Buy milk assign:@ben", {"assign": ("@ann", "@ben"), "title": ("Buy milk",)}),
        ("/task add Buy milk notes:the oat one", {"title": ("Buy milk",), "notes": ("the oat one",)}),
        ('/task add notes:"the oat one" Buy milk', {"title": ("Buy milk",), "notes": ("the oat one",)}),
        ("/task add notes:'the oat one' Buy milk", {"title": ("Buy milk",), "notes": ("the oat one",)}),
        ("/task add notes:\u201cthe oat one\u201d Buy milk", {"title": ("Buy milk",), "notes": ("the oat one",)}),
        ("/task add Buy\u00a0milk due:fri\u00a09am", {"title": ("Buy milk",), "due": ("fri 9am",)}),
        ('/task add "Buy milk"', {"title": ("Buy milk",)}),
        ('/task add "due:fri is wrong"', {"title": ("due:fri is wrong",)}),
        ('/task add Say "hello" to Ann', {"title": ('Say "hello" to Ann',)}),
        ("/task add It's Ann\u2019s 5'10\" shelf", {"title": ("It's Ann\u2019s 5'10\" shelf",)}),
        ("/task add Buy  two   spaces", {"title": ("Buy  two   spaces",)}),
        ("/task add Read http://example.com/a?b=c:d", {"title": ("Read http://example.com/a?b=c:d",)}),
        ("/task add Call at 10:30", {"title": ("Call at 10:30",)}),
        ("/task add Note: call Bob", {"title": ("Note: call Bob",)}),
        ("/task add PS:call Bob", {"title": ("PS:call Bob",)}),
        ("/task add Confirm: call Bob", {"title": ("Confirm: call Bob",)}),
        ("/task add Confirm:call Bob", {"title": ("Confirm:call Bob",)}),
        ("/task add a --- b -- c - d", {"title": ("a --- b -- c - d",)}),
        ("/task add Buy milk --priority=high", {"title": ("Buy milk",), "priority": ("high",)}),
        ("/task add Buy milk --due tomorrow 9am", {"title": ("Buy milk",), "due": ("tomorrow 9am",)}),
        ("/task add Buy milk \u2014priority high", {"title": ("Buy milk",), "priority": ("high",)}),
        (
            "/task add repeat:every mon and thu Buy milk",
            {"repeat": ("every mon and thu",), "title": ("Buy milk",)},
        ),
        (
            "/task add Buy milk repeat:monthly on the 15th due:fri",
            {"repeat": ("monthly on the 15th",), "due": ("fri",), "title": ("Buy milk",)},
        ),
        ("/task repeat 12 13 every 2 weeks on fri", {"task": ("12 13",), "repeat": ("every 2 weeks on fri",)}),
        ("/task repeat 12 3rd friday", {"task": ("12",), "repeat": ("3rd friday",)}),
        ("/task repeat 12 weekly please", {"task": ("12",), "repeat": ("weekly please",)}),
        ('/task add notes:="fri\\n" Buy milk', {"notes": ("fri\n",), "title": ("Buy milk",)}),
        ("/task add See titel://x", {"title": ("See titel://x",)}),
        ("/task add DUE:fri Buy milk", {"due": ("fri",), "title": ("Buy milk",)}),
        ("/task add T assignee:@ann", {"title": ("T",), "assign": ("@ann",)}),
        ("/task add @ann call her", {"title": ("@ann call her",)}),
        ("/task add notes:first line\nsecond line", {"notes": ("first line\nsecond line",)}),
        ("/task add Buy milk notes:first\r\n\tsecond", {"title": ("Buy milk",), "notes": ("first\n\tsecond",)}),
        ("/task add due:", {}),
        ("/task add title:Buy milk due:fri", {"title": ("Buy milk",), "due": ("fri",)}),
    ],
)
def test_adds_are_read(line: str, expected: Arguments) -> None:
    assert arguments(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/task done 12", {"task": ("12",)}),
        ("/task done #12 13, #14", {"task": ("#12 13, #14",)}),
        ("/task done 12,13,14", {"task": ("12,13,14",)}),
        ('/task done "12" "13"', {"task": ("12", "13")}),
        ("/task done task:12", {"task": ("12",)}),
        ("/task edit 12 Buy oat milk", {"task": ("12",), "title": ("Buy oat milk",)}),
        ("/task edit 12 priority:high", {"task": ("12",), "priority": ("high",)}),
        ("/task edit priority:high 12 Buy", {"task": ("12",), "priority": ("high",), "title": ("Buy",)}),
        ("/task assign 12 @ann", {"task": ("12",), "people": ("@ann",)}),
        ("/task assign 12 13 @ann @ben mode:set", {"task": ("12 13",), "people": ("@ann @ben",), "mode": ("set",)}),
        ("/task assign 12 ann and ben", {"task": ("12",), "people": ("ann and ben",)}),
        ('/task assign 12 "Ann Lee" ben', {"task": ("12",), "people": ("Ann Lee", "ben")}),
        ("/task assign 12 people:@ann", {"task": ("12",), "people": ("@ann",)}),
        ("/task assign 12 Ana Costa set", {"task": ("12",), "people": ("Ana Costa",), "mode": ("set",)}),
        ("/user role @Ana Costa clerk", {"member": ("@Ana Costa",), "role": ("clerk",)}),
        ("/user forget @Ana Costa", {"member": ("@Ana Costa",)}),
        ("/task list assignee:@Ana Costa urgent", {"assign": ("@Ana Costa",), "priority": ("urgent",)}),
        ("/task due 12 friday please", {"task": ("12",), "due": ("friday please",)}),
        ("/task due 12 due: friday", {"task": ("12",), "due": ("friday",)}),
        ("/task list @Ana Costa done", {"assign": ("@Ana Costa",), "status": ("done",)}),
        ("/task due 12 next monday", {"task": ("12",), "due": ("next monday",)}),
        ("/task due 12 13 none", {"task": ("12 13",), "due": ("none",)}),
        ("/task due 12 3 days", {"task": ("12",), "due": ("3 days",)}),
        ("/task due 12 13 3 dec", {"task": ("12 13",), "due": ("3 dec",)}),
        ("/task snooze 12 20 min", {"task": ("12",), "until": ("20 min",)}),
        ("/task snooze 12 in 20 min", {"task": ("12",), "until": ("in 20 min",)}),
        ("/task snooze 12 whenever I like", {"task": ("12",), "until": ("whenever I like",)}),
        ("/task snooze 12 until:tomorrow 9:00", {"task": ("12",), "until": ("tomorrow 9:00",)}),
        ("/task list done", {"status": ("done",)}),
        ("/task list @ann urgent #shop", {"assign": ("@ann",), "priority": ("urgent",), "channel": ("#shop",)}),
        ("/task list urgent all", {"status": ("all",), "priority": ("urgent",)}),
        ("/task list <#C1|shop>", {"channel": ("<#C1|shop>",)}),
        ("/task list assignee:none channel:all", {"assign": ("none",), "channel": ("all",)}),
        ("/qm log failed", {"failed": ("yes",)}),
        ("/qm log --failed", {"failed": ("yes",)}),
        ("/qm log \u2014failed", {"failed": ("yes",)}),
        ("/qm log --failed=no", {"failed": ("no",)}),
        ("/qm log failed:no", {"failed": ("no",)}),
        ("/user role @ann clerk", {"member": ("@ann",), "role": ("clerk",)}),
        ("/user role role:clerk member:@ann", {"member": ("@ann",), "role": ("clerk",)}),
        ("/user role member:@ann clerk", {"member": ("@ann",), "role": ("clerk",)}),
        ("/qm help task add", {"topic": ("task add",)}),
        ("/sample burn 3 too old", {"count": ("3",), "reason": ("too old",)}),
        ("/sample burn 3 confirm:yes", {"count": ("3",), "confirm": ("yes",)}),
        ("/sample burn 3 --confirm", {"count": ("3",), "confirm": ("yes",)}),
        ("/sample put-off 12 until:whenever I like", {"task": ("12",), "until": ("whenever I like",)}),
        ("/sample rename milk oat milk", {"old": ("milk",), "new": ("oat milk",)}),
        ('/sample rename "old milk" oat milk', {"old": ("old milk",), "new": ("oat milk",)}),
        ("/sample put-off 1 2 fri", {"task": ("1 2",), "until": ("fri",)}),
    ],
)
def test_other_commands_are_read(line: str, expected: Arguments) -> None:
    assert arguments(line) == expected


@pytest.mark.parametrize("name", ["prioritty", "priorityyy", "titel", "asign", "prio", "nots", "Assigne"])
def test_a_misspelt_name_is_refused_rather_than_taken_for_text(name: str) -> None:
    message, hint = refusal(f"/task add Buy milk {name}:high")
    assert message == f"There is no `{name}:` here."
    assert "Did you mean `" in hint


def test_a_misspelt_flag_is_refused_too() -> None:
    message, hint = refusal("/qm log --failled")
    assert message == "There is no `failled:` here."
    assert "`failed:`" in hint


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("/task add Buy due:fri due:sat", "`due` is given twice."),
        ("/task list open done", "I don't know what to do with \u201cdone\u201d."),
        ("/task done 12 and 13", "I don't know what to do with \u201cand 13\u201d."),
        ("/qm log --failed extra", "I don't know what to do with \u201cextra\u201d."),
        ("/task show 12 13", "I don't know what to do with \u201c13\u201d."),
        ("/qm status now please", "I don't know what to do with \u201cnow please\u201d."),
        ("/sample burn 3 confirm:yes confirm:yes", "`confirm` is given twice."),
        ("/task add T due:1st week of january", "I read `due:1st`, but don't know what to do with “week of january”"),
        ("/task add T priority:high please", "I read `priority:high`, but don't know what to do with “please”"),
        ("/task add Buy due:fri milk", "I read `due:fri`, but don't know what to do with “milk”"),
        (
            "/task add due:fri Buy milk priority:high now",
            "I read `priority:high`, but don't know what to do with “now”",
        ),
        ("/task edit 12 Buy priority:high milk", "I read `priority:high`, but don't know what to do with “milk”"),
        ("/task add title:Buy due:fri milk", "I read `due:fri`, but don't know what to do with “milk”"),
        ("/task add T due:", "`due` is missing."),
        ("/task add T repeat: priority:high", "`repeat` is missing."),
        ("/task edit 12 priority:", "`priority` is missing."),
        (f"/task add {'x' * LINE_LIMIT}", "That is longer than 20,000 characters."),
    ],
)
def test_what_fits_nowhere_is_refused_in_words(line: str, part: str) -> None:
    assert refusal(line)[0].removesuffix(" behind it.") == part


# ---------------------------------------------------------------- whatever is typed

HEADS = st.sampled_from(
    [f"/{info.name} " for info in planner().registry.catalogue.commands] + ["", "/", "/task ", "/qm ", "task add "]
)
ODD = [
    *(
        "due:",
        "due:fri",
        "notes:",
        "assign:@me",
        "--",
        "--due",
        "\u2014",
        '"',
        "\u201c",
        "'",
        "@",
        "#12",
        "12,",
        "none",
    ),
    *("confirm:yes", "<@U1>", "<#C1|x>", ':="', '\\"', "tomorrow", "25:00", "in", "2h", "99999999999999999999", "\x00"),
]
PIECES = st.one_of(st.text(max_size=20), st.sampled_from(ODD))
GAPS = st.sampled_from(" \n\u00a0")
LINES = st.builds(lambda head, pieces, gap: head + gap.join(pieces), HEADS, st.lists(PIECES, max_size=12), GAPS)


def says_something(plan: Plan) -> bool:
    if plan.problem:
        return bool(plan.problem.message) and bool(plan.problem.code)
    return plan.command is not None


@given(LINES)
def test_any_line_is_a_command_or_a_problem_in_words(line: str) -> None:
    assert says_something(planned(line))


@given(st.text())
def test_any_text_is_a_command_or_a_problem_in_words(line: str) -> None:
    assert says_something(planned(line))


@given(st.text(alphabet=st.characters(), max_size=30))
def test_even_broken_unicode_is_planned(line: str) -> None:
    for command in ("task add", "task list", "nothing", ""):
        plan = planner().plan(request(f"/{command} {line}"))
        assert says_something(plan)
        _encodable(plan)
    plan = planner().plan(request(command="task add", arguments={"title": line or "x"}))
    assert says_something(plan)
    _encodable(plan)


def _encodable(plan: Plan) -> None:
    """Fail if a database or a socket could not take the plan's words."""
    for values in plan.arguments.values():
        for value in values:
            value.encode()
            assert "\x00" not in value
