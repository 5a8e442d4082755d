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
