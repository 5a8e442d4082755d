"""A cache in memory: bounded, what was not asked for longest goes first, and what is too old is no answer."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cache.memory import MemoryCache
from core.ports.cache import Asked, Cached, Hits, remembered
from tests.support.clock import HeldClock

WORDS: Cached[str] = Cached("words", 60.0, len)
NAMES: Cached[str] = Cached("names", 60.0, len)


def asked(question: str, version: str = "1", *, workspace: int = 1, kind: Cached[str] = WORDS) -> Asked[str]:
    return Asked(kind, workspace, question, version, question)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def cache(clock: HeldClock) -> MemoryCache:
    return MemoryCache(clock, rows=10)


def kept(cache: MemoryCache, workspace: int = 1) -> set[str]:
    return {answer.key for answer in cache.answers(workspace)}


def test_what_was_kept_is_answered_to_the_same_question(cache: MemoryCache) -> None:
    cache.keep(asked("a"), "one")
    assert cache.get(asked("a")) == "one"
    assert cache.get(asked("b")) is None
    assert cache.get(asked("a", kind=NAMES)) is None
    assert cache.get(asked("a", workspace=2)) is None


def test_an_answer_of_another_version_is_none(cache: MemoryCache) -> None:
    cache.keep(asked("a", "1"), "old")
    assert cache.get(asked("a", "2")) is None
    cache.keep(asked("a", "2"), "new")
    assert (cache.get(asked("a", "1")), cache.get(asked("a", "2"))) == (None, "new")
    assert cache.figures().entries == 1


def test_an_answer_whose_time_is_over_is_none(cache: MemoryCache, clock: HeldClock) -> None:
    cache.keep(asked("a"), "one")
    clock.forward(seconds=59)
    assert cache.get(asked("a")) == "one"
    clock.forward(seconds=1)
    assert cache.get(asked("a")) is None
    assert (cache.figures().entries, cache.figures().rows, kept(cache)) == (0, 0, set())
    assert not cache.delete(1, "words/a")


def test_what_was_not_asked_for_longest_goes_first(cache: MemoryCache) -> None:
    for question in "abc":
        cache.keep(asked(question), "xx")
    assert cache.get(asked("a")) == "xx"
    # Whoever lists them asks for none of them.
    assert kept(cache) == {"words/a", "words/b", "words/c"}
    cache.keep(asked("d"), "xx")
    assert kept(cache) == {"words/a", "words/c", "words/d"}


def test_an_answer_too_large_for_all_is_not_kept_and_neither_is_the_one_before(cache: MemoryCache) -> None:
    cache.keep(asked("a"), "x" * 9)
    cache.keep(asked("a"), "x" * 10)
    assert kept(cache) == set()


def test_deleting_tells_whether_it_was_there(cache: MemoryCache) -> None:
    cache.keep(asked("a"), "1")
    cache.keep(asked("b"), "1")
    cache.keep(asked("a", kind=NAMES), "1")
    assert cache.delete(1, "words/a")
    assert not cache.delete(1, "words/a")
    assert not cache.delete(2, "names/a")
    assert cache.delete(1, "words")
    assert kept(cache) == {"names/a"}


def test_clearing_leaves_what_is_of_others(cache: MemoryCache) -> None:
    cache.keep(asked("a"), "1")
    cache.keep(asked("b"), "1")
    cache.keep(asked("a", workspace=2), "1")
    assert cache.clear(1) == 2
    assert cache.clear(1) == 0
    assert kept(cache, 2) == {"words/a"}


def test_fifty_hits_and_ten_misses_are_a_rate_of_five_sixths(cache: MemoryCache) -> None:
    cache.keep(asked("a"), "1")
    for _ in range(50):
        cache.get(asked("a"))
    for _ in range(10):
        cache.get(asked("b", workspace=2))
    assert cache.figures().hits == Hits(50, 10)
    assert round((cache.figures().hits.rate or 0) * 100, 1) == 83.3
    assert (cache.hits(1), cache.hits(2)) == ({"words": Hits(50, 0)}, {"words": Hits(0, 10)})
    assert Hits().rate is None


async def test_a_hundred_at_once_get_right_answers(cache: MemoryCache) -> None:
    async def make(word: str) -> str:
        await asyncio.sleep(0)
        return word

    async def ask(number: int) -> tuple[str, str]:
        word = f"{number % 7}"
        return word, await remembered(cache, asked(word), lambda: make(word))

    answers = await asyncio.gather(*map(ask, range(100)))
    assert all(word == answer for word, answer in answers)
    hits = cache.figures().hits
    assert hits.hits + hits.misses == 100


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3), st.integers(0, 12)), max_size=40))
def test_it_never_holds_more_than_it_may_nor_answers_what_is_not_so(steps: list[tuple[str, int, int]]) -> None:
    clock = HeldClock()
    cache = MemoryCache(clock, rows=10)
    for question, version, length in steps:
        clock.forward(seconds=7)
        wanted, answer = replace(asked(question), version=f"{version}:{length}"), "x" * length
        assert cache.get(wanted) in (None, answer)
        cache.keep(wanted, answer)
        assert cache.figures().rows <= 10
        assert cache.figures().rows == sum(answer.rows + 1 for answer in cache.answers(1))
