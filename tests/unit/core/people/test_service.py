"""The rules of roles, whoever asks and in whatever order."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from adapters.storage import SqlStorage
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.history.model import FieldChange
from core.people.model import Member, Role
from core.people.service import PeopleService
from core.ports.storage import UndoEntry
from core.shared.clock import Clock
from core.shared.errors import ConflictError, NotFoundError, RefusedError
from tests.support.clock import NOON, HeldClock
from tests.support.storage import make_storage, secret_box


@dataclass
class Crew:
    """A workspace with people of given roles."""

    storage: SqlStorage
    workspace: int
    clock: Clock

    @property
    def people(self) -> PeopleService:
        transactions = self.storage.workspace(self.workspace)
        return PeopleService(transactions, self.storage.system, secret_box(), self.clock)

    async def add(self, name: str, role: Role) -> Actor:
        async with self.storage.workspace(self.workspace).write() as work:
            member = await work.members.add(name, role, at=NOON)
            await work.commit()
        return Actor(
            self.workspace,
            member,
            name,
            role,
            "UTC",
            "en",
            Platform.WEB,
            1,
            1,
            "general",
            ChannelKind.PUBLIC,
        )

    async def role_of(self, actor: Actor) -> Role:
        return next(member.role for member in await self.people.members() if member.id == actor.member_id)

    async def owners(self) -> list[Member]:
        return [member for member in await self.people.members() if member.role is Role.OWNER and member.active]


@pytest.fixture
async def crew() -> AsyncIterator[Crew]:
    clock = HeldClock()
    storage = await make_storage(clock=clock)
    workspace = await storage.system.ensure_default_workspace(zone="UTC", currency="EUR", locale="en", at=NOON)
    yield Crew(storage, workspace.id, clock)
    await storage.close()


def may(asker: Role, before: Role, after: Role) -> bool:
    """The rule in one line: neither whom one changes nor what one gives lies above oneself."""
    return before <= asker and after <= asker


@pytest.mark.parametrize("asker", [Role.ADMIN, Role.OWNER, Role.MANAGER])
async def test_nobody_reaches_above_themselves(crew: Crew, asker: Role) -> None:
    await crew.add("First", Role.OWNER)
    actor = await crew.add("Asker", asker)
    for before in Role:
        for after in Role:
            other = await crew.add(f"{before}-{after}", before)
            allowed = True
            try:
                change = await crew.people.set_role(actor, other.member_id, after)
            except RefusedError as error:
                allowed = False
                found = error.reason
            assert allowed == (may(asker, before, after) or before is after), (before, after)
            if allowed:
                assert (change.before, change.after) == (before, after)
            else:
                assert found == "above_you"
            assert await crew.role_of(other) is (after if allowed else before)


async def test_the_last_owner_stays(crew: Crew) -> None:
    owner = await crew.add("Ann", Role.OWNER)
    with pytest.raises(RefusedError) as caught:
        await crew.people.set_role(owner, owner.member_id, Role.ADMIN)
    assert (caught.value.reason, caught.value.details["name"]) == ("last_owner", "Ann")
    other = await crew.add("Ben", Role.OWNER)
    await crew.people.set_role(owner, other.member_id, Role.ADMIN)
    assert [member.name for member in await crew.owners()] == ["Ann"]


async def test_two_owners_who_unmake_each_other_at_once_leave_one(crew: Crew) -> None:
    ann, ben = await crew.add("Ann", Role.OWNER), await crew.add("Ben", Role.OWNER)
    await asyncio.gather(
        crew.people.set_role(ann, ben.member_id, Role.MEMBER),
        crew.people.set_role(ben, ann.member_id, Role.MEMBER),
        return_exceptions=True,
    )
    assert len(await crew.owners()) == 1


async def test_somebody_who_is_not_there_is_not_found(crew: Crew) -> None:
    owner = await crew.add("Ann", Role.OWNER)
    with pytest.raises(NotFoundError):
        await crew.people.set_role(owner, 999, Role.CLERK)


async def test_an_undone_role_is_as_before_and_only_once(crew: Crew) -> None:
    owner, ben = await crew.add("Ann", Role.OWNER), await crew.add("Ben", Role.MEMBER)
    change = await crew.people.set_role(owner, ben.member_id, Role.CLERK)
    async with crew.storage.workspace(crew.workspace).read() as work:
        entry = await work.undo.get(change.undo_id)
    assert entry is not None
    assert (await crew.people.undo(owner, entry)).member.id == ben.member_id
    assert await crew.role_of(ben) is Role.MEMBER
    with pytest.raises(ConflictError):
        await crew.people.undo(owner, entry)


async def test_undoing_asks_for_the_same_right_as_giving(crew: Crew) -> None:
    owner, ben = await crew.add("Ann", Role.OWNER), await crew.add("Ben", Role.OWNER)
    change = await crew.people.set_role(owner, ben.member_id, Role.MEMBER)
    async with crew.storage.workspace(crew.workspace).read() as work:
        entry = await work.undo.get(change.undo_id)
    assert entry is not None
    admin = await crew.add("Cem", Role.ADMIN)
    with pytest.raises(RefusedError):
        await crew.people.undo(admin, entry)


async def test_people_are_listed_by_name(crew: Crew) -> None:
    for name in ("zoë", "Ann", "ben"):
        await crew.add(name, Role.MEMBER)
    assert [member.name for member in await crew.people.members()] == ["Ann", "ben", "zoë"]


async def test_the_higher_role_of_two_linked_accounts_stays(crew: Crew) -> None:
    low, high = await crew.add("Low", Role.MEMBER), await crew.add("High", Role.CLERK)
    code = await crew.people.offer_link(low)
    await crew.people.link(high, code.code)
    assert await crew.role_of(low) is Role.CLERK
    gone = next(member for member in await crew.people.members() if member.id == high.member_id)
    assert not gone.active


@pytest.mark.parametrize(("staying", "kept"), [("", "Asia/Tokyo"), ("Europe/Paris", "Europe/Paris")])
async def test_a_zone_that_only_one_of_two_accounts_has_stays(crew: Crew, staying: str, kept: str) -> None:
    maker, typist = await crew.add("Maker", Role.MEMBER), await crew.add("Typist", Role.MEMBER)
    async with crew.storage.workspace(crew.workspace).write() as work:
        await work.members.set_profile(maker.member_id, name="Maker", zone=staying, locale="")
        await work.members.set_profile(typist.member_id, name="Typist", zone="Asia/Tokyo", locale="ja")
        await work.commit()
    await crew.people.link(typist, (await crew.people.offer_link(maker)).code)
    assert next(one.zone for one in await crew.people.members() if one.id == maker.member_id) == kept


async def test_a_code_typed_twice_at_once_links_once(crew: Crew) -> None:
    maker, one, two = [await crew.add(name, Role.MEMBER) for name in ("Maker", "One", "Two")]
    code = await crew.people.offer_link(maker)
    results = await asyncio.gather(
        crew.people.link(one, code.code), crew.people.link(two, code.code), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Member", "NotFoundError"]


async def test_an_owner_who_links_into_another_account_stays_owner(crew: Crew) -> None:
    owner, other = await crew.add("Ann", Role.OWNER), await crew.add("Ann elsewhere", Role.MEMBER)
    code = await crew.people.offer_link(other)
    await crew.people.link(owner, code.code)
    assert [member.name for member in await crew.owners()] == ["Ann elsewhere"]


async def test_a_code_of_another_workspace_says_so_and_is_kept(crew: Crew) -> None:
    maker = await crew.add("Maker", Role.MEMBER)
    code = await crew.people.offer_link(maker)
    elsewhere = await crew.storage.system.create_workspace("other", zone="UTC", currency="EUR", locale="en", at=NOON)
    stranger = replace(maker, workspace_id=elsewhere.id, member_id=maker.member_id + 1)
    with pytest.raises(RefusedError) as caught:
        await crew.people.link(stranger, code.code)
    assert caught.value.reason == "other_workspace"
    typed_elsewhere = await crew.add("Typist", Role.MEMBER)
    assert (await crew.people.link(typed_elsewhere, code.code)).id == maker.member_id


async def _entry(crew: Crew, undo_id: str) -> UndoEntry:
    async with crew.storage.workspace(crew.workspace).read() as work:
        entry = await work.undo.get(undo_id)
    assert entry is not None
    return entry


async def test_what_was_changed_of_somebody_is_kept_and_so_is_that_it_was_taken_back(crew: Crew) -> None:
    owner, ben = await crew.add("Ann", Role.OWNER), await crew.add("Ben", Role.MEMBER)
    given = await crew.people.set_role(owner, ben.member_id, Role.CLERK)
    await crew.people.set_zone(ben, "Europe/Berlin")
    await crew.people.set_email(ben, "ben@example.org")
    await crew.people.undo(owner, await _entry(crew, given.undo_id))
    await crew.people.forget(owner, (await crew.add("Cem", Role.MEMBER)).member_id)
    async with crew.storage.workspace(crew.workspace).read() as work:
        page = await work.changes.page("member", ben.member_id)
    assert [(entry.command, entry.member_id, list(entry.fields)) for entry in page.items] == [
        ("qm undo", owner.member_id, [FieldChange("role", 2, 1)]),
        ("user update", ben.member_id, [FieldChange("email", "", "ben@example.org")]),
        ("user zone", ben.member_id, [FieldChange("zone", "", "Europe/Berlin")]),
        ("user role", owner.member_id, [FieldChange("role", 1, 2)]),
    ]


async def test_of_somebody_who_was_forgotten_it_is_kept_that_they_were(crew: Crew) -> None:
    owner, ben = await crew.add("Ann", Role.OWNER), await crew.add("Ben", Role.MEMBER)
    await crew.people.set_email(ben, "ben@example.org")
    await crew.people.forget(owner, ben.member_id)
    async with crew.storage.workspace(crew.workspace).read() as work:
        page = await work.changes.page("member", ben.member_id)
    assert [(entry.command, entry.member_id, list(entry.fields)) for entry in page.items] == [
        ("user forget", owner.member_id, [FieldChange("forgotten", None, True)]),
        ("user update", None, [FieldChange("email", None, None)]),
    ]


async def test_a_change_in_between_of_something_else_keeps_no_undo_back(crew: Crew) -> None:
    ben = await crew.add("Ben", Role.MEMBER)
    zoned = await crew.people.set_zone(ben, "Europe/Berlin")
    await crew.people.set_email(ben, "ben@example.org")
    restored = await crew.people.undo(ben, await _entry(crew, zoned.undo_id))
    assert (restored.field, restored.member.zone, restored.member.email) == ("zone", "", "ben@example.org")


async def test_nobody_else_takes_back_a_zone(crew: Crew) -> None:
    owner, ben = await crew.add("Ann", Role.OWNER), await crew.add("Ben", Role.MEMBER)
    zoned = await crew.people.set_zone(ben, "Europe/Berlin")
    with pytest.raises(NotFoundError):
        await crew.people.undo(owner, await _entry(crew, zoned.undo_id))


FORMER = [
    ("people.role", {"before": 1, "after": 2}, "role", Role.MEMBER),
    ("people.zone", {"before": "", "after": "Europe/Berlin"}, "zone", ""),
    ("people.email", {"before": "b@example.org", "after": "ben@example.org"}, "email", "b@example.org"),
]


@pytest.mark.parametrize(("kind", "payload", "field", "before"), FORMER)
async def test_what_the_version_before_did_is_taken_back(
    crew: Crew, kind: str, payload: dict[str, object], field: str, before: object
) -> None:
    owner, ben = await crew.add("Ann", Role.OWNER), await crew.add("Ben", Role.MEMBER)
    given = await crew.people.set_role(owner, ben.member_id, Role.CLERK)
    await crew.people.set_zone(ben, "Europe/Berlin")
    await crew.people.set_email(ben, "ben@example.org")
    entry = await _entry(crew, given.undo_id)
    author = owner if field == "role" else ben
    former = replace(entry, author_id=author.member_id, kind=kind, payload={"member": ben.member_id, **payload})
    restored = await crew.people.undo(author, former)
    assert (restored.field, getattr(restored.member, field)) == (field, before)
    for broken in ({}, {"member": ben.member_id, "before": [], "after": {}}):
        with pytest.raises(ConflictError):
            await crew.people.undo(author, replace(former, payload=broken))
