"""`/qm cache`: what is kept is seen, deleted and cleared from chat, in every process; reports are kept."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.application.clearing import CLEARED
from core.chat.reply import Reply
from core.ports.cache import Asked, Cache, Cached
from core.shared.events import Event
from tests.unit.bot.stage import Stage, staged

WORDS: Cached[str] = Cached("words", 60.0, len)
NUMBERS: Cached[str] = Cached("numbers", 60.0, len)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        await made.type("/user whoami")
        yield made


@pytest.fixture
def cache(stage: Stage) -> Cache:
    """What is kept, with two answers of this workspace and one of another."""
    kept = stage.parts.cache
    kept.keep(Asked(WORDS, 1, "a", "1", "a"), "xxx")
    kept.keep(Asked(NUMBERS, 1, "b", "1", "b"), "x")
    kept.keep(Asked(WORDS, 2, "a", "1", "secret"), "x")
    return kept


def cells(reply: Reply, table: int) -> list[tuple[object, ...]]:
    assert reply.problem is None, reply.problem
    return [row.cells for row in reply.tables[table].rows]


def figures(reply: Reply) -> dict[str, object]:
    return {field.key: field.value for field in reply.fields}


async def test_it_shows_what_is_kept_of_this_workspace_and_how_it_did(stage: Stage, cache: Cache) -> None:
    for version in ("1", "1", "1", "2"):
        cache.get(Asked(WORDS, 1, "a", version))
    reply = await stage.type("/qm cache")
    assert cells(reply, 0) == [("numbers", 1, 1, 0, 0, None), ("words", 1, 3, 3, 1, 75.0)]
    assert {row[0] for row in cells(reply, 1)} == {"words/a", "numbers/b"}
    assert figures(reply)["cache_entries"] == 3
    assert "secret" not in str(reply)
    assert [action.command for action in reply.tables[1].rows[0].actions] == [
        f"/qm cache delete:{cells(reply, 1)[0][0]}"
    ]


async def test_deleting_says_whether_it_was_there(stage: Stage, cache: Cache) -> None:
    assert "Deleted" in str(await stage.type("/qm cache delete:words/a"))
    again = await stage.type("/qm cache delete:words/a")
    assert "was not in the cache" in str(again)
    assert [answer.key for answer in cache.answers(1)] == ["numbers/b"]
    assert "was not in the cache" in str(await stage.type("/qm cache delete:words/secret"))
    assert len(cache.answers(2)) == 1


async def test_clearing_says_how_many_there_were(stage: Stage, cache: Cache) -> None:
    assert "2 answers" in str(await stage.type("/qm cache clear:yes"))
    assert "empty" in str(await stage.type("/qm cache clear:yes"))
    assert (cache.answers(1), len(cache.answers(2))) == ([], 1)
    assert cells(await stage.type("/qm cache"), 0) == []


@pytest.mark.parametrize(("what", "left"), [("", []), ("words", ["numbers/b"]), ("numbers/b", ["words/a"])])
async def test_what_another_process_deletes_is_deleted_here(
    stage: Stage, cache: Cache, what: str, left: list[str]
) -> None:
    async with stage.parts.storage.workspace(1).write() as work:
        work.events.record(Event(CLEARED, stage.clock.now(), None, 1, {"what": what}))
        await work.commit()
    assert [answer.key for answer in cache.answers(1)] == left


async def test_statistics_have_the_rate_once_something_was_asked(stage: Stage, cache: Cache) -> None:
    assert "cache_hit_rate" not in figures(await stage.type("/qm stats"))
    for version in ["1"] * 50 + ["2"] * 10:
        cache.get(Asked(WORDS, 1, "a", version))
    found = figures(await stage.type("/qm stats"))
    assert (found["cache_hits"], found["cache_misses"], found["cache_hit_rate"]) == (50, 10, 83.3)


async def test_it_is_for_those_who_look_after_the_workspace(stage: Stage) -> None:
    reply = await stage.type("/qm cache clear:yes", by="ann")
    assert reply.problem
    assert reply.problem.code == "forbidden"


@pytest.mark.parametrize("report", ["products", "sales by:month", "sales by:country", "matrix", "top-customers"])
async def test_a_report_asked_for_again_is_answered_from_the_cache(stage: Stage, report: str) -> None:
    first = await stage.type(f"/report {report}")
    misses = stage.parts.cache.figures().hits.misses
    assert misses > 0
    assert await stage.type(f"/report {report}") == first
    hits = stage.parts.cache.figures().hits
    assert (hits.hits, hits.misses) == (misses, misses)
