"""What a form begins with is there in time, whole, or not at all."""

import asyncio
from pathlib import Path

import pytest

from adapters.platforms import pressing
from core.chat.reply import Form
from core.chat.request import Request
from core.chat.spec import Plan
from tests.unit.bot.stage import Stage, staged

LINE = "/task edit 1"


async def form_of(stage: Stage, longest: int) -> Form:
    request = stage.request(LINE)
    plan = await pressing.filled(stage.product.application, request, stage.product.application.plan(request), longest)
    assert plan.form is not None
    return plan.form


async def test_a_text_that_would_be_cut_is_not_offered_to_be_changed(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.type(f"/task add Milk notes:{'x' * 40}")
        whole, cut = await form_of(stage, 40), await form_of(stage, 39)
    assert [field.value for field in whole.fields] == ["Milk", "x" * 40, "medium"]
    assert [field.value for field in cut.fields] == ["Milk", "", "medium"]
    assert (whole.clearable, cut.clearable) == (("notes",), ())


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ({"title": "Milk", "notes": "one\r\ntwo", "priority": "medium"}, {}),
        ({"title": "Milk", "notes": "one two", "priority": "medium"}, {"notes": "one two"}),
        ({"title": "Oat milk", "notes": "one\ntwo", "priority": "medium"}, {"title": "Oat milk"}),
        ({"title": "medium", "priority": "Milk"}, {"title": "medium", "priority": "Milk", "notes": "none"}),
        ({"title": "half a letter \ud83e", "notes": "one\ntwo"}, {"title": "half a letter \ud83e"}),
    ],
)
async def test_of_a_form_that_came_filled_in_only_what_was_changed_is_submitted(
    tmp_path: Path, entered: dict[str, str], kept: dict[str, str]
) -> None:
    async with staged(tmp_path) as stage:
        await stage.type("", command="task add", arguments={"title": "Milk", "notes": "one\ntwo"})
        form = await form_of(stage, 40)
    assert pressing.changed(entered, form.clearable, pressing.marks(form)) == kept


async def test_what_others_changed_meanwhile_stays(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.type("/task add Milk notes:oat")
        form = await form_of(stage, 40)
        await stage.type("/task edit 1 Buy milk priority:urgent notes:rye", by="ben")
        shown = {field.name: field.value for field in form.fields}
        sent = pressing.changed({**shown, "notes": "soy"}, form.clearable, pressing.marks(form))
        assert (await stage.type("", command="task edit", arguments={**form.fixed, **sent})).problem is None
        now = await form_of(stage, 40)
    assert [field.value for field in now.fields] == ["Buy milk", "soy", "urgent"]


async def test_what_a_command_needs_is_submitted_though_it_is_what_there_is(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.type("/task add Milk assign:@me")
        request = stage.request("/task assign 1")
        form = await stage.product.application.filled(request, stage.product.application.plan(request))
    assert form is not None
    assert [field.value for field in form.fields] == ["@owner", "set"]
    assert pressing.marks(form) == ()


async def test_a_form_does_not_wait_long_for_what_it_begins_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_self: object, _request: Request, _plan: Plan) -> Form | None:
        await asyncio.Event().wait()
        return None

    monkeypatch.setattr(pressing, "FILL_SECONDS", 0.01)
    async with staged(tmp_path) as stage:
        monkeypatch.setattr(type(stage.product.application), "filled", hang)
        request = stage.request(LINE)
        plan = stage.product.application.plan(request)
        assert await pressing.filled(stage.product.application, request, plan, 40) is plan
