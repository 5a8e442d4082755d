"""People: who is who on which platform, and who may do what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from core.chat.actor import Actor
from core.history.model import ChangeEntry, FieldChange
from core.people.kind import FORMER_CHANGES, JOINED, MEMBER_KIND
from core.people.model import Member, Role
from core.ports.secrets import SecretBox
from core.ports.storage import SystemStore, Transactions, UndoEntry, UnitOfWork
from core.reminders.quiet import Quiet, quiet_of, written_quiet
from core.schedules.following import follow
from core.shared.clock import Clock
from core.shared.emails import NotAnEmailError, email_of
from core.shared.errors import ConflictError, NotFoundError, RefusedError
from core.shared.events import Event
from core.shared.ids import new_code
from core.shared.value_objects import value_object
from core.shared.zones import checked_zone
from core.undo.keeping import TAKING_BACK, keep_change, record_changes
from core.undo.steps import steps_of
from core.workspaces.service import CODE_LIFE, Code, normal_code

LINK = "link"
_SKEW = timedelta(minutes=1)
"""By how much the clocks of two copies may differ."""

_CHANGED: Collection[str] = (*FORMER_CHANGES.values(), "quiet")
_CHANGED_SINCE: Mapping[str, str] = {field: f"{field}_changed_since" for field in _CHANGED}
_EVENTS: Mapping[str, str] = {field: f"member.{field}_changed" for field in _CHANGED}


@value_object
class RoleChanged:
    """A member's new role, the one before, and the undo entry."""

    member: Member
    before: Role
    after: Role
    undo_id: str


@value_object
class ZoneChanged:
    """A member with the zone they had, their new zone, and the undo entry; without one nothing changed."""

    member: Member
    after: str
    undo_id: str


@value_object
class EmailChanged:
    """A member with the e-mail address they had, their new one (may be empty), and the undo entry, if it changed."""

    member: Member
    after: str
    undo_id: str


@value_object
class QuietChanged:
    """A member as they are now, whose hours hold for them, and the undo entry; without one nothing changed."""

    member: Member
    quiet: Quiet | None
    undo_id: str


@value_object
class MemberRestored:
    """A member as they are again, and the field that was put back."""

    member: Member
    field: str


@value_object
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
            undo_id = await self._change(work, actor, "user role", member, replace(member, role=role))
            await work.commit()
        return RoleChanged(member, member.role, role, undo_id)

    async def set_zone(self, actor: Actor, name: str) -> ZoneChanged:
        """Give the actor another zone, in which their dates are read and told.

        An empty one goes back to the workspace's; the one that they have already changes nothing. Raises `RefusedError`
        (`unknown_zone`, with near misses).
        """
        after = checked_zone(name)
        async with self.transactions.write() as work:
            member = await self._find(work, actor.member_id)
            if member.zone == after:
                return ZoneChanged(member, after, "")
            undo_id = await self._change(work, actor, "user zone", member, replace(member, zone=after))
            await work.commit()
        return ZoneChanged(member, after, undo_id)

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
            undo_id = await self._change(work, actor, "user update", member, replace(member, email=after))
            await work.commit()
        return EmailChanged(member, after, undo_id)

    async def set_quiet(self, actor: Actor, typed: str | None) -> QuietChanged:
        """Give the actor quiet hours: `none` for none at all, empty for the workspace's; None leaves them as they are.

        Raises `RefusedError` (`not_quiet_hours`).
        """
        async with self.transactions.write() as work:
            member, workspace = await self._find(work, actor.member_id), await work.settings.get()
            after = member if typed is None else replace(member, quiet=written_quiet(typed))
            if after == member:
                return QuietChanged(member, quiet_of(member, workspace), "")
            undo_id = await self._change(work, actor, "user quiet", member, after)
            await work.commit()
        return QuietChanged(after, quiet_of(after, workspace), undo_id)

    async def undo(self, actor: Actor, entry: UndoEntry) -> MemberRestored:
        """Put a field of a member back as it was; nobody else may put back a zone or an e-mail address.

        Raises `ConflictError` (`role_changed_since`, and so on for the other fields) if it was changed again since,
        or `undo_unreadable`.
        """
        (step,) = steps_of(MEMBER_KIND, _up_to_date(entry))
        (field,) = step.made
        if field != "role" and actor.member_id != entry.author_id:
            raise NotFoundError("undo", entry.id)
        async with self.transactions.write() as work:
            member = await self._find(work, step.number)
            if step.changed_since(member):
                raise ConflictError(_CHANGED_SINCE[field], name=member.name, role=member.role.label, zone=member.zone)
            restored = step.restored(member) or member
            if field == "role":
                await self._check_role(work, actor, member, restored.role)
            await self._put(work, actor, member, restored)
            record_changes(work, MEMBER_KIND, actor, TAKING_BACK, [member], [restored], self.clock.now())
            await work.commit()
        return MemberRestored(restored, field)

    async def _change(self, work: UnitOfWork, actor: Actor, command: str, before: Member, after: Member) -> str:
        """Store a change of a member and how to take it back, and return the undo entry's id."""
        await self._put(work, actor, before, after)
        return keep_change(work, MEMBER_KIND, actor, command, [before], [after], self.clock.now())

    async def _put(self, work: UnitOfWork, actor: Actor, before: Member, after: Member) -> None:
        """Store what differs of a member."""
        if after.role is not before.role:
            await work.members.set_role(after.id, after.role)
        if after.zone != before.zone:
            await work.members.set_profile(
                after.id, name=after.name, zone=after.zone, locale=after.locale, is_provisional=after.is_provisional
            )
            await follow(work, after.id, self.clock.now())
        if after.quiet != before.quiet:
            await work.members.set_quiet(after.id, after.quiet)
        if after.email != before.email:
            await work.members.set_email(after.id, after.email)
        for change in MEMBER_KIND.changes(before, after):
            self._record(work, _EVENTS[change.field], actor, after.id)

    async def forget(self, actor: Actor, member_id: int) -> None:
        """Remove a member with all that is known of them; it can't be taken back.

        Nobody removes somebody above them or themselves, and a workspace keeps at least one owner: `RefusedError` with
        `above_you`, `forget_yourself` or `last_owner`. What they made stays; what was assigned to them is nobody's.
        """
        began = self.clock.now()
        await self.check_forget(actor, member_id)
        # What was kept until now is much, and is gone through while others may write; what is kept meanwhile is little.
        await self.system.leave_no_name(actor.workspace_id, member_id)
        async with self.transactions.write() as work:
            member = await self._find(work, member_id)
            await self._check_role(work, actor, member, Role.GUEST)
            await work.members.forget(member_id, self.clock.now(), since=began - _SKEW)
            self._tell(work, actor, "user forget", member_id, FieldChange("forgotten", None, True))
            self._record(work, "member.forgotten", actor, member_id)
            await work.commit()

    async def check_forget(self, actor: Actor, member_id: int) -> None:
        """Raise what `forget` does, and leave the member as they are."""
        if member_id == actor.member_id:
            raise RefusedError("forget_yourself")
        async with self.transactions.read() as work:
            await self._check_role(work, actor, await self._find(work, member_id), Role.GUEST)

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
        digest, member_id = await self.check_link(actor, typed)
        if await self.system.use_code(digest, LINK, self.clock.now()) is None:
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
                await follow(work, member_id, self.clock.now())
            if actor.role > member.role:
                await work.members.set_role(member_id, actor.role)
            joined = FieldChange(JOINED, None, actor.member_id, actor.member_id)
            self._tell(work, actor, "user link", member_id, joined)
            self._record(work, "member.linked", actor, member_id)
            await work.commit()
        return member

    async def check_link(self, actor: Actor, typed: str) -> tuple[str, int]:
        """Return a code's digest and the member who made it; raises as `link` does, and leaves the code as it is."""
        digest = self.secrets.digest(normal_code(typed), purpose=LINK)
        found = await self.system.code(digest, LINK, self.clock.now())
        if found is None:
            raise NotFoundError("code", typed)
        workspace_id, member_id = found
        if workspace_id != actor.workspace_id:
            raise RefusedError("other_workspace")
        if member_id == actor.member_id:
            raise RefusedError("same_person")
        return digest, member_id

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

    def _tell(self, work: UnitOfWork, actor: Actor, command: str, member_id: int, change: FieldChange) -> None:
        """Keep in a member's history what is no change of a field."""
        entry = ChangeEntry(MEMBER_KIND.name, member_id, self.clock.now(), actor.member_id, command, (change,))
        work.changes.add(entry)

    def _record(self, work: UnitOfWork, kind: str, actor: Actor, member_id: int) -> None:
        work.events.record(Event(kind, self.clock.now(), actor.channel_id, actor.member_id, {"member": member_id}))


def _up_to_date(entry: UndoEntry) -> UndoEntry:
    """Return an entry in the form that all areas have, also one that an earlier version made."""
    field = FORMER_CHANGES.get(entry.kind)
    if field is None:
        return entry
    member, before, after = (entry.payload.get(key) for key in ("member", "before", "after"))
    return replace(entry, payload={"steps": [{"number": member, "before": {field: before}, "made": {field: after}}]})
