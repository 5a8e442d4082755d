"""A request on its way: who may, what is done once, what is kept, and what people and the log are told of failures."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.middleware.answered import Answered
from bot.middleware.ask_zone import AskZone
from bot.middleware.audit import Audit
from bot.middleware.authorize import authorize
from bot.middleware.confirm import Confirm
from bot.middleware.deduplicate import Deduplicate
from bot.middleware.errors import Errors
from bot.middleware.identity import Identity
from bot.middleware.job_slots import JobSlots
from bot.middleware.meant import Meant
from bot.middleware.newcomers import Newcomers
from bot.middleware.outlasting import Outlasting
from bot.middleware.override import override
from bot.middleware.rate_limit import Limit, RateLimit
from bot.middleware.recorded import Recorded
from bot.middleware.resolve import Resolve
from bot.middleware.trace import Trace
from bot.middleware.transaction import Transaction
from bot.wiring.composition import Pace
from core.chat.actions import ACTION_LIFE
from core.chat.reply import Action, Placement, Reply, Style, Visibility
from core.chat.request import Platform, UserRef
from core.chat.spec import Cost
from core.chat.text import plain
from core.people.model import Role
from core.ports.storage import AuditEntry, Operation, StorageUnavailableError
from tests.unit.bot.conftest import Log
from tests.unit.bot.stage import BACK, Stage, button, staged
from tests.unit.bot.trial_area import SECRET, Trial


async def open_titles(stage: Stage) -> list[str]:
    """The titles of the open tasks, in the order of the list."""
    reply = await stage.type("/task list")
    return [str(row.cells[1]) for table in reply.tables for row in table.rows]


async def audit(stage: Stage) -> list[AuditEntry]:
    async with stage.parts.storage.workspace(1).read() as work:
        return list(await work.audit.latest(50))


async def operations(stage: Stage) -> list[Operation]:
    await stage.product.operations.step()
    async with stage.parts.storage.workspace(1).read() as work:
        return list(await work.operations.latest(50))


def code(reply: Reply) -> str:
    return reply.problem.code if reply.problem else "ok"


def test_the_middleware_stands_in_the_order_that_the_design_names(stage: Stage) -> None:
    kinds = [getattr(one, "__name__", type(one).__name__) for one in stage.product.application.middleware]
    assert kinds == [
        Trace.__name__,
        Outlasting.__name__,
        Errors.__name__,
        Resolve.__name__,
        JobSlots.__name__,
        Deduplicate.__name__,
        Identity.__name__,
        authorize.__name__,
        RateLimit.__name__,
        Newcomers.__name__,
        Answered.__name__,
        Transaction.__name__,
        Meant.__name__,
        AskZone.__name__,
        Recorded.__name__,
        Confirm.__name__,
        override.__name__,
        Audit.__name__,
    ]


# ---------------------------------------------------------------- failures


async def test_a_failure_is_told_in_neutral_words_with_a_reference_and_logged_without_what_it_said(
    stage: Stage, trial: Trial, log: Log
) -> None:
    reply = await stage.type("/trial break hush-hush")
    assert trial.ran == ["break"]
    assert reply.problem is not None
    assert reply.problem.code == "internal"
    assert reply.problem.reference
    assert reply.problem.reference in reply.problem.hint
    assert SECRET not in repr(reply)
    (entry,) = log.entries("command_failed")
    assert entry["level"] == "error"
    assert entry["kind"] == "RuntimeError"
    assert entry["reference"] == reply.problem.reference
    assert "trial_area.py" in log.text
    assert SECRET not in log.text
    assert "hush-hush" not in log.text


async def test_a_failure_leaves_nothing_behind(stage: Stage) -> None:
    await stage.type("/trial break now")
    assert await open_titles(stage) == []
    assert await audit(stage) == []


async def test_a_refusal_that_nobody_has_worded_is_still_answered(stage: Stage, log: Log) -> None:
    reply = await stage.type("/trial odd")
    assert code(reply) == "internal"
    assert SECRET not in repr(reply)
    assert SECRET not in log.text


async def test_a_database_that_is_away_is_said_so(stage: Stage, monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StorageUnavailableError("locked")

    await stage.type("/trial read")
    monkeypatch.setattr(type(stage.product.identities), "actor", away)
    reply = await stage.type("/trial read")
    assert code(reply) == "busy"
    assert reply.problem is not None
    assert "Nothing was changed" in reply.problem.hint
    assert log.entries("storage_unavailable")[0]["reason"] == "locked"


async def test_a_form_comes_back_with_what_was_wrong_beside_its_field(stage: Stage) -> None:
    reply = await stage.type("", command="task add", arguments={"title": "Buy milk", "due": "soonish"})
    assert reply.form is not None
    found = {field.name: field for field in reply.form.fields}
    assert "soonish" in found["due"].error
    assert found["title"].value == "Buy milk"
    assert found["title"].error == ""


async def test_a_missing_argument_is_answered_with_a_form(stage: Stage) -> None:
    reply = await stage.type("/task add due:fri")
    assert reply.form is not None
    assert reply.problem is not None
    assert reply.problem.field == "title"


async def test_an_unknown_command_is_answered_with_what_was_meant(stage: Stage) -> None:
    reply = await stage.type("/trial reed")
    assert code(reply) == "unknown_command"


# ---------------------------------------------------------------- who may


async def test_a_role_too_low_is_refused_and_the_reply_says_who_can_help(stage: Stage, trial: Trial) -> None:
    await stage.type("/task list", by="ann")
    reply = await stage.type("/trial wipe all confirm:yes", by="ann")
    assert code(reply) == "forbidden"
    assert reply.problem is not None
    assert "clerk" in reply.problem.message
    assert "member" in reply.problem.message
    assert "admin" in reply.problem.hint
    assert trial.ran == []


async def test_a_role_too_low_is_refused_before_a_form_is_shown(stage: Stage) -> None:
    reply = await stage.type("/trial wipe", by="ann")
    assert code(reply) == "forbidden"
    assert reply.form is None


async def test_what_cannot_be_undone_is_done_only_once_its_consequence_is_confirmed(stage: Stage, trial: Trial) -> None:
    reply = await stage.type('/trial wipe "the shop" it all')
    assert code(reply) == "confirmation_needed"
    assert reply.problem is not None
    assert reply.problem.message == "Everything is gone."
    assert reply.visibility is Visibility.PRIVATE
    assert trial.ran == []
    go_ahead = button(reply, "Yes, go ahead")
    assert (go_ahead.style, go_ahead.once) == (Style.DANGER, True)
    pressed = await stage.press(go_ahead)
    assert plain(pressed.text) == "wiped"
    assert trial.ran == ['wiped "the shop" it all']


async def test_the_hint_of_a_confirmation_can_be_typed(stage: Stage, trial: Trial) -> None:
    reply = await stage.type("/trial wipe all")
    assert reply.problem is not None
    typed = reply.problem.hint.split("`")[1]
    assert typed == "/trial wipe words:all confirm:yes"
    assert code(await stage.type(typed)) == "ok"
    assert trial.ran == ["wiped all"]


@pytest.mark.parametrize("word", ["no", "maybe", "later"])
async def test_another_word_than_yes_confirms_nothing(stage: Stage, trial: Trial, word: str) -> None:
    reply = await stage.type(f"/trial wipe all confirm:{word}")
    assert code(reply) == "confirmation_needed"
    assert code(await stage.press(button(reply, "Yes, go ahead"))) == "ok"
    assert trial.ran == ["wiped all"]


async def test_confirming_twice_does_it_once(stage: Stage, trial: Trial) -> None:
    go_ahead = button(await stage.type("/trial wipe all"), "Yes, go ahead")
    first, second = await stage.press(go_ahead), await stage.press(go_ahead)
    assert first == second
    assert await open_titles(stage) == ["wiped all"]


async def test_a_confirmation_is_pressed_with_the_right_of_whoever_presses(stage: Stage, trial: Trial) -> None:
    go_ahead = button(await stage.type("/trial wipe all"), "Yes, go ahead")
    assert code(await stage.press(go_ahead, by="ann")) == "forbidden"
    assert trial.ran == []


async def test_who_is_too_fast_is_told_how_long_to_wait(tmp_path: Path, trial: Trial) -> None:
    pace = Pace(limits={Cost.QUICK: Limit(2, 0.001), Cost.JOB: Limit(1, 0.001)})
    async with staged(tmp_path, areas=[trial.area], pace=pace) as stage:
        assert [code(await stage.type("/trial read")) for _ in range(2)] == ["ok", "ok"]
        reply = await stage.type("/trial read")
        assert code(reply) == "too_many_requests"
        assert reply.problem is not None
        assert "seconds" in reply.problem.hint
        assert code(await stage.type("/trial read", by="ann")) == "ok"
        assert code(await stage.type("/trial slow")) == "ok"
        assert code(await stage.type("/trial slow")) == "too_many_requests"


async def test_nonsense_counts_against_the_limit_too(tmp_path: Path) -> None:
    pace = Pace(limits={Cost.QUICK: Limit(1, 0.001), Cost.JOB: Limit(1, 0.001)})
    async with staged(tmp_path, pace=pace) as stage:
        assert code(await stage.type("/nonsense")) == "unknown_command"
        assert code(await stage.type("/nonsense")) == "too_many_requests"


def test_a_full_memory_of_buckets_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.middleware.rate_limit._MOST_BUCKETS", 2)
    limit = RateLimit({Cost.QUICK: Limit(1, 0.001)})
    for member in range(5):
        limit._take(member, Cost.QUICK)
    assert len(limit._buckets) <= 2


# ---------------------------------------------------------------- once


async def test_the_same_delivery_is_done_once_and_answered_alike(stage: Stage, trial: Trial) -> None:
    first = await stage.type("/trial keep milk", delivery="d1")
    second = await stage.type("/trial keep milk", delivery="d1")
    assert first == second
    assert plain(first.text) == "kept 1"
    assert await open_titles(stage) == ["milk"]
    assert len(await audit(stage)) == 1


async def test_ten_of_the_same_delivery_at_once_are_done_once_and_answered_alike(stage: Stage, trial: Trial) -> None:
    replies = await asyncio.gather(*(stage.type("/trial keep milk", delivery="d1") for _ in range(10)))
    assert all(reply == replies[0] for reply in replies)
    assert trial.ran == ["milk"]


async def test_a_repeated_delivery_after_a_restart_is_answered_from_the_record(tmp_path: Path) -> None:
    async with staged(tmp_path, areas=[Trial().area]) as before:
        first = await before.type("/trial keep milk", delivery="d1")
    async with staged(tmp_path, areas=[Trial().area]) as after:
        assert await after.type("/trial keep milk", delivery="d1") == first
        assert await open_titles(after) == ["milk"]


async def test_deliveries_without_an_id_are_each_done(stage: Stage, trial: Trial) -> None:
    await asyncio.gather(*(stage.type("/trial keep milk") for _ in range(3)))
    assert len(await open_titles(stage)) == 3


async def test_a_failed_delivery_may_be_tried_again(stage: Stage, trial: Trial) -> None:
    assert code(await stage.type("/trial break it", delivery="d1")) == "internal"
    assert code(await stage.type("/trial keep milk", delivery="d1")) == "ok"


async def test_those_who_wait_for_a_failing_first_are_told_the_same(stage: Stage, trial: Trial) -> None:
    replies = await asyncio.gather(*(stage.type("/trial break it", delivery="d1") for _ in range(3)))
    assert {code(reply) for reply in replies} == {"internal"}
    assert trial.ran == ["break"]


async def test_another_person_with_the_same_delivery_id_is_not_told_the_answer(stage: Stage, trial: Trial) -> None:
    trial.gate.clear()
    await stage.type("/task list", by="ann")
    first = asyncio.create_task(stage.type("/trial keep milk", delivery="d1"))
    await trial.arrived.wait()
    second = asyncio.create_task(stage.type("/trial wipe all confirm:yes", by="ann", delivery="d1"))
    await asyncio.sleep(0)
    trial.gate.set()
    assert code(await first) == "ok"
    assert code(await second) == "forbidden"


async def test_a_repeated_undo_is_answered_as_the_first_time(stage: Stage) -> None:
    undo = button(await stage.type("/task add Buy milk"), "Undo")
    first = await stage.press(undo)
    assert code(first) == "ok"
    assert await stage.press(undo) == first
    await stage.type("/task add Buy oats")
    typed = await stage.type("/qm undo", delivery="d1")
    assert code(typed) == "ok"
    assert await stage.type("/qm undo", delivery="d1") == typed
    assert code(await stage.type("/qm undo", delivery="d2")) == "not_found"


# ---------------------------------------------------------------- buttons


async def offered(stage: Stage, label: str, by: str = "owner") -> Action:
    return button(await stage.type("/trial offer", by=by), label)


async def test_a_button_that_works_once_answers_its_first_result_to_everybody(stage: Stage, trial: Trial) -> None:
    await stage.type("/task list", by="ann")
    once = await offered(stage, "Once")
    first = await stage.press(once, delivery="p1")
    again = await stage.press(once, delivery="p2")
    other = await stage.press(once, by="ann", delivery="p3")
    assert first == again == other
    assert trial.ran == ["once"]


async def test_what_a_button_of_a_private_channel_did_is_told_to_nobody_outside(stage: Stage, trial: Trial) -> None:
    await stage.type("/task list", by="ann", platform=Platform.SLACK)
    stage.chat.private["ann"] = frozenset({BACK.id})
    added = await stage.type("/task add Secret", by="ann", platform=Platform.SLACK, channel=BACK)
    undo = button(added, "Undo")
    undone = await stage.press(undo, by="ann", platform=Platform.SLACK, channel=BACK)
    outside = await stage.press(undo, by="ben", platform=Platform.SLACK)
    assert code(outside) == "not_found"
    assert "Secret" not in repr(outside)
    assert await stage.press(undo, by="ann", platform=Platform.SLACK) == undone


async def test_a_button_that_works_once_pressed_by_many_at_the_same_moment_works_once(
    stage: Stage, trial: Trial
) -> None:
    people = [f"person{number}" for number in range(5)]
    for name in people:
        await stage.type("/task list", by=name)
    once = await offered(stage, "Once")
    replies = await asyncio.gather(*(stage.press(once, by=name) for name in people * 2))
    assert all(reply == replies[0] for reply in replies)
    assert await open_titles(stage) == ["once"]


async def test_other_buttons_work_again_and_again(stage: Stage, trial: Trial) -> None:
    often = await offered(stage, "Often")
    await stage.press(often)
    await stage.press(often)
    assert trial.ran == ["often", "often"]


async def test_a_button_for_one_person_is_refused_to_others(stage: Stage, trial: Trial) -> None:
    mine = await offered(stage, "Mine")
    refused = await stage.press(mine, by="ann")
    assert code(refused) == "refused"
    assert refused.problem is not None
    assert refused.problem.message == "That button is for somebody else."
    assert code(await stage.press(mine)) == "ok"


async def test_a_button_is_pressed_with_the_right_of_whoever_presses(stage: Stage, trial: Trial) -> None:
    wipe = await offered(stage, "Wipe")
    assert code(await stage.press(wipe, by="ann")) == "forbidden"
    assert code(await stage.press(wipe)) == "confirmation_needed"


async def test_an_expired_button_says_so(stage: Stage, trial: Trial) -> None:
    often = await offered(stage, "Often")
    stage.clock.moment += ACTION_LIFE + timedelta(minutes=1)
    reply = await stage.press(often)
    assert code(reply) == "not_found"
    assert reply.problem is not None
    assert "too old" in reply.problem.message
    assert trial.ran == []


@pytest.mark.parametrize("action_id", ["nothing", "01ABC.0", "01ABC.99.99", "\x00", "x" * 5000, "../../etc"])
async def test_a_button_that_never_was_says_the_same(stage: Stage, action_id: str) -> None:
    reply = await stage.type("", action=action_id)
    assert code(reply) == "not_found"


async def test_a_button_of_another_workspace_is_as_good_as_unknown(stage: Stage, trial: Trial) -> None:
    often = await offered(stage, "Often")
    foreign: dict[str, Any] = {"platform": Platform.SLACK, "space": "T2", "user": UserRef("U1", "Eve", is_admin=True)}
    await stage.type("/task list", platform=Platform.SLACK, space="T1")
    await stage.type("/task list", **foreign)
    reply = await stage.press(often, **foreign)
    assert code(reply) == "not_found"
    assert trial.ran == []


async def test_a_choice_of_a_select_runs_its_own_command(stage: Stage, trial: Trial) -> None:
    pick = await offered(stage, "Pick")
    assert [choice.label for choice in pick.choices] == ["One", "Two"]
    await stage.type("", action=pick.choices[1].id)
    assert trial.ran == ["two"]


async def test_an_answer_may_take_the_place_of_its_message(stage: Stage) -> None:
    update = await stage.press(await offered(stage, "Update"))
    assert update.placement is Placement.UPDATE
    refresh = await stage.press(await offered(stage, "Refresh"))
    assert refresh.placement is Placement.MESSAGE
    assert refresh.original is not None
    assert plain(refresh.original.text) == "1 so far"


@pytest.mark.parametrize("label", ["Refresh by writing", "Refresh in vain"])
async def test_a_message_that_cannot_be_refreshed_does_not_spoil_the_command(
    stage: Stage, trial: Trial, label: str
) -> None:
    reply = await stage.press(await offered(stage, label))
    assert code(reply) == "ok"
    assert reply.original is None
    assert trial.ran == ["x"]
    assert await open_titles(stage) == ["x"]


async def test_a_button_whose_command_is_gone_is_answered_in_words(stage: Stage) -> None:
    assert code(await stage.press(await offered(stage, "Gone"))) == "unknown_command"


async def test_a_button_carries_an_opaque_id_only(stage: Stage) -> None:
    reply = await stage.type("/trial offer")
    ids = [action.id for action in reply.actions] + [choice.id for action in reply.actions for choice in action.choices]
    assert len(set(ids)) == len(ids)
    assert all(one and "/" not in one and " " not in one for one in ids)


async def test_a_pressed_button_is_resolved_before_it_runs(stage: Stage) -> None:
    often = await offered(stage, "Often")
    application = stage.product.application
    resolved = await application.resolve(stage.request(action=often.id))
    assert resolved.text == "/trial keep often"
    plan = application.plan(resolved)
    assert plan.command is not None
    assert plan.command.name == "trial keep"
    typed = stage.request("/task list")
    assert await application.resolve(typed) is typed


async def test_a_button_that_was_resolved_in_time_is_not_looked_up_again(stage: Stage, trial: Trial) -> None:
    often = await offered(stage, "Often")
    resolved = await stage.product.application.resolve(stage.request(action=often.id))
    stage.clock.moment += ACTION_LIFE + timedelta(minutes=1)
    assert (await stage.product.application.handle(resolved)).ok
    assert code(await stage.press(often)) == "not_found"


# ---------------------------------------------------------------- what is kept


async def test_where_buttons_can_not_be_pressed_none_is_kept(stage: Stage) -> None:
    reply = await stage.type("/trial offer", platform=Platform.TERMINAL)
    assert [action.command for action in reply.actions]
    assert {code(await stage.press(action)) for action in reply.actions} == {"not_found"}


async def test_a_reply_with_a_problem_commits_nothing_but_its_buttons(stage: Stage, trial: Trial) -> None:
    reply = await stage.type("/trial half")
    assert code(reply) == "refused"
    assert await open_titles(stage) == []
    assert await audit(stage) == []
    await stage.press(button(reply, "Again"))
    assert trial.ran == ["again"]


async def test_a_change_is_audited_with_who_where_and_what_but_not_what_was_typed(stage: Stage) -> None:
    await stage.type("/trial keep private-words", by="ann")
    await stage.type("/trial read", by="ann")
    (entry,) = await audit(stage)
    assert (entry.command, entry.target, entry.override) == ("trial keep", "#1", False)
    assert entry.at == stage.clock.now() - timedelta(seconds=1)
    assert "private-words" not in repr(entry)


async def test_every_run_is_in_the_operation_log_with_its_outcome(stage: Stage, log: Log) -> None:
    await stage.type("/trial read")
    await stage.type("/trial break it")
    await stage.type("/nonsense")
    found = [(entry.command, entry.error) for entry in await operations(stage)]
    assert found == [("unknown", "unknown_command"), ("trial break", "internal"), ("trial read", "")]
    lines = [(entry["command"], entry["outcome"], entry["platform"]) for entry in log.entries("command")]
    assert lines == [
        ("trial read", "ok", "web"),
        ("trial break", "internal", "web"),
        ("unknown", "unknown_command", "web"),
    ]


async def test_the_log_never_holds_what_was_typed(stage: Stage, log: Log) -> None:
    await stage.type("/trial keep my-secret-plan")
    await stage.type("/nonsense my-secret-plan")
    await stage.type("/task add my-secret-plan due:my-secret-due")
    assert "my-secret" not in log.text


async def test_the_reference_of_a_run_is_in_all_its_log_lines_and_gone_afterwards(stage: Stage, log: Log) -> None:
    reply = await stage.type("/trial break it")
    assert reply.problem is not None
    assert log.entries("command_failed")[0]["request"] == reply.problem.reference
    assert log.entries("command")[0]["reference"] == reply.problem.reference
    assert "request" not in log.entries("command")[0]


async def test_roles_take_effect_with_the_next_command(stage: Stage, trial: Trial) -> None:
    await stage.type("/task list", by="ann")
    assert code(await stage.type("/trial wipe all confirm:yes", by="ann")) == "forbidden"
    assert code(await stage.type("/user role @ann clerk")) == "ok"
    assert code(await stage.type("/trial wipe all confirm:yes", by="ann")) == "ok"
    assert (await stage.product.application.identify(stage.request(by="ann"))).role is Role.CLERK
