"""People are made, found, changed and forgotten alike in every database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.storage.schema.tables import members
from adapters.storage.work import scope
from adapters.storage.work.kept_texts import STEP
from core.chat.reply import Action, Field, Reply
from core.chat.request import Platform
from core.chat.text import Bold, Code, Mention
from core.history.model import ChangeEntry, FieldChange
from core.people.kind import JOINED
from core.people.model import EMAIL_LIMIT, Identity, Member, Role
from core.ports.storage import Post, UndoEntry
from tests.contract.storage.world import NOON, Place

LATER = NOON + timedelta(minutes=15)


def _undo(key: str, author: int, kind: str, payload: dict[str, object]) -> UndoEntry:
    return UndoEntry(key, author, 1, "some command", kind, payload, NOON, LATER)


async def _add(place: Place, name: str, email: str = "") -> Member:
    async with place.writing() as work:
        member_id = await work.members.add(name, Role.MEMBER, zone="Europe/Berlin", locale="de", at=NOON)
        assert await work.members.set_email(member_id, email)
    return Member(member_id, name, Role.MEMBER, "Europe/Berlin", "de", active=True, email=email)


async def test_a_member_who_was_made_is_found_by_the_id_that_was_returned(here: Place) -> None:
    made = [await _add(here, "Cy", "cy@example.org"), await _add(here, "Di")]
    assert made[0].id != made[1].id
    async with here.reading() as work:
        assert [await work.members.get(member.id) for member in made] == made
        assert await work.members.get(made[1].id + 1) is None


async def test_a_member_is_found_by_name_whatever_its_case_and_width(here: Place) -> None:
    first, second, other = await _add(here, "Zoë Straße"), await _add(here, "ZOË  STRASSE"), await _add(here, "Zoe")
    async with here.reading() as work:
        for name in ("Zoë Straße", "zoë strasse", " zoe\u0308 STRASSE ", "\uff3aoë Straße"):
            assert await work.members.named(name) == [first, second]
        assert await work.members.named("zoe") == [other]
        assert await work.members.named("Zo") == []
        assert await work.members.named("") == []
        assert await work.members.named("%") == []


async def test_a_member_found_by_id_or_name_has_their_identities(here: Place) -> None:
    async with here.reading() as work:
        ann = await work.members.get(here.ann)
        assert ann
        assert ann.identities == (Identity(Platform.SLACK, here.space.id, "U-ann", here.ann),)
        assert await work.members.named("ann") == [ann]


async def test_members_are_listed_by_id(here: Place) -> None:
    made = [await _add(here, name) for name in ("Zed", "Abe", "abe")]
    async with here.reading() as work:
        assert (await work.members.all())[2:] == made


async def test_an_e_mail_address_is_changed_and_taken_away(here: Place) -> None:
    member = await _add(here, "Cy", "cy@example.org")
    longest = f"{'c' * (EMAIL_LIMIT - 12)}@example.org"
    for email in ("other@example.org", longest, "ĉy@example.org", ""):
        async with here.writing() as work:
            assert await work.members.set_email(member.id, email)
        async with here.reading() as work:
            assert await work.members.get(member.id) == replace(member, email=email)
    async with here.writing() as work:
        assert not await work.members.set_email(member.id + 1, "nobody@example.org")


async def test_a_member_who_is_forgotten_is_gone(here: Place) -> None:
    member = await _add(here, "Cy", "cy@example.org")
    identity = Identity(Platform.SLACK, here.space.id, "U-cy", member.id)
    async with here.writing() as work:
        await work.members.add_identity(identity)
        await work.codes.add("digest of cy", "link", member.id, LATER)
    task = (await here.add(here.task(assignees=(here.ann, member.id), author_id=member.id)))[0]
    async with here.writing() as work:
        assert await work.members.forget(member.id, NOON)
    async with here.writing() as work:
        assert await work.members.get(member.id) is None
        assert await work.members.named("Cy") == await work.members.named("") == []
        assert member.id not in [one.id for one in await work.members.all()]
        assert not await work.members.forget(member.id, NOON)
        assert not await work.members.set_email(member.id, "again@example.org")
        await work.members.set_role(member.id, Role.OWNER)
        await work.members.set_profile(member.id, name="Again", zone="", locale="")
        assert await work.members.get(member.id) is None
    assert await here.storage.system.code("digest of cy", "link", NOON) is None
    assert await here.find(task.number) == replace(task, assignees=(here.ann,))


async def test_who_is_met_again_after_being_forgotten_is_somebody_new(here: Place) -> None:
    member = await _add(here, "Cy")
    async with here.writing() as work:
        await work.members.add_identity(Identity(Platform.SLACK, here.space.id, "U-cy", member.id))
        await work.members.forget(member.id, NOON)
    again = await _add(here, "Cy")
    async with here.writing() as work:
        await work.members.add_identity(Identity(Platform.SLACK, here.space.id, "U-cy", again.id))
        found = await work.members.get(again.id)
    assert again.id != member.id
    assert found
    assert [identity.external_id for identity in found.identities] == ["U-cy"]


async def test_nothing_of_the_person_is_left_in_the_row(here: Place) -> None:
    member = await _add(here, "Cy", "cy@example.org")
    async with here.writing() as work:
        await work.members.forget(member.id, NOON)
        reading: Any = work.members._transaction  # type: ignore[attr-defined]
        row = await reading.run(lambda db: db.first(scope.select(members).where(members.c.id == member.id)))
    left = {column.name: value for column, value in zip(members.c, row, strict=True) if value}
    assert left == {"id": member.id, "workspace_id": here.id, "created_at": NOON, "forgotten_at": NOON}


async def test_no_stored_answer_post_or_undo_tells_of_who_was_forgotten(here: Place) -> None:
    name = 'Zoë "Zed" O\'Hara'
    member = await _add(here, name, "zoe@example.org")
    told = (Mention(member.id, name), " did it, write to zoe@example.org. ", Bold("Zoë"), f" @{name}, ", Code("Ann"))
    reply = Reply(title=name, text=told, fields=(Field("name", "Name", name),))
    request = here.storage.request(here.id, "delivery-1")
    async with request.write() as work:
        work.outbox.add(Post(reply, channel_id=here.general.id), NOON)
        work.undo.add(_undo("01", here.ann, "member.change", {"steps": [{"number": member.id, "before": {}}]}))
        await work.commit()
    await request.settle(reply)
    async with here.writing() as work:
        await work.members.forget(member.id, NOON)
        assert await work.undo.get("01") is None
    kept = await here.storage.system.delivered("delivery-1")
    (item,) = await here.storage.outbox.claim(NOON, 10)
    for said in (kept, item.post.reply):
        assert said is not None
        assert name not in str(said)
        assert "zoe@example.org" not in str(said)
        assert "Ann" in str(said)
        assert said.text[0] == Mention(member.id, "somebody")
        assert said.title == "somebody"


async def test_accounts_that_turned_out_to_be_theirs_are_forgotten_too(here: Place) -> None:
    first, second, last = (
        await _add(here, "Cy A", "a@x.org"),
        await _add(here, "Cy B", "b@x.org"),
        await _add(here, "Cy C"),
    )
    reply = Reply(text=("Cy A added, for Cy B and Cy C. ", Mention(first.id, "Cy A")))
    async with here.writing() as work:
        email = FieldChange("email", None, "a@x.org")
        work.changes.add(ChangeEntry("member", first.id, NOON, first.id, "user update", (email,)))
        work.undo.add(_undo("01", first.id, "member.change", {"steps": [{"number": first.id}]}))
        for old, new in ((first, second), (second, last)):
            await work.members.move_identities(old.id, new.id)
            joined = FieldChange(JOINED, None, old.id, old.id)
            work.changes.add(ChangeEntry("member", new.id, NOON, old.id, "user link", (joined,)))
        await work.messages.post(here.general.id, author_id=here.ann, reply=reply, at=NOON)
    await here.storage.system.leave_no_name(here.id, last.id)
    async with here.writing() as work:
        assert await work.members.forget(last.id, NOON, since=NOON)
        assert [await work.members.get(one.id) for one in (first, second, last)] == [None] * 3
        assert await work.undo.get("01") is None
        (said,) = await work.messages.latest(here.general.id, here.ann)
        assert said.reply
        assert said.reply.text == ("somebody added, for somebody and somebody. ", Mention(first.id, "somebody"))
        history = await work.changes.page("member", first.id)
        assert "a@x.org" not in str(history)
        reading: Any = work.members._transaction  # type: ignore[attr-defined]
        rows = await reading.run(lambda db: db.all(scope.select(members).where(members.c.id >= first.id)))
        assert [(row.name, row.sort_key, row.email, row.forgotten_at) for row in rows] == [("", "", None, NOON)] * 3


@pytest.mark.parametrize("committed", [True, False])
async def test_forgetting_holds_from_the_commit_on(here: Place, committed: bool) -> None:
    member = await _add(here, "Cy")
    async with here.storage.workspace(here.id).write() as work:
        await work.members.forget(member.id, NOON)
        if committed:
            await work.commit()
    async with here.reading() as work:
        assert await work.members.get(member.id) == (None if committed else member)


async def test_only_what_was_done_by_or_to_who_is_forgotten_is_not_to_be_undone(here: Place) -> None:
    member = await _add(here, "Cy")
    entries = [
        (_undo("01", member.id, "task.change", {"steps": []}), False),
        (_undo("02", here.ann, "member.change", {"steps": [{"number": member.id}]}), False),
        (_undo("03", here.ann, "people.zone", {"member": member.id, "before": "", "after": "Asia/Tokyo"}), False),
        (_undo("04", here.ann, "member.change", {"steps": [{"number": here.ben}]}), True),
        (_undo("05", here.ben, "task.change", {"steps": [{"number": member.id, "made": {}}]}), True),
    ]
    async with here.writing() as work:
        for entry, _ in entries:
            work.undo.add(entry)
    async with here.writing() as work:
        await work.members.forget(member.id, NOON)
        assert [(await work.undo.get(entry.id)) is not None for entry, _ in entries] == [stays for _, stays in entries]


async def test_a_name_is_taken_out_of_any_number_of_answers_before_who_had_it_is_forgotten(here: Place) -> None:
    member, other = await _add(here, "Cy Lee", "cy@example.org"), await _add(here, "Cy Lee Brown")
    reply = Reply(text=("Cy Lee added #1 ", Bold("Ask Cy Lee"), ", for Cy Lee Brown."))
    async with here.writing() as work:
        for place in range(2 * STEP + 5):
            channel = (here.general, here.board)[place % 2]
            await work.messages.post(
                channel.id, author_id=here.ann, text=f"{place} @cy-lee @cy-lee-brown", reply=reply, at=NOON
            )
        theirs = Action("Theirs", "task list assign:@cy-lee", id="set.0")
        work.actions.add("set", [theirs], channel_id=here.general.id, expires_at=LATER)
    await here.storage.system.leave_no_name(here.id, member.id)
    async with here.writing() as work:
        assert [one.name for one in await work.members.all()][-2:] == ["Cy Lee", "Cy Lee Brown"], "nobody is gone yet"
        await work.messages.post(here.general.id, author_id=here.ann, reply=reply, at=LATER)
        await work.members.forget(member.id, LATER, since=LATER)
        told = [await work.messages.latest(channel.id, here.ann, limit=500) for channel in (here.general, here.board)]
        assert sum(map(len, told)) == 2 * STEP + 6
        for message in (*told[0], *told[1]):
            assert message.reply is not None
            assert message.reply.text == ("somebody added #1 ", Bold("Ask Cy Lee"), f", for {other.name}.")
            assert message.text.partition(" ")[2] in ("", "@somebody @cy-lee-brown")
    stored = await here.storage.system.action("set.0", NOON)
    assert stored is not None
    assert stored.command == "task list assign:@somebody"


async def test_nothing_is_taken_out_of_the_answers_of_another_workspace(here: Place, there: Place) -> None:
    member = await _add(here, "Cy Lee")
    async with there.writing() as work:
        await work.messages.post(there.general.id, author_id=None, reply=Reply(title="Cy Lee"), at=NOON)
    await here.storage.system.leave_no_name(here.id, member.id)
    async with here.writing() as work:
        await work.members.forget(member.id, NOON)
    async with there.reading() as work:
        (kept,) = await work.messages.latest(there.general.id, there.ann)
    assert kept.reply == Reply(title="Cy Lee")
