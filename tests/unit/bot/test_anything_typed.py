"""Whatever is typed or sent as a form is answered: with a result or a clear sentence, never with a fault of ours."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.areas import AREAS
from bot.grammar.registry import Registry
from core.chat.reply import Reply
from core.chat.spec import CommandInfo
from tests.unit.bot.stage import Stage, staged

COMMANDS = list(Registry.of(AREAS).catalogue.commands)
WORDS = st.sampled_from(
    [
        *(
            "1",
            "#1",
            "1,2",
            "99",
            "0",
            "-1",
            "2147483648",
            "99999999999999999999",
            "@me",
            "@ann",
            "<@U1>",
            "none",
            "all",
        ),
        *("fri", "tomorrow", "25:00", "2026-02-30", "in", "2h", "due:", "due:fri", "notes:x", "assign:@me", "page:x"),
        *(
            "status:done",
            "priority:high",
            "channel:all",
            "channel:#x",
            "mode:set",
            "confirm:yes",
            "--x",
            "\u2014",
            '"',
            "'",
        ),
        *(
            "\u0000",
            "\ud800",
            "\u202e",
            "\ufeff",
            "\U0001f468\u200d\U0001f469",
            "\u0661",
            "a" * 600,
            "`",
            "``",
            "<b>",
            "*",
        ),
    ]
)
PIECES = st.one_of(WORDS, st.text(alphabet=st.characters(), max_size=12))
TEXTS = st.one_of(st.lists(PIECES, max_size=5).map(" ".join), st.text(alphabet=st.characters(), max_size=20))


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line that mostly begins with a command that exists."""
    head = draw(st.sampled_from([f"/{info.name}" for info in COMMANDS] + ["/task", "/qm", "", "/x y"]))
    return f"{head} {draw(TEXTS)}"


@st.composite
def forms(draw: st.DrawFn) -> tuple[CommandInfo, Mapping[str, str]]:
    """A command with texts for some of its arguments, as forms and HTTP send them."""
    info = draw(st.sampled_from(COMMANDS))
    return info, {argument.name: draw(TEXTS) for argument in info.arguments if draw(st.booleans())}


def drawn(strategy: st.SearchStrategy[object], count: int) -> list[object]:
    """Some examples, drawn outside the event loop that will run them."""
    found: list[object] = []

    @settings(max_examples=count, suppress_health_check=list(HealthCheck), database=None)
    @given(strategy)
    def collect(example: object) -> None:
        found.append(example)

    collect()
    return found


def judge(reply: Reply, asked: object) -> None:
    if reply.problem is not None:
        assert reply.problem.code not in ("internal", "busy"), (asked, reply.problem)
        assert reply.problem.message.strip(), asked
        assert len(reply.problem.message) < 500, asked


@pytest.mark.parametrize("strategy", [lines(), forms()], ids=["lines", "forms"])
async def test_whatever_is_asked_is_answered(tmp_path: Path, strategy: st.SearchStrategy[object]) -> None:
    async with staged(tmp_path) as stage:
        await stage.type("/task add First")
        for asked in drawn(strategy, 150):
            judge(await _answer(stage, asked), asked)


async def _answer(stage: Stage, asked: object) -> Reply:
    application = stage.product.application
    if isinstance(asked, str):
        return await application.handle(stage.request(asked))
    assert isinstance(asked, tuple)
    info, arguments = asked
    return await application.handle(stage.request(command=info.name, arguments=arguments))
