"""Records that people call by something else than their number, such as a SKU: typed, completed, told of."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pytest

from bot.application.context import Context
from bot.application.discussing import discuss
from bot.application.services import Services
from bot.grammar.arguments import Positional, Rest, reference
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.history import Told
from core.chat.reply import Reply
from core.chat.spec import SubjectInfo, Undo
from core.chat.text import Code, plain, text
from core.dates.due import Due
from core.people.model import Role
from core.ports.storage import UnitOfWork
from core.shared.names import Names
from core.undo.entries import Undoing
from core.undo.kinds import RecordKind
from core.workspaces.model import Audience
from tests.support.further_areas import FurtherArea
from tests.support.notes import NOTES
from tests.support.notes.model import Note
from tests.support.notes.service import NoteService
from tests.support.notes.storage import Notes, notes
from tests.unit.bot.stage import BACK, Stage, staged

KIND = RecordKind("jar", Note, key="title")
TOLD = Told(KIND, "jar", {"title": "Label"})


class Jars(NoteService):
    """Notes under another name."""

    called, undoing = Names("jar", "jar", "jars"), Undoing(KIND)


async def called(work: UnitOfWork, word: str, audience: Audience) -> Sequence[Note]:
    found = await work.of(NOTES).suggest(word, audience)
    return [one for one in found if one.title.casefold() == word.casefold()] or found


def made() -> Area:
    """An area whose records go by their titles."""
    info = SubjectInfo("jar", "jars", "`/jar list` shows them.", example="plum")
    jar = Area("jar", "Jars", Subject(info, NOTES, TOLD, find=called))

    @jar.service
    def jars(services: Services) -> Jars:
        return Jars(services.transactions, services.supplies.clock)

    @jar.command(role=Role.MEMBER, undo=Undo.INVERSE)
    async def add(ctx: Context, label: Rest) -> Reply:
        """Put one there.

        Args:
            label: what it says, such as `plum`

        Examples:
            /jar add plum
        """
        return Reply(text=text(f"{(await ctx.services.get(Jars).add(ctx.actor, label, pinned=False)).note.number}"))

    @jar.command(role=Role.GUEST)
    async def open_(
        ctx: Context,
        jar: Annotated[int, reference("jar")],
        until: Due | None = None,
        why: Annotated[Rest, Positional()] = "",
    ) -> Reply:
        """Open one.

        Args:
            jar: which, such as `plum`
            until: how long, such as `fri`
            why: what for, such as `breakfast`

        Examples:
            /jar open plum
        """
        return Reply(text=text(f"{jar} {until.date.isoformat() if until else ''} {why}"))

    @jar.command(role=Role.GUEST)
    async def mix(ctx: Context, jars: Annotated[tuple[int, ...], reference("jar", many=True)]) -> Reply:
        """Mix several.

        Args:
            jars: which, such as `plum, fig`

        Examples:
            /jar mix plum, fig
        """
        return Reply(text=text(f"{jars}"))

    discuss(jar, Jars, TOLD, "Too sweet")
    return jar


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, further=FurtherArea(made(), [notes], {NOTES: Notes})) as opened:
        for label in ("plum", "fig", "red plum", "7"):
            await opened.type(f"/jar add {label}")
        yield opened


async def said(stage: Stage, line: str) -> str:
    reply = await stage.type(line)
    assert reply.problem is None, reply.problem
    return plain(reply.text).strip()


async def refused(stage: Stage, line: str) -> tuple[str, str]:
    reply = await stage.type(line)
    assert reply.problem is not None
    return reply.problem.message, reply.problem.hint


async def test_a_record_is_found_by_its_key_or_its_number(stage: Stage) -> None:
    assert [await said(stage, f"/jar open {word}") for word in ("plum", "PLUM", "1", "#1", '"red plum"')] == [
        "1", "1", "1", "1", "3"
    ]  # fmt: skip


async def test_a_key_of_digits_goes_before_a_number_which_has_its_mark(stage: Stage) -> None:
    await stage.type("/jar add six"), await stage.type("/jar add seven")
    assert [await said(stage, f"/jar open {word}") for word in ("7", "#7", "6")] == ["4", "7", "6"]


async def test_several_are_told_apart_by_commas(stage: Stage) -> None:
    assert await said(stage, '/jar mix plum, 2, "red plum"') == "(1, 2, 3)"
    assert await said(stage, "/jar mix #1 #3") == "(1, 3)"


async def test_what_stands_behind_a_key_is_read_as_behind_a_number(stage: Stage) -> None:
    assert await said(stage, "/jar open plum until:1 dec 2026 for breakfast") == "1 2026-12-01 for breakfast"
    assert await said(stage, "/jar open 1 until:1 dec 2026 for breakfast") == "1 2026-12-01 for breakfast"
    assert await refused(stage, "/jar open plum until:soonish for us") == await refused(
        stage, "/jar open 1 until:soonish for us"
    )


async def test_what_nothing_is_called_is_said_as_it_was_typed(stage: Stage) -> None:
    assert await refused(stage, "/jar open quince") == ("There is no jar “quince”.", "`/jar list` shows them.")


async def test_what_several_are_called_is_asked_back(stage: Stage) -> None:
    message, hint = await refused(stage, "/jar open pl")
    assert message == "`jar`: 2 jars are called “pl”."
    assert hint == "Say which one: `red plum` or `plum`."


async def test_what_is_not_for_somebody_is_not_found_by_its_key_either(stage: Stage) -> None:
    await stage.type("/jar add honey", channel=BACK)
    assert await said(stage, "/jar open honey") == "5"
    assert (await stage.type("/jar open honey", by="ann")).problem is not None


async def test_a_key_is_completed(stage: Stage) -> None:
    async def offers(line: str) -> list[tuple[str, str]]:
        found = await stage.product.application.complete(stage.request(), line, len(line))
        return [(one.label, one.insert) for one in found]

    assert await offers("/jar open pl") == [("plum", "plum "), ("red plum", '"red plum" ')]


async def test_a_form_is_about_what_its_key_says(stage: Stage) -> None:
    request = replace(stage.request("/jar open plum"), ask=True)
    form = stage.product.application.plan(request).form
    assert form is not None
    assert form.title == "Jar: open plum"


async def test_history_and_comments_call_it_by_its_key(stage: Stage) -> None:
    assert "commented on plum" in await said(stage, "/jar comment plum Too sweet")
    history = await stage.type("/jar history plum")
    assert history.title == "What happened to plum"
    help_ = await stage.type("/qm help jar comment")
    assert help_.tables[0].rows[0].cells[2] == text("The label of the jar, such as ", Code("plum"))
