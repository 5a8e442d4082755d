"""The members of one workspace and the identities by which platforms know them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam

from adapters.storage.schema.tables import NAME, ZONE, identities, members
from adapters.storage.schema.text_forms import sort_key, storable
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.chat.request import Platform
from core.people.model import EMAIL_LIMIT, Identity, Member, Role

_m, _i = members.c, identities.c

_ALL = scope.select(members).where(_m.forgotten_at.is_(None)).order_by(_m.id)
_ONE = _ALL.where(_m.id == bindparam("the_member"))
_NAMED = _ALL.where(_m.sort_key == bindparam("the_key"))
_IDENTITIES = scope.select(identities).order_by(_i.member_id, _i.space_id, _i.platform, _i.external_id)
_OF_MEMBERS = _IDENTITIES.where(_i.member_id.in_(bindparam("the_members", expanding=True)))
_CHANGE = scope.update(members).where(_m.id == bindparam("the_member"), _m.forgotten_at.is_(None))
_ASK = _CHANGE.where(_m.zone == "", _m.zone_asked_at.is_(None))


class Members:
    """The repository of members."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def all(self) -> Sequence[Member]:
        """Return every member, inactive ones too, by id."""

        def read(db: Scoped) -> list[Member]:
            return _members(db.all(_ALL), db.all(_IDENTITIES))

        return await self._transaction.run(read)

    async def get(self, member_id: int) -> Member | None:
        """Return a member, inactive ones too."""
        found = await self._transaction.run(lambda db: _found(db, db.all(_ONE, the_member=member_id)))
        return found[0] if found else None

    async def named(self, name: str) -> Sequence[Member]:
        """Return the members of that name, case and width aside, by id."""
        key = sort_key(storable(name), NAME)
        return await self._transaction.run(lambda db: _found(db, db.all(_NAMED, the_key=key)))

    async def add(
        self, name: str, role: Role, *, zone: str = "", locale: str = "", is_provisional: bool = False, at: datetime
    ) -> int:
        """Add a member and return the id."""
        row = {
            **_profile(name, zone, locale),
            "role": int(role),
            "active": True,
            "provisional": is_provisional,
            "created_at": at,
        }
        return await self._transaction.run(lambda db: db.insert(members, row))

    async def add_identity(self, identity: Identity) -> None:
        """Make a platform's person known as that member; one who is known already stays who they are."""
        row = {
            "platform": identity.platform.value,
            "space_id": identity.space_id,
            "external_id": identity.external_id,
            "member_id": identity.member_id,
        }
        await self._transaction.run(lambda db: db.insert_missing(identities, row))

    async def move_identities(self, from_member: int, to_member: int) -> None:
        """Give one member's identities, assignments, boards and schedules to another and deactivate the first."""
        # It seldom happens, and takes the tables of everything that refers to people.
        from adapters.storage.repositories.people.leaving import hand_over

        def move(db: Scoped) -> None:
            hand_over(db, from_member, to_member)
            db.change(_CHANGE, the_member=from_member, active=False)

        try:
            await self._transaction.run(move)
        finally:
            self._transaction.met.clear()

    async def set_email(self, member_id: int, email: str) -> bool:
        """Change the e-mail address, empty for none; tell whether there is such a member."""
        value = email[:EMAIL_LIMIT] or None
        return await self._transaction.run(lambda db: db.change(_CHANGE, the_member=member_id, email=value) == 1)

    async def set_quiet(self, member_id: int, quiet: str) -> None:
        """Change the quiet hours, empty for the workspace's."""
        await self._transaction.run(lambda db: db.change(_CHANGE, the_member=member_id, quiet=quiet or None))

    async def ask_zone(self, member_id: int, at: datetime) -> bool:
        """Note that somebody without a zone is asked for it; tell whether nobody asked them before."""
        return await self._transaction.run(lambda db: db.change(_ASK, the_member=member_id, zone_asked_at=at) == 1)

    async def forget(self, member_id: int, at: datetime, *, since: datetime | None = None) -> bool:
        """Remove a member with all that is known of them; what refers to them refers to nobody."""
        from adapters.storage.repositories.people.leaving import forget_deeds
        from adapters.storage.repositories.people.namelessness import accounts_of, nameless_of
        from adapters.storage.work.kept_texts import rewrite

        nobody = {
            **_profile("", "", ""),
            "email": None,
            "quiet": None,
            "zone_asked_at": None,
            "role": int(Role.GUEST),
            "active": False,
            "provisional": False,
        }

        def forget(db: Scoped) -> bool:
            accounts = accounts_of(db, member_id)
            told = nameless_of(db, accounts)
            if not told or told[0].member_id != member_id:
                return False
            for account in {nameless.member_id for nameless in told}:
                db.change(_CHANGE, the_member=account, forgotten_at=at, **nobody)
                forget_deeds(db, account)
            for nameless in told:
                rewrite(db, nameless, since)
            return True

        try:
            return await self._transaction.run(forget)
        finally:
            self._transaction.met.clear()

    async def set_role(self, member_id: int, role: Role) -> None:
        """Change a role."""
        await self._transaction.run(lambda db: db.change(_CHANGE, the_member=member_id, role=int(role)))

    async def set_profile(
        self, member_id: int, *, name: str, zone: str, locale: str, is_provisional: bool = False
    ) -> None:
        """Change the name, zone and locale; the member is provisional no more, unless that is said."""
        values = {**_profile(name, zone, locale), "provisional": is_provisional}
        await self._transaction.run(lambda db: db.change(_CHANGE, the_member=member_id, **values))


def _profile(name: str, zone: str, locale: str) -> dict[str, Any]:
    return {"name": name[:NAME], "sort_key": sort_key(name, NAME), "zone": zone[:ZONE], "locale": locale[:ZONE]}


def _found(db: Scoped, rows: Sequence[Row[Any]]) -> list[Member]:
    """Return the members of rows, their identities looked up."""
    numbers = (row.id for row in rows)
    return _members(rows, [row for some in chunks(numbers) for row in db.all(_OF_MEMBERS, the_members=some)])


def _members(rows: Sequence[Row[Any]], known: Sequence[Row[Any]]) -> list[Member]:
    identities_: dict[int, list[Identity]] = {}
    for row in known:
        identities_.setdefault(row.member_id, []).append(_identity(row))
    return [_member(row, identities_.get(row.id, ())) for row in rows]


def _identity(row: Row[Any]) -> Identity:
    return Identity(Platform(row.platform), row.space_id, row.external_id, row.member_id)


def _member(row: Row[Any], known: Sequence[Identity]) -> Member:
    return Member(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        zone=row.zone,
        locale=row.locale,
        active=bool(row.active),
        identities=tuple(known),
        is_provisional=bool(row.provisional),
        email=row.email or "",
        quiet=row.quiet or "",
        zone_asked=row.zone_asked_at is not None,
    )
