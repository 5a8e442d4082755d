"""People: who is who on which platform, and who may do what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.chat.actor import Actor
from core.people.emails import NotAnEmailError, email_of
from core.people.model import Member, Role
from core.ports.secrets import SecretBox
from core.ports.storage import SystemStore, Transactions, UndoEntry, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import ConflictError, NotFoundError, RefusedError
from core.shared.events import Event
from core.shared.ids import new_code, new_id
from core.shared.undo import UNDO_WINDOW
from core.shared.zones import UnknownZoneError, zone
from core.workspaces.service import CODE_LIFE, Code, normal_code

LINK = "link"
ROLE_CHANGE, ZONE_CHANGE, EMAIL_CHANGE = "people.role", "people.zone", "people.email"
"""The kinds of the undo entries made here."""


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """A member's new role, the one before, and the undo entry."""

    member: Member
    before: Role
    after: Role
    undo_id: str


@dataclass(frozen=True, slots=True)
class ZoneChanged:
    """A member with the zone they had, their new zone, and the undo entry; without one nothing changed."""

    member: Member
    after: str
    undo_id: str


@dataclass(frozen=True, slots=True)
class EmailChanged:
    """A member with the e-mail address they had, their new one (may be empty), and the undo entry, if it changed."""

    member: Member
    after: str
    undo_id: str


@dataclass(frozen=True, slots=True)
class PeopleService:
    """The members of one workspace."""

    transactions: Transactions
    system: SystemStore
    secrets: SecretBox
    clock: Clock

    async def members(self) -> Sequence[Member]:
        """Return every member by name."""
        async with self.transactions.read() as work:
            return sorted(await work.members.all(), key=lambda member: (member.name.casefold(), member.id))

    async def member(self, member_id: int) -> Member:
        """Return a member; raises `NotFoundError`."""
        async with self.transactions.read() as work:
            return await self._find(work, member_id)

    async def set_role(self, actor: Actor, member_id: int, role: Role) -> RoleChanged:
        """Give a member a role.

        Nobody hands out more than they hold or changes somebody above them, and a workspace keeps at least one owner:
        `RefusedError` with `above_you` or `last_owner`. The role that they have already changes nothing.
        """
        async with self.transactions.write() as work:
            member = await self._find(work, member_id)
            if member.role is role:
                return RoleChanged(member, role, role, "")
            await self._check_role(work, actor, member, role)
            await work.members.set_role(member_id, role)
            undo_id = new_id(self.clock.now())
            payload = {"member": member_id, "before": int(member.role), "after": int(role)}
            work.undo.add(self._undo(undo_id, actor, "user role", ROLE_CHANGE, payload))
            self._record(work, "member.role_changed", actor, member_id)
            await work.commit()
        return RoleChanged(member, member.role, role, undo_id)

    async def undo(self, actor: Actor, entry: UndoEntry) -> Member:
        """Give a member the role back that they had; refused if it was changed again since."""
        member_id, before, after = (int(str(entry.payload[key])) for key in ("member", "before", "after"))
        async with self.transactions.write() as work:
            member = await self._find(work, member_id)
            if member.role != after:
                raise ConflictError("role_changed_since", name=member.name, role=member.role.label)
            await self._check_role(work, actor, member, Role(before))
            await work.members.set_role(member_id, Role(before))
            self._record(work, "member.role_changed", actor, member_id)
            await work.commit()
        return member

    async def set_zone(self, actor: Actor, name: str) -> ZoneChanged:
        """Give the actor another zone, in which their dates are read and told.

        Raises `RefusedError` (`unknown_zone`, with near misses). The zone that they have already changes nothing.
        """
        try:
            after = zone(name).key
        except UnknownZoneError as error:
            raise RefusedError("unknown_zone", field="zone", value=name, near=error.near) from error
        async with self.transactions.write() as work:
            member = await self._find(work, actor.member_id)
            if member.zone == after:
                return ZoneChanged(member, after, "")
            await self._put_zone(work, actor, member, after)
            undo_id = new_id(self.clock.now())
            payload = {"member": member.id, "before": member.zone, "after": after}
            work.undo.add(self._undo(undo_id, actor, "user zone", ZONE_CHANGE, payload))
            await work.commit()
        return ZoneChanged(member, after, undo_id)

    async def undo_zone(self, actor: Actor, entry: UndoEntry) -> str:
        """Give a member back the zone that they had and return it, empty for the workspace's; nobody else may.

        Raises `ConflictError` if it was changed again since.
        """
        if actor.member_id != entry.author_id:
            raise NotFoundError("undo", entry.id)
        before, after = str(entry.payload["before"]), str(entry.payload["after"])
        async with self.transactions.write() as work:
            member = await self._find(work, actor.member_id)
            if member.zone != after:
                raise ConflictError("zone_changed_since", zone=member.zone)
            await self._put_zone(work, actor, member, before)
            await work.commit()
        return before

    async def set_email(self, actor: Actor, typed: str) -> EmailChanged:
        """Give the actor another e-mail address, an empty one for none.

        Raises `RefusedError` (`not_an_email`). The address that they have already changes nothing.
        """
        try:
            after = email_of(typed) if typed else ""
        except NotAnEmailError as error:
            raise RefusedError("not_an_email", field="email", value=typed) from error
        async with self.transactions.write() as work:
            member = await self._find(work, actor.member_id)
            if member.email == after:
                return EmailChanged(member, after, "")
            await self._put_email(work, actor, after)
            undo_id = new_id(self.clock.now())
            payload = {"member": member.id, "before": member.email, "after": after}
            work.undo.add(self._undo(undo_id, actor, "user update", EMAIL_CHANGE, payload))
            await work.commit()
        return EmailChanged(member, after, undo_id)

    async def undo_email(self, actor: Actor, entry: UndoEntry) -> str:
        """Give a member back the e-mail address that they had and return it; nobody else may.

        Raises `ConflictError` if it was changed again since.
        """
        if actor.member_id != entry.author_id:
            raise NotFoundError("undo", entry.id)
        before, after = str(entry.payload["before"]), str(entry.payload["after"])
        async with self.transactions.write() as work:
            member = await self._find(work, actor.member_id)
            if member.email != after:
                raise ConflictError("email_changed_since")
            await self._put_email(work, actor, before)
            await work.commit()
        return before

    async def forget(self, actor: Actor, member_id: int) -> Member:
        """Remove a member with all that is known of them, and return who that was; it can't be taken back.

        Nobody removes somebody above them or themselves, and a workspace keeps at least one owner: `RefusedError` with
        `above_you`, `forget_yourself` or `last_owner`. What they made stays; what was assigned to them is nobody's.
        """
        if member_id == actor.member_id:
            raise RefusedError("forget_yourself")
        async with self.transactions.write() as work:
            member = await self._find(work, member_id)
            await self._check_role(work, actor, member, Role.GUEST)
            await work.members.forget(member_id, self.clock.now())
            self._record(work, "member.forgotten", actor, member_id)
            await work.commit()
        return member

    async def _put_email(self, work: UnitOfWork, actor: Actor, email: str) -> None:
        await work.members.set_email(actor.member_id, email)
        self._record(work, "member.email_changed", actor, actor.member_id)

    async def _put_zone(self, work: UnitOfWork, actor: Actor, member: Member, name: str) -> None:
        await work.members.set_profile(
            member.id, name=member.name, zone=name, locale=member.locale, is_provisional=member.is_provisional
        )
        self._record(work, "member.zone_changed", actor, member.id)

    async def offer_link(self, actor: Actor) -> Code:
        """Return a code that, typed on another platform, makes both accounts one person."""
        code = new_code()
        async with self.transactions.write() as work:
            expires = self.clock.now() + CODE_LIFE
            await work.codes.add(self.secrets.digest(code, purpose=LINK), LINK, actor.member_id, expires)
            await work.commit()
        return Code(code, int(CODE_LIFE.total_seconds() // 60))

    async def link(self, actor: Actor, typed: str) -> Member:
        """Join the actor's account to the member who made the code; that member stays, with the higher role of the two.

        Raises `NotFoundError` for a code that does not work. `RefusedError` (`other_workspace`, `same_person`) leaves
        the code as it is.
        """
        digest, now = self.secrets.digest(normal_code(typed), purpose=LINK), self.clock.now()
        found = await self.system.code(digest, LINK, now)
        if found is None:
            raise NotFoundError("code", typed)
        workspace_id, member_id = found
        if workspace_id != actor.workspace_id:
            raise RefusedError("other_workspace")
        if member_id == actor.member_id:
            raise RefusedError("same_person")
        if await self.system.use_code(digest, LINK, now) is None:
            raise NotFoundError("code", typed)
        async with self.transactions.write() as work:
            member, joining = await self._find(work, member_id), await self._find(work, actor.member_id)
            await work.members.move_identities(actor.member_id, member_id)
            if joining.zone and not member.zone:
                # A platform told it of the account that goes; it holds of the person.
                await work.members.set_profile(
                    member_id,
                    name=member.name,
                    zone=joining.zone,
                    locale=member.locale or joining.locale,
                    is_provisional=member.is_provisional,
                )
            if actor.role > member.role:
                await work.members.set_role(member_id, actor.role)
            self._record(work, "member.linked", actor, member_id)
            await work.commit()
        return member

    async def _find(self, work: UnitOfWork, member_id: int) -> Member:
        member = await work.members.get(member_id)
        if member is None:
            raise NotFoundError("person", member_id)
        return member

    async def _check_role(self, work: UnitOfWork, actor: Actor, member: Member, role: Role) -> None:
        if role > actor.role or member.role > actor.role:
            raise RefusedError("above_you", role=actor.role.label)
        if member.role is Role.OWNER and role is not Role.OWNER:
            owners = [other for other in await work.members.all() if other.role is Role.OWNER and other.active]
            if len(owners) == 1:
                raise RefusedError("last_owner", name=member.name)

    def _undo(self, undo_id: str, actor: Actor, command: str, kind: str, payload: Mapping[str, object]) -> UndoEntry:
        now = self.clock.now()
        return UndoEntry(undo_id, actor.member_id, actor.channel_id, command, kind, payload, now, now + UNDO_WINDOW)

    def _record(self, work: UnitOfWork, kind: str, actor: Actor, member_id: int) -> None:
        work.events.record(Event(kind, self.clock.now(), actor.channel_id, actor.member_id, {"member": member_id}))
