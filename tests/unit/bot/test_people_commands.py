"""`/user …` and `/qm …` as people type them, through the whole application."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.areas import AREAS
from bot.grammar.registry import Registry
from bot.identity.profiles import ASKED_AGAIN
from bot.texts import help as help_words
from bot.texts.common import on_the_clock
from core.chat.reply import Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import Code, plain
from core.shared.undo import UNDO_WINDOW
from core.workspaces.service import CODE_LIFE
from tests.unit.bot.stage import BACK, Stage, button, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)
SLACK: dict[str, Any] = {"platform": Platform.SLACK, "channel": SHOP}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        for name in ("owner", "ann", "ben"):
            await made.type("/task list", by=name)
        yield made


def said(reply: Reply) -> str:
    assert reply.problem is None, reply.problem
    return plain(reply.text)


def refused(reply: Reply) -> tuple[str, str]:
    assert reply.problem is not None, reply
    return reply.problem.code, reply.problem.message


def fields(reply: Reply) -> dict[str, object]:
    assert reply.problem is None, reply.problem
    return {field.key: plain(field.value) if isinstance(field.value, tuple) else field.value for field in reply.fields}


def rows(reply: Reply) -> list[tuple[object, ...]]:
    assert reply.problem is None, reply.problem
    return [row.cells for table in reply.tables for row in table.rows]


def code_of(reply: Reply) -> str:
    assert reply.problem is None, reply.problem
    return next(span.text for span in reply.text if isinstance(span, Code)).split()[-1]


# ---------------------------------------------------------------- who is who


async def test_people_see_who_they_are_and_who_else_is_there(stage: Stage) -> None:
    assert fields(await stage.type("/user whoami", by="ann")) == {
        "name": "Ann",
        "role": "member",
        "zone": "Europe/Berlin",
        "platforms": "Web",
    }
    assert [row[:2] for row in rows(await stage.type("/user list", by="ann"))] == [
        ("Ann", "member"),
        ("Ben", "member"),
        ("Owner", "owner"),
    ]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("/user role @Ann Lee cleark", "`role` can't be “cleark”.", "Did you mean `clerk`?"),
        ("/user role @ann-lee cleark", "`role` can't be “cleark”.", "Did you mean `clerk`?"),
        ("/user role @owner xyz", "`role` can't be “xyz”.", "It is one of `guest`"),
        ("/user role @Ann Lee", "`role` is missing.", "Try `clerk`."),
        ("/user role @ann", "`role` is missing.", "Try `clerk`."),
    ],
)
async def test_a_misspelt_role_is_named_whatever_stands_before_it(
    stage: Stage, line: str, message: str, hint: str
) -> None:
    await stage.type("/task list", user=UserRef("lee", "Ann Lee"))
    problem = (await stage.type(line)).problem
    assert problem is not None
    assert (problem.message, problem.hint[: len(hint)]) == (message, hint)


async def test_an_owner_hands_out_roles_and_takes_them_back(stage: Stage) -> None:
    reply = await stage.type("/user role @ann manager")
    assert said(reply) == "@Ann is now manager (was member)."
    assert fields(await stage.type("/user whoami", by="ann"))["role"] == "manager"
    assert said(await stage.press(button(reply, "Undo"))) == "Undone: @Ann is member again."
    assert fields(await stage.type("/user whoami", by="ann"))["role"] == "member"


async def test_the_same_role_again_changes_nothing(stage: Stage) -> None:
    reply = await stage.type("/user role @ann member")
    assert said(reply) == "@Ann already has the role member."
    assert reply.actions == ()
    assert rows(await stage.type("/qm audit")) == []


@pytest.mark.parametrize(
    ("by", "line", "code"),
    [
        ("ann", "/user role @ben clerk", "forbidden"),
        ("owner", "/user role @nobody-here clerk", "invalid_argument"),
        ("owner", "/user role none clerk", "invalid_argument"),
        ("owner", "/user role @ann king", "invalid_argument"),
        ("owner", "/user role @owner member", "refused"),
    ],
)
async def test_roles_that_cannot_be_given_are_refused(stage: Stage, by: str, line: str, code: str) -> None:
    reply = await stage.type(line, by=by)
    assert refused(reply)[0] == code
    assert reply.problem is not None
    assert reply.problem.hint


async def test_an_admin_does_not_make_owners_nor_unmake_them(stage: Stage) -> None:
    await stage.type("/user role @ann admin")
    assert refused(await stage.type("/user role @ben owner", by="ann"))[0] == "refused"
    code, message = refused(await stage.type("/user role @owner member", by="ann"))
    assert code == "refused"
    assert "above your own (admin)" in message
    assert said(await stage.type("/user role @ben admin", by="ann")) == "@Ben is now admin (was member)."


async def test_a_role_changed_since_is_not_undone(stage: Stage) -> None:
    reply = await stage.type("/user role @ann clerk")
    await stage.type("/user role @ann admin")
    code, message = refused(await stage.press(button(reply, "Undo")))
    assert code == "conflict"
    assert "admin since" in message
    assert fields(await stage.type("/user whoami", by="ann"))["role"] == "admin"


async def test_somebody_without_the_right_does_not_undo_a_role(stage: Stage) -> None:
    reply = await stage.type("/user role @ann clerk")
    assert refused(await stage.press(button(reply, "Undo"), by="ben"))[0] == "forbidden"


async def test_whoever_may_not_run_a_command_any_more_does_not_undo_it_either(stage: Stage) -> None:
    await stage.type("/user role @ann admin")
    changed = await stage.type("/user role @ben clerk", by="ann")
    await stage.type("/user role @ann member")
    assert refused(await stage.press(button(changed, "Undo"), by="ann"))[0] == "forbidden"
    assert fields(await stage.type("/user whoami", by="ben"))["role"] == "clerk"


async def test_undo_has_its_time(stage: Stage) -> None:
    reply = await stage.type("/user role @ann clerk")
    stage.clock.moment += UNDO_WINDOW
    assert refused(await stage.press(button(reply, "Undo"))) == (
        "conflict",
        "That can't be undone any more: 15 minutes have passed.",
    )
    assert refused(await stage.type("/qm undo"))[0] == "not_found"


async def test_undo_without_an_entry_takes_the_latest_change_back(stage: Stage) -> None:
    await stage.type("/user role @ann clerk")
    await stage.type("/task add Buy milk")
    assert said(await stage.type("/qm undo"))
    assert rows(await stage.type("/task list all")) == []
    assert said(await stage.type("/qm undo")) == "Undone: @Ann is member again."
    assert refused(await stage.type("/qm undo"))[0] == "not_found"


@pytest.mark.parametrize("entry", ["01NOTHING", "x" * 300, "none"])
async def test_an_undo_entry_that_never_was_is_not_found(stage: Stage, entry: str) -> None:
    assert refused(await stage.type(f"/qm undo {entry}"))[0] == "not_found"


# ---------------------------------------------------------------- a zone of one's own


def _at(stage: Stage, zone: str) -> str:
    return on_the_clock(stage.clock.moment, zone)


async def test_people_set_a_zone_of_their_own_and_take_it_back(stage: Stage) -> None:
    await stage.type("/user role @ann guest")
    assert "Europe/Berlin" in said(await stage.type("/user zone", by="ann"))
    changed = await stage.type("/user zone asia/tokyo", by="ann")
    assert said(changed) == f"Your time zone is now Asia/Tokyo (was Europe/Berlin): {_at(stage, 'Asia/Tokyo')}."
    assert fields(await stage.type("/user whoami", by="ann"))["zone"] == "Asia/Tokyo"
    assert fields(await stage.type("/user whoami", by="ben"))["zone"] == "Europe/Berlin"
    assert said(await stage.type("/user zone Asia/Tokyo", by="ann")) == "Your time zone already is Asia/Tokyo."
    back = said(await stage.press(button(changed, "Undo"), by="ann"))
    assert back == "Undone: your time zone is that of the workspace again."
    assert fields(await stage.type("/user whoami", by="ann"))["zone"] == "Europe/Berlin"


@pytest.mark.parametrize(("typed", "near"), [("Berln", "Europe/Berlin"), ("Mars", "such as")])
async def test_a_zone_that_is_none_is_refused_with_what_may_be_meant(stage: Stage, typed: str, near: str) -> None:
    reply = await stage.type(f"/user zone {typed}", by="ann")
    assert refused(reply)[0] == "refused"
    assert reply.problem is not None
    assert near in reply.problem.hint


async def test_a_zone_is_undone_by_nobody_else_and_not_once_changed_again(stage: Stage) -> None:
    first = await stage.type("/user zone Asia/Tokyo", by="ann")
    assert refused(await stage.press(button(first, "Undo")))[0] == "not_found"
    await stage.type("/user zone Asia/Seoul", by="ann")
    assert refused(await stage.press(button(first, "Undo"), by="ann")) == (
        "conflict",
        "Your time zone is Asia/Seoul by now.",
    )


async def test_what_the_platform_tells_later_leaves_a_chosen_zone_alone(stage: Stage) -> None:
    await stage.type("/user zone Asia/Tokyo", "U1", **SLACK)
    stage.chat.profiles["U1"] = UserRef("U1", "Cat", zone="America/New_York")
    stage.clock.moment += ASKED_AGAIN
    shown = fields(await stage.type("/user whoami", "U1", **SLACK))
    assert (shown["name"], shown["zone"]) == ("Cat", "Asia/Tokyo")


# ---------------------------------------------------------------- linking and joining


async def test_two_accounts_become_one_person(stage: Stage) -> None:
    await stage.type("/user role @ann clerk")
    offered = await stage.type("/user link", by="ann")
    assert "15 minutes" in said(offered)
    there = {**SLACK, "user": UserRef("U1", "Ann L.")}
    await stage.type("/task add Buy milk assign:@me", **there)
    linked = await stage.type(f"/user link {code_of(offered)} confirm:yes", **there)
    assert said(linked) == "This account is now Ann as well."
    assert fields(await stage.type("/user whoami", **there)) == {
        "name": "Ann",
        "role": "clerk",
        "zone": "Europe/Berlin",
        "platforms": "Slack, Web",
    }
    mine = rows(await stage.type("/task list assignee:@me channel:all", by="ann"))
    assert [row[1] for row in mine] == ["Buy milk"]
    assert [row[0] for row in rows(await stage.type("/user list"))] == ["Ann", "Ben", "Owner"]


@pytest.mark.parametrize("spelling", [str.lower, lambda code: f"{code[:5]}-{code[5:]}", lambda code: f" {code} "])
async def test_a_code_may_be_typed_loosely(stage: Stage, spelling: Any) -> None:
    code = code_of(await stage.type("/user link", by="ann"))
    there = {**SLACK, "user": UserRef("U1", "Ann L.")}
    assert said(await stage.type(f"/user link {spelling(code)} confirm:yes", **there))


async def test_who_types_a_code_hears_first_that_the_other_becomes_them(stage: Stage) -> None:
    await stage.type("/task list", "U1", **SLACK)
    code = code_of(await stage.type("/user link", "U1", **SLACK))
    asked = await stage.type(f"/user link {code}")
    assert refused(asked)[0] == "confirmation_needed"
    assert "the higher role of the two" in refused(asked)[1]
    assert fields(await stage.type("/user whoami", "U1", **SLACK))["role"] == "member"
    assert said(await stage.press(button(asked, "Yes, go ahead")))
    assert fields(await stage.type("/user whoami", "U1", **SLACK))["role"] == "owner"


async def test_ones_own_code_is_refused_and_still_works_elsewhere(stage: Stage) -> None:
    code = code_of(await stage.type("/user link", by="ann"))
    assert refused(await stage.type(f"/user link {code} confirm:yes", by="ann")) == (
        "refused",
        "That code is your own.",
    )
    assert said(await stage.type(f"/user link {code} confirm:yes", **SLACK, user=UserRef("U1", "Ann L.")))


async def test_a_code_works_once_and_not_for_long(stage: Stage) -> None:
    first, second = [code_of(await stage.type("/user link", by="ann")) for _ in range(2)]
    there = {**SLACK, "user": UserRef("U1", "Ann L.")}
    assert said(await stage.type(f"/user link {first} confirm:yes", **there))
    assert refused(await stage.type(f"/user link {first} confirm:yes", by="ben"))[0] == "not_found"
    stage.clock.moment += CODE_LIFE
    assert refused(await stage.type(f"/user link {second} confirm:yes", by="ben"))[0] == "not_found"
    assert refused(await stage.type("/user link NONSENSE confirm:yes", by="ben"))[0] == "not_found"


async def test_a_code_that_does_not_work_is_refused_before_anybody_is_asked(stage: Stage) -> None:
    code, own = code_of(await stage.type("/user link", by="ann")), code_of(await stage.type("/user link", by="ben"))
    there = {**SLACK, "user": UserRef("U1", "Ann L.")}
    assert said(await stage.type(f"/user link {code} confirm:yes", **there))
    for typed, reason in ((code, "not_found"), ("NONSENSE", "not_found"), (own, "refused")):
        reply = await stage.type(f"/user link {typed}", by="ben")
        assert refused(reply)[0] == reason, typed
        assert reply.actions == ()


async def test_only_what_can_be_typed_is_advised(stage: Stage) -> None:
    code = code_of(await stage.type("/user link", by="ann"))
    request = stage.request(by="ben")
    for arguments, advice in (
        ({"code": code}, "press “Yes, go ahead”"),
        ({}, f"`/user link code:{code} confirm:yes`"),
    ):
        typed = "" if arguments else f"/user link {code}"
        asked = replace(request, text=typed, command="user link" if arguments else "", arguments=arguments)
        problem = (await stage.product.application.handle(asked)).problem
        assert problem
        assert problem.code == "confirmation_needed"
        assert advice in problem.hint


async def test_a_repeated_link_is_answered_as_the_first_time(stage: Stage) -> None:
    code = code_of(await stage.type("/user link", by="ann"))
    there = {**SLACK, "user": UserRef("U1", "Ann L.")}
    first = await stage.type(f"/user link {code} confirm:yes", delivery="d1", **there)
    assert said(first)
    assert await stage.type(f"/user link {code} confirm:yes", delivery="d1", **there) == first


async def test_a_code_of_one_purpose_does_not_serve_another(stage: Stage) -> None:
    link, connect = code_of(await stage.type("/user link")), code_of(await stage.type("/qm connect"))
    assert refused(await stage.type(f"/qm connect {link}"))[0] == "not_found"
    assert refused(await stage.type(f"/user link {connect} confirm:yes", by="ann"))[0] == "not_found"


async def test_a_link_across_workspaces_is_refused_and_leaves_the_code(stage: Stage) -> None:
    await stage.type("/task list", "U1", **SLACK)
    code = code_of(await stage.type("/user link", by="ann"))
    stranger = await stage.type(f"/user link {code} confirm:yes", "U7", **{**SLACK, "space": "T2"})
    assert refused(stranger)[0] == "refused"
    assert said(await stage.type(f"/user link {code} confirm:yes", "U1", **SLACK))


async def test_a_space_with_data_of_its_own_does_not_join(stage: Stage) -> None:
    await stage.type("/task list", "U1", **SLACK)
    stage.chat.profiles["U7"] = UserRef("U7", "Bea", is_admin=True)
    there = {**SLACK, "space": "T2"}
    await stage.type("/task add Of our own", "U7", **there)
    code = code_of(await stage.type("/qm connect"))
    assert refused(await stage.type(f"/qm connect {code}", "U7", **there))[0] == "refused"
    assert refused(await stage.type(f"/qm connect {code}")) == (
        "refused",
        "This space already belongs to that workspace.",
    )
    stage.chat.profiles["U8"] = UserRef("U8", "Cem", is_admin=True)
    assert said(await stage.type(f"/qm connect {code}", "U8", **{**SLACK, "space": "T3"}))
    assert refused(await stage.type(f"/qm connect {code}", "U8", **{**SLACK, "space": "T4"}))[0] == "not_found"


async def test_only_an_admin_joins_spaces(stage: Stage) -> None:
    assert refused(await stage.type("/qm connect", by="ann"))[0] == "forbidden"


# ---------------------------------------------------------------- settings and records


async def test_settings_are_shown_and_changed(stage: Stage) -> None:
    assert fields(await stage.type("/qm settings"))["zone"] == "Europe/Berlin"
    changed = await stage.type("/qm settings zone:america/new_york currency:usd")
    assert fields(changed) == {"workspace": "default", "zone": "America/New_York", "currency": "USD", "locale": "en"}
    assert fields(await stage.type("/user whoami", by="ann"))["zone"] == "America/New_York"
    assert rows(await stage.type("/qm audit"))[0][2:4] == ("/qm settings", "settings")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("/qm settings zone:Berlin", "zone"),
        ("/qm settings zone:../../etc", "zone"),
        ("/qm settings currency:euro", "currency"),
        ("/qm settings currency:XYZ", "currency"),
        ("/qm settings currency:12\u0663", "currency"),
        ("/qm settings zone:Europe/Berlin currency:EURO", "currency"),
    ],
)
async def test_settings_that_do_not_exist_are_refused(stage: Stage, line: str, field: str) -> None:
    reply = await stage.type(line)
    assert refused(reply)[0] == "refused"
    assert reply.problem is not None
    assert reply.problem.field == field
    assert fields(await stage.type("/qm settings"))["currency"] == "EUR"


async def test_what_only_its_author_was_told_is_taken_back_for_them_alone(stage: Stage) -> None:
    await stage.type("/qm settings currency:usd")
    assert (await stage.type("/qm undo")).visibility is Visibility.PRIVATE
    await stage.type("/task add Buy milk")
    assert (await stage.type("/qm undo")).visibility is Visibility.CHANNEL


async def test_settings_are_taken_back_unless_they_were_changed_since(stage: Stage) -> None:
    await stage.type("/task add Buy milk")
    assert "already" in said(await stage.type("/qm settings currency:eur"))
    changed = await stage.type("/qm settings currency:usd")
    assert fields(await stage.type("/qm undo"))["currency"] == "EUR"
    assert refused(await stage.press(button(changed, "Undo")))[0] == "conflict"
    assert rows(await stage.type("/qm audit"))[0][2:4] == ("/qm undo", "/qm settings")
    assert rows(await stage.type("/qm audit"))[0][6:] == ("Currency", "USD", "EUR")

    first = await stage.type("/qm settings currency:usd")
    await stage.type("/qm settings zone:UTC")
    assert fields(await stage.press(button(first, "Undo"))) == {
        "workspace": "default",
        "zone": "UTC",
        "currency": "EUR",
        "locale": "en",
    }
    second = await stage.type("/qm settings currency:usd")
    await stage.type("/qm settings currency:gbp")
    assert "changed since" in refused(await stage.press(button(second, "Undo")))[1]
    assert refused(await stage.press(button(second, "Undo"), by="ann"))[0] == "forbidden"


async def test_who_would_be_forgotten_is_named_and_oneself_is_refused_before_the_question(stage: Stage) -> None:
    asked = await stage.type("/user forget ann")
    assert refused(asked)[0] == "confirmation_needed"
    assert refused(asked)[1].startswith("Ann: their name, e-mail address")
    myself = await stage.type("/user forget owner")
    assert refused(myself) == ("refused", "You can't remove yourself.")
    assert myself.actions == ()


async def test_help_speaks_of_mentions_only_where_there_are_some(stage: Stage) -> None:
    assert "mention me" in said(await stage.type("/qm help", "U1", **SLACK))
    catalogue = Registry.of(AREAS).catalogue
    known = [(area, catalogue.of(area.name)) for area in catalogue.areas]
    assert "mention me" not in said(help_words.general(known, "", can_mention=False))


async def test_the_list_of_people_calls_a_zone_what_a_single_person_shows(stage: Stage) -> None:
    shown = fields(await stage.type("/user show @ann"))["zone"]
    assert {row[3] for row in rows(await stage.type("/user list"))} == {shown}


async def test_an_undo_takes_nothing_older_back_in_place_of_what_has_no_way_back(stage: Stage) -> None:
    await stage.type("/task add Buy milk")
    stage.clock.moment += timedelta(seconds=1)
    await stage.type("/user forget @ann confirm:yes")
    answer = await stage.type("/qm undo")
    assert refused(answer)[1] == "`/user forget`, which you did last, can't be taken back."
    assert answer.problem is not None
    assert answer.problem.hint.endswith("takes back what you did before: `/task add`.")
    line = answer.problem.hint.split("`")[1].strip("`")
    assert said(await stage.type(line)).startswith("Owner undid /task add.")


async def test_the_operation_log_shows_runs_and_can_be_narrowed_to_failures(stage: Stage) -> None:
    await stage.type("/task show 99")
    await stage.product.operations.step()
    found = rows(await stage.type("/qm log"))
    assert found[0][3:6] == ("/task show", "Owner", "not_found")
    assert {row[3] for row in found} >= {"/task show", "/task list"}
    assert [row[3] for row in rows(await stage.type("/qm log failed:yes"))] == ["/task show"]
    assert [row[3] for row in rows(await stage.type("/qm log failed"))] == ["/task show"]


async def test_the_audit_trail_says_who_changed_what(stage: Stage) -> None:
    await stage.type("/task add Buy milk", by="ann")
    await stage.type("/task done 1", by="ben")
    assert [row[1:5] for row in rows(await stage.type("/qm audit"))] == [
        ("Ben", "/task done", "#1", "#general"),
        ("Ann", "/task add", "#1", "#general"),
    ]


async def test_the_audit_trail_names_what_a_command_changed_of_things(stage: Stage) -> None:
    await stage.type("/task add Buy milk", by="ann")
    await stage.type("/task add Call Cem", by="ann")
    await stage.type("/task edit 1 Buy oat milk priority:high", by="ben")
    await stage.type("/task done 1 2", by="ben")
    await stage.type("/user role @ann clerk")
    assert [(row[2], row[6]) for row in rows(await stage.type("/qm audit"))] == [
        ("/user role", "Role"),
        ("/task done", "Status"),
        ("/task edit", "Title, Priority"),
        ("/task add", ""),
        ("/task add", ""),
    ]


async def test_the_audit_trail_calls_a_command_what_was_typed_and_tells_of_what_was_taken_back(stage: Stage) -> None:
    await stage.type("/task add Water plants due:2026-12-04 repeat:weekly")
    await stage.type("/task repeat 1 none")
    await stage.type("/qm undo")
    await stage.type("/user role @ann clerk")
    await stage.type("/qm undo")
    await stage.type("/task comment 1 The fern too")
    await stage.type("/qm undo")
    repeats = "every Friday"
    assert [(row[2], row[3], *row[6:]) for row in rows(await stage.type("/qm audit"))] == [
        ("/qm undo", "/task comment #1", "", "", ""),
        ("/task comment", "#1", "", "", ""),
        ("/qm undo", "/user role Ann", "Role", "clerk", "member"),
        ("/user role", "Ann", "Role", "member", "clerk"),
        ("/qm undo", "/task repeat #1", "Repeats", "–", repeats),
        ("/task repeat", "#1", "Repeats", repeats, "–"),
        ("/task add", "#1", "", "", ""),
    ]


async def test_the_audit_trail_says_what_was_there_before_and_after_of_what_its_reader_may_see(stage: Stage) -> None:
    await stage.type("/task add Buy milk", by="ann")
    await stage.type("/task edit 1 Buy oat milk", by="ben")
    await stage.type("/task edit 1 Buy rice milk priority:high", by="ben")
    shown = await stage.type("/qm audit")
    assert plain(shown.text) == ""
    assert [row[7:] for row in rows(shown)] == [
        ("#1 Title: Buy oat milk; #1 Priority: medium", "#1 Title: Buy rice milk; #1 Priority: high"),
        ("Buy milk", "Buy oat milk"),
        ("", ""),
    ]
    await stage.type("/task add The safe", by="ann", channel=BACK)
    await stage.type("/task edit 2 The other safe", by="ann", channel=BACK)
    await stage.type("/task remove 1", by="ben")
    shown = await stage.type("/qm audit")
    assert plain(shown.text) == "What is removed, or not for you, shows without its values."
    assert "safe" not in repr(shown)
    assert [row[6:] for row in rows(shown)] == [
        ("Removed", "", ""),
        ("Title", "", ""),
        ("", "", ""),
        ("Title, Priority", "", ""),
        ("Title", "", ""),
        ("", "", ""),
    ]


async def test_the_audit_trail_tells_of_people_and_settings_as_it_does_of_tasks(stage: Stage) -> None:
    await stage.type("/user role @ann clerk")
    await stage.type("/user zone Asia/Tokyo", by="ann")
    await stage.type("/user update ann@example.org", by="ann")
    await stage.type("/qm settings zone:UTC currency:USD")
    offered = await stage.type("/user link", by="ann")
    await stage.type(f"/user link {code_of(offered)} confirm:yes", by="ben")
    shown = await stage.type("/qm audit")
    assert plain(shown.text) == ""
    assert [(row[2], row[3], *row[6:]) for row in rows(shown) if row[3]] == [
        ("/user link", "Ann", "Joined by", "–", "Ben"),
        ("/qm settings", "settings", "Time zone, Currency", *_both("Europe/Berlin", "EUR", "UTC", "USD")),
        ("/user update", "Ann", "E-mail address", "–", "ann@example.org"),
        ("/user zone", "Ann", "Time zone", "–", "Asia/Tokyo"),
        ("/user role", "Ann", "Role", "member", "clerk"),
    ]
    await stage.type("/user forget @ann confirm:yes")
    assert rows(await stage.type("/qm audit"))[0][3] == "somebody"
    assert rows(await stage.type("/qm audit"))[0][6:] == ("Forgotten", "–", "yes")
    assert "ann@example.org" not in repr(await stage.type("/qm audit"))


def _both(*values: str) -> tuple[str, str]:
    before, after = values[:2], values[2:]
    return tuple(f"Time zone: {zone}; Currency: {currency}" for zone, currency in (before, after))  # type: ignore[return-value]


@pytest.mark.parametrize("line", ["/qm log", "/qm audit"])
async def test_records_that_are_empty_say_so(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    async with staged(folder) as stage:
        assert "yet" in said(await stage.type(line))


@pytest.mark.parametrize("line", ["/qm log", "/qm audit", "/qm stats", "/qm settings", "/qm connect"])
async def test_the_upkeep_is_for_admins(stage: Stage, line: str) -> None:
    assert refused(await stage.type(line, by="ann"))[0] == "forbidden"


async def test_anybody_sees_that_the_service_runs(stage: Stage) -> None:
    found = fields(await stage.type("/qm status", by="ann"))
    assert (found["people"], found["channels"]) == (3, 1)
    assert "Europe/Berlin" in str(found["time"])
    assert "Version" in said(await stage.type("/qm about", by="ann"))


# ---------------------------------------------------------------- help


async def test_help_lists_the_areas(stage: Stage) -> None:
    for line in ("/qm help", "help", "", "/qm"):
        reply = await stage.type(line)
        assert [row[0] for row in rows(reply)] == [f"/{area.name}" for area in AREAS]
        assert "mention me instead: @quartermaster task add." in plain(reply.text).replace("`", "")


async def test_help_shows_only_what_the_asker_may_run(stage: Stage) -> None:
    owners = {str(row[0]).split()[1] for row in rows(await stage.type("/qm help qm"))}
    members = {str(row[0]).split()[1] for row in rows(await stage.type("/qm help qm", by="ann"))}
    assert {"log", "audit", "connect"} <= owners
    assert not {"log", "audit", "connect"} & members
    assert refused(await stage.type("/qm help qm log", by="ann"))[0] == "unknown_command"


@pytest.mark.parametrize("line", ["/qm help task add", "/task help add", "help /task add", "/qm help TASK ADD"])
async def test_help_explains_a_command_with_examples(stage: Stage, line: str) -> None:
    reply = await stage.type(line)
    words = said(reply)
    assert "/task add Buy milk due:tomorrow assign:@me" in words
    assert "everybody in the channel sees the answer" in words
    assert "It can be undone for 15 minutes." in words
    assert [row[:2] for row in rows(reply)][:2] == [("title", "yes"), ("due", "no")]


@pytest.mark.parametrize("line", ["/qm help nothing", "/qm help task nothing", "help me please"])
async def test_help_for_what_does_not_exist_says_so(stage: Stage, line: str) -> None:
    assert refused(await stage.type(line))[0] == "unknown_command"


async def test_help_names_commands_with_their_prefix(tmp_path: Path) -> None:
    folder = tmp_path / "prefixed"
    folder.mkdir()
    async with staged(folder, prefix="shop-") as stage:
        listed = [row[0] for row in rows(await stage.type("/shop-qm help"))]
        assert listed == [f"/shop-{area.name}" for area in AREAS]
        assert "/shop-task done task" in str(rows(await stage.type("/shop-qm help task")))
        assert "Usage: /shop-task done task" in said(await stage.type("/shop-qm help shop-task done"))


async def test_the_time_of_a_change_is_told_in_the_askers_zone(stage: Stage) -> None:
    stage.clock.moment += timedelta(minutes=1)
    await stage.type("/task add Buy milk")
    (entry,) = rows(await stage.type("/qm audit"))
    assert str(entry[0]).endswith("+01:00")


# ---------------------------------------------------------------- e-mail addresses, and people who go


async def test_an_e_mail_address_is_set_shown_and_taken_back(stage: Stage) -> None:
    assert said(await stage.type("/user update", by="ann")).startswith("You have no e-mail address here.")
    first = await stage.type("/user update ann@Example.org", by="ann")
    assert said(first) == "Your e-mail address is ann@example.org."
    assert said(await stage.type("/user update ann@example.org", by="ann")).endswith("already.")
    second = await stage.type("/user update email:ann@shop.example", by="ann")
    assert said(second) == "Your e-mail address is ann@shop.example (was ann@example.org)."
    assert fields(await stage.type("/user whoami", by="ann"))["email"] == "ann@shop.example"
    assert refused(await stage.press(button(first, "Undo"), by="ann"))[0] == "conflict"
    assert said(await stage.press(button(second, "Undo"), by="ann")).endswith("ann@example.org again.")
    assert said(await stage.type("/user update none", by="ann")).startswith("You have no e-mail address here")
    assert "email" not in fields(await stage.type("/user whoami", by="ann"))


@pytest.mark.parametrize("typed", ["ann", "ann@localhost", "<ann@example.org", "a@b@c.org"])
async def test_what_is_no_e_mail_address_is_refused(stage: Stage, typed: str) -> None:
    reply = await stage.type(f"/user update {typed}", by="ann")
    assert refused(reply)[0] == "refused"
    assert typed in refused(reply)[1]


async def test_an_e_mail_address_is_shown_to_admins_and_its_person_alone(stage: Stage) -> None:
    await stage.type("/user update ann@example.org", by="ann")
    assert fields(await stage.type("/user show @ann"))["email"] == "ann@example.org"
    assert fields(await stage.type("/user show @ann", by="ann"))["email"] == "ann@example.org"
    seen = fields(await stage.type("/user show @ann", by="ben"))
    assert (seen["name"], seen["role"]) == ("Ann", "member")
    assert "email" not in seen
    assert "ann@example.org" not in repr(await stage.type("/user list", by="ben"))


async def test_nobody_takes_back_the_e_mail_address_of_somebody_else(stage: Stage) -> None:
    reply = await stage.type("/user update ann@example.org", by="ann")
    assert refused(await stage.press(button(reply, "Undo")))[0] in ("forbidden", "not_found")


async def test_nobody_is_asked_whether_to_forget_somebody_who_is_not_there(stage: Stage) -> None:
    for name in ("@nobdy", "@nobody"):
        reply = await stage.type(f"/user forget {name}")
        assert refused(reply)[0] == "invalid_argument"
        assert not reply.actions


async def test_somebody_who_is_forgotten_is_gone_and_what_they_made_stays(stage: Stage) -> None:
    await stage.type("/user update ann@example.org", by="ann")
    await stage.type("/task add Buy milk assign:@ann", by="ann")
    assert refused(await stage.type("/user forget @ann"))[0] == "confirmation_needed"
    assert fields(await stage.type("/user show @ann"))["name"] == "Ann", "it is asked for first"
    told = said(await stage.type("/user forget @ann confirm:yes"))
    assert told == "That person is gone, with all that was known of them."
    assert [row[0] for row in rows(await stage.type("/user list"))] == ["Ben", "Owner"]
    assert refused(await stage.type("/user show @ann"))[0] == "invalid_argument"
    shown = repr(await stage.type("/task show 1"))
    assert "Buy milk" in shown
    assert "Ann" not in shown


async def test_whoever_was_forgotten_and_comes_back_is_somebody_new(stage: Stage) -> None:
    await stage.type("/user role @ann admin")
    await stage.type("/user forget @ann confirm:yes")
    assert fields(await stage.type("/user whoami", by="ann"))["role"] == "member"


@pytest.mark.parametrize(
    ("by", "line", "code"),
    [
        ("ann", "/user forget @ben confirm:yes", "forbidden"),
        ("owner", "/user forget @owner confirm:yes", "refused"),
        ("owner", "/user forget none confirm:yes", "invalid_argument"),
        ("owner", "/user show none", "invalid_argument"),
    ],
)
async def test_people_who_cannot_be_removed_stay(stage: Stage, by: str, line: str, code: str) -> None:
    assert refused(await stage.type(line, by=by))[0] == code
    assert len(rows(await stage.type("/user list"))) == 3


def _kept(folder: Path) -> str:
    """Return all that was answered, told and posted, as it is stored."""
    (file,) = folder.glob("*.db")
    database = sqlite3.connect(file)
    try:
        kept = ("deliveries", "reply"), ("outbox", "post"), ("messages", "reply"), ("actions", "actions")
        texts = [
            text for table, column in kept for (text,) in database.execute(f"SELECT {column} FROM {table}") if text
        ]
    finally:
        database.close()
    return "\n".join(texts)


async def test_no_answer_that_is_kept_tells_of_who_was_forgotten(stage: Stage, tmp_path: Path) -> None:
    zed = UserRef("zed", "Zed Bobzilla")
    lines = [
        "/user whoami",
        "/task add Buy milk assign:@me",
        "/task add Water the plants due:today",
        "/task done 1",
        "/task assign 2 @zed, @ann",
        "/task comment 2 I am on it",
        "/task show 2",
        "/task list assign:@zed",
        "/task edit 2 Water all plants",
        "/user update zed@example.org",
        "/task reopen 1",
        "/task frobnicate",
    ]
    for place, line in enumerate(lines):
        await stage.type(line, user=zed, delivery=f"zed {place}")
    for place, line in enumerate(
        ["/task assign 1 @zed-bobzilla", "/task assign 1 @zed mode:remove", "/user role @zed clerk", "/task list"]
    ):
        await stage.type(line, by="ann" if "task" in line else "owner", delivery=f"others {place}")
    stage.clock.moment += timedelta(days=1)
    while await stage.product.jobs.reminders.step():
        pass
    assert _kept(tmp_path).count("Zed Bobzilla") > 10
    await stage.type("/user forget @zed confirm:yes", delivery="the last")
    kept = _kept(tmp_path)
    assert "somebody added " in kept
    assert "somebody gave you " in kept
    assert "zed" not in kept.casefold()


async def test_somebody_is_forgotten_by_the_name_they_had_until_the_platform_told_theirs(
    stage: Stage, tmp_path: Path
) -> None:
    zed = UserRef("U9", "zed.qold")
    await stage.type("/task add Buy milk assign:@me", user=zed, delivery="first", **SLACK)
    stage.chat.profiles["U9"] = UserRef("U9", "Zed Qnew")
    stage.clock.moment += timedelta(hours=2)
    await stage.type("/task add Buy bread assign:@me", user=zed, delivery="second", **SLACK)
    assert all(name in _kept(tmp_path) for name in ("zed.qold", "Zed Qnew"))
    await stage.type("/user forget @zed-qnew confirm:yes", by="owner")
    assert [name for name in ("zed.qold", "Zed Qnew") if name in _kept(tmp_path)] == []
    (file,) = tmp_path.glob("*.db")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM changes WHERE before LIKE '%qold%'").fetchone() == (0,)


async def test_forgetting_somebody_lets_others_undo_what_they_did(stage: Stage) -> None:
    await stage.type("/task add Buy milk", by="ben")
    await stage.type("/user forget @ann confirm:yes")
    assert said(await stage.type("/qm undo", by="ben")).startswith("Ben undid /task add.")


async def test_an_undo_brings_nobody_back_who_was_forgotten(stage: Stage) -> None:
    await stage.type("/task add Buy milk assign:@ann,@ben", by="ben")
    await stage.type("/task assign 1 @owner mode:set", by="ben")
    await stage.type("/user forget @ann confirm:yes")
    await stage.type("/qm undo", by="ben")
    assert fields(await stage.type("/task show 1"))["assignees"] == "Ben"


async def test_an_admin_does_not_remove_an_owner(stage: Stage) -> None:
    await stage.type("/user role @ann admin")
    assert refused(await stage.type("/user forget @owner confirm:yes", by="ann"))[0] == "refused"


async def test_who_was_forgotten_is_somebody_in_what_happened(stage: Stage) -> None:
    await stage.type("/task add Buy milk assign:@ben", by="ben")
    await stage.type("/task assign 1 @ben mode:remove", by="ben")
    await stage.type("/user forget @ben confirm:yes", by="owner")
    assert [row[1:] for row in rows(await stage.type("/task history 1", by="ann"))] == [
        ("somebody", "/task assign", "For", "somebody", ""),
        ("somebody", "/task add", "New task", "", ""),
    ]
