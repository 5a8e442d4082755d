"""What people say about a thing is found beside it, in order and as it was said, in every database."""

from dataclasses import replace
from datetime import timedelta

from core.history.model import COMMENT_LIMIT, Comment, Discussion
from core.shared.paging import COUNT_LIMIT
from tests.contract.storage.world import NOON, Place


def _said(place: Place, minute: int, text: str = "", *, number: int = 7, kind: str = "task") -> Comment:
    at = NOON + timedelta(minutes=minute)
    return Comment(f"{kind}-{number}-{minute:04}", kind, number, place.ann, text or f"Comment {minute}", at)


async def _keep(place: Place, *comments: Comment) -> None:
    async with place.writing() as work:
        for comment in comments:
            work.comments.add(comment)


async def _about(place: Place, *, number: int = 7, kind: str = "task", limit: int = 3) -> Discussion:
    async with place.reading() as work:
        return await work.comments.about(kind, number, limit=limit)


async def test_the_latest_comments_are_shown_and_all_are_counted(here: Place) -> None:
    said = [_said(here, minute) for minute in range(5)]
    await _keep(here, *said)
    assert await _about(here) == Discussion(5, tuple(said[:1:-1]))
    assert await _about(here, limit=10) == Discussion(5, tuple(said[::-1]))


async def test_things_are_talked_about_each_by_itself(here: Place) -> None:
    mine, other = _said(here, 0), _said(here, 0, number=8)
    await _keep(here, mine, other)
    assert await _about(here, number=8) == Discussion(1, (other,))
    assert await _about(here, kind="order") == await _about(here, number=2**40) == Discussion(0, ())


async def test_a_comment_comes_back_letter_by_letter(here: Place) -> None:
    said = _said(here, 0, "  Ünïcode 🥛\n\t'quoted' \"too\"" + "x" * (COMMENT_LIMIT - 30))
    await _keep(here, said)
    async with here.reading() as work:
        assert await work.comments.named([said.id, "no such comment"]) == {said.id: said}
        assert await work.comments.named([]) == {}


async def test_a_comment_is_withdrawn_once_and_then_found_by_its_id_only(here: Place) -> None:
    said = _said(here, 0)
    await _keep(here, said, _said(here, 1))
    async with here.writing() as work:
        assert await work.comments.withdraw(said.id, NOON)
        assert not await work.comments.withdraw(said.id, NOON)
        assert not await work.comments.withdraw("no such comment", NOON)
        assert await work.comments.named([said.id]) == {said.id: replace(said, removed_at=NOON)}
    assert (await _about(here)).total == 1


async def test_what_somebody_said_stays_without_their_name_once_they_are_forgotten(here: Place) -> None:
    said = _said(here, 0)
    await _keep(here, said, replace(_said(here, 1), author_id=here.ben))
    async with here.writing() as work:
        await work.members.forget(here.ann, NOON)
    assert [comment.author_id for comment in (await _about(here)).latest] == [here.ben, None]
    assert (await _about(here)).latest[1].text == said.text


async def test_what_somebody_said_is_of_whom_they_are_one_person_with(here: Place) -> None:
    await _keep(here, replace(_said(here, 0), author_id=here.ben))
    async with here.writing() as work:
        await work.members.move_identities(here.ben, here.ann)
    assert [comment.author_id for comment in (await _about(here)).latest] == [here.ann]


async def test_comments_are_counted_as_far_as_pages_are(here: Place, is_read_slowly: bool) -> None:
    many = 30 if is_read_slowly else COUNT_LIMIT + 5
    await _keep(here, *(_said(here, minute) for minute in range(many)))
    assert (await _about(here)).total == min(many, COUNT_LIMIT + 1)
