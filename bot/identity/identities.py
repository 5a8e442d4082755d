"""Who asks: from a platform's person in a platform's channel to a member of a workspace."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.identity.directory import Directory
from bot.identity.profiles import Profiles
from core.chat.actor import Actor
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.history.model import ChangeEntry, FieldChange
from core.people.kind import MEMBER_KIND, NAME
from core.people.model import Identity, Member, Role
from core.ports.platform import Messenger
from core.ports.storage import Committed, Storage, UnitOfWork
from core.shared.clock import Clock, has_passed
from core.shared.errors import InvalidArgumentError, NotFoundError, RefusedError
from core.shared.events import Event, EventValue
from core.shared.naming import near_person
from core.shared.readable import one_line
from core.shared.value_objects import value_object
from core.shared.zones import known_zone
from core.workspaces.model import DEFAULT_WORKSPACE, Channel, Space, Workspace
from core.workspaces.service import SPACE_JOINED

CONSOLE_SPACE = "console"
OWNER_USER, OWNER_NAME = "owner", "Owner"
"""The person of this machine, and what they are called at first sight, whether by the console or the command line."""
DIRECTORY_LIFE = timedelta(seconds=30)
"""How old a directory may be before it is read again; changes show at once, those of other processes soon."""
SPACES_LIFE = timedelta(seconds=60)
"""How long it is taken for known which space is in which workspace."""
MET = "member.joined"
"""The event of people and channels that were seen for the first time, or under another name."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_LOCAL = (Platform.WEB, Platform.TERMINAL, Platform.HTTP)
_MOVES = ("member.", "workspace.")


@value_object
class Defaults:
    """What a new workspace starts with."""

    zone: str
    currency: str
    locale: str = "en"


@dataclass(slots=True)
class _Kept:
    directory: Directory
    read_at: datetime


@dataclass(slots=True)
class Identities:
    """Finds, and on first sight makes, the space, channel and member behind a request."""

    storage: Storage
    messengers: Mapping[Platform, Messenger]
    clock: Clock
    defaults: Defaults
    _spaces: dict[tuple[Platform, str], Space] = field(default_factory=dict)
    _all_spaces: list[Space] = field(default_factory=list)
    _spaces_at: dict[tuple[Platform, str], datetime] = field(default_factory=dict)
    _all_at: datetime = _LONG_AGO
    _kept: dict[int, _Kept] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _profiles: Profiles = field(init=False)

    def __post_init__(self) -> None:
        """Follow what commits change."""
        self._profiles = Profiles(self.messengers, self.clock)
        self.storage.watch(self._committed, self._missed)

    async def directory(self, workspace_id: int) -> Directory:
        """Return the workspace's people and channels, at most `DIRECTORY_LIFE` old."""
        kept = self._kept.get(workspace_id)
        if kept and not has_passed(DIRECTORY_LIFE, kept.read_at, self.clock.now()):
            return kept.directory
        return await self._read(workspace_id)

    async def remembered(self, workspace_id: int) -> Directory:
        """Return what is in memory of a workspace's people and channels, however old; read only if there is nothing."""
        kept = self._kept.get(workspace_id)
        return kept.directory if kept else await self._read(workspace_id)

    async def directory_with(self, workspace_id: int, *, member: int | None, channel: int | None) -> Directory:
        """Return a directory that has a member and a channel, read anew if another process has just made them."""
        directory = await self.directory(workspace_id)
        is_there = (member is None or member in directory.members) and (
            channel is None or channel in directory.channels
        )
        return directory if is_there else await self._read(workspace_id)

    async def actor(self, request: Request) -> tuple[Actor, Directory]:
        """Return who asks and the directory of their workspace; newcomers become members.

        Of whom the platform did not tell at first sight it is asked again, once an hour at most.

        Raises `RefusedError` (`inactive`) for a member who was switched off.
        """
        space = await self.space(request)
        directory = await self.directory(space.workspace_id)
        member = self._member(directory, space, request)
        channel = self._channel(directory, space, request)
        if member is None or channel is None:
            directory = await self._welcome(space, request)
            member, channel = self._member(directory, space, request), self._channel(directory, space, request)
        elif member.is_provisional and space.platform not in _LOCAL:
            directory = await self._meet(space, request, directory)
            member = self._member(directory, space, request)
        if member is None or channel is None or not member.active:
            raise RefusedError("inactive")
        return self._actor(directory, space, member, channel, request), directory

    async def space(self, request: Request) -> Space:
        """Return the space of a request; the console, the command line and HTTP share one."""
        platform, external = self._space_key(request)
        known, now = self._spaces.get((platform, external)), self.clock.now()
        if known and not has_passed(SPACES_LIFE, self._spaces_at.get((platform, external), _LONG_AGO), now):
            return known
        async with self._lock:
            space = await self._ensure_space(platform, external)
            self._spaces[platform, external], self._spaces_at[platform, external] = space, now
            if space != known:
                self._all_spaces = []
        return space

    async def all_spaces(self, wanted: Iterable[int] = ()) -> list[Space]:
        """Return every space, read again when a new one was made, and when one that is wanted is not among them."""
        is_fresh = self._all_spaces and not has_passed(SPACES_LIFE, self._all_at, self.clock.now())
        if not is_fresh or not {space.id for space in self._all_spaces}.issuperset(wanted):
            self._all_spaces, self._all_at = list(await self.storage.system.spaces()), self.clock.now()
        return self._all_spaces

    async def introduce(
        self, space: Space, users: Sequence[str], *, told: Iterable[UserRef] = (), only_told: bool = False
    ) -> Directory:
        """Make people of a space known of whom somebody else speaks, and return the directory that has them.

        The platform is asked about those of whom it has not `told` already. With `only_told` only those become known of
        whom it tells: an id that was typed may be nobody's.
        """
        directory = await self.directory(space.workspace_id)
        new = [user for user in users if (space.platform, space.id, user) not in directory.by_identity]
        profiles: dict[str, UserRef | None] = {person.id: person for person in told}
        # The platform is asked before the lock, for a slow one must not hold back anybody else.
        asked = [user for user in new if user not in profiles]
        found = await asyncio.gather(*(self._profiles.of(space, user) for user in asked))
        profiles.update(zip(asked, found, strict=True))
        if only_told:
            new = [user for user in new if profiles[user]]
        if not new:
            return directory
        async with self._lock:
            directory = await self._read(space.workspace_id)
            async with self.storage.workspace(space.workspace_id).write() as work:
                # Read once more, now that no other process can make them.
                fresh = Directory.of(directory.workspace, await work.members.all(), ())
                for user in new:
                    if (space.platform, space.id, user) not in fresh.by_identity:
                        await self._add_member(work, space, UserRef(user), profiles[user])
                self._tell(work)
                await work.commit()
            return await self._read(space.workspace_id)

    def user_in(self, platform: Platform, external_space: str, member_id: int) -> str | None:
        """Return what a platform's space calls a member, as far as that is in memory: for mentions in answers."""
        # Before anybody there has typed something, only the relay has read the space.
        known = (
            space for space in self._all_spaces if (space.platform, space.external_id) == (platform, external_space)
        )
        space = self._spaces.get((platform, external_space)) or next(known, None)
        kept = self._kept.get(space.workspace_id) if space else None
        member = kept.directory.members.get(member_id) if kept else None
        if space is None or member is None:
            return None
        own = (identity.external_id for identity in member.identities if identity.space_id == space.id)
        return next(own, None)

    def forget_spaces(self) -> None:
        """Read spaces and directories anew, after one moved to another workspace."""
        self._spaces.clear()
        self._all_spaces = []
        self._kept.clear()

    def _space_key(self, request: Request) -> tuple[Platform, str]:
        if request.platform is Platform.TERMINAL and request.space_id not in ("", DEFAULT_WORKSPACE):
            return Platform.TERMINAL, request.space_id
        return (Platform.WEB, CONSOLE_SPACE) if request.platform in _LOCAL else (request.platform, request.space_id)

    async def _ensure_space(self, platform: Platform, external: str) -> Space:
        system, now, start = self.storage.system, self.clock.now(), self.defaults
        spaces = await system.spaces()
        for space in spaces:
            if (space.platform, space.external_id) == (platform, external):
                return space
        first = not any(space.platform not in _LOCAL for space in spaces)
        workspace: Workspace | None
        if platform is Platform.TERMINAL:
            workspace = await system.workspace(external)
            if workspace is None:
                raise NotFoundError("workspace", external, [known.name for known in await system.workspaces()])
        elif platform is Platform.WEB or first:
            workspace = await system.ensure_default_workspace(
                zone=start.zone, currency=start.currency, locale=start.locale, at=now
            )
        else:
            name = f"{platform.value}-{external}"
            # One may be there already without its space: made right before the process died.
            workspace = await system.workspace(name) or await system.create_workspace(
                name, zone=start.zone, currency=start.currency, locale=start.locale, at=now
            )
        return await system.ensure_space(workspace.id, platform, external, external, now)

    async def _read(self, workspace_id: int) -> Directory:
        async with self.storage.workspace(workspace_id).read() as work:
            workspace, members, channels = (
                await work.settings.get(),
                await work.members.all(),
                await work.channels.all(),
            )
        places = {channel.space_id for channel in channels}
        spaces = [one for one in await self.all_spaces(places) if one.id in places] if len(places) > 1 else ()
        directory = Directory.of(workspace, members, channels, spaces)
        self._kept[workspace_id] = _Kept(directory, self.clock.now())
        return directory

    def _member(self, directory: Directory, space: Space, request: Request) -> Member | None:
        member_id = directory.by_identity.get((space.platform, space.id, request.user.id))
        if request.platform is Platform.TERMINAL and request.user.id != OWNER_USER:
            named = directory.names.find(request.user.id)
            if len(named) == 1:
                return directory.members[named[0]]
            if named and member_id is None:
                choices = tuple(map(directory.names.word, named))
                raise InvalidArgumentError(
                    "as", "several_people", value=request.user.id, count=len(named), choices=choices
                )
            if member_id is None and not request.user.name:
                near = near_person(request.user.id, directory.names.by_handle)
                raise InvalidArgumentError("as", "nobody_to_be", value=request.user.id, near=f"@{near}" if near else "")
        return directory.members.get(member_id) if member_id is not None else None

    def _channel(self, directory: Directory, space: Space, request: Request) -> Channel | None:
        wanted = request.channel
        if request.platform is Platform.TERMINAL and (named := directory.find_channel(wanted.name, space.id)):
            return named
        for channel in directory.channels.values():
            if (channel.space_id, channel.external_id) == (space.id, wanted.id):
                same = channel.kind is wanted.kind and (not wanted.name or channel.name == wanted.name)
                return channel if same else None
        return None

    async def _welcome(self, space: Space, request: Request) -> Directory:
        """Make a new person or channel known, or bring a renamed channel up to date."""
        # The platform is asked before the lock, for a slow one must not hold back the newcomers of others.
        profile = request.user if space.platform in _LOCAL else None
        if profile is None and self._is_new(space, request):
            profile = await self._profiles.of(space, request.user.id)
        async with self._lock:
            async with self.storage.workspace(space.workspace_id).write() as work:
                # Read within the transaction, so that no other process makes them meanwhile.
                members, channels = await work.members.all(), await work.channels.all()
                directory = Directory.of(await work.settings.get(), members, channels)
                if self._channel(directory, space, request) is None:
                    await self._ensure_channel(work, space, request.channel)
                if self._member(directory, space, request) is None:
                    await self._add_member(work, space, request.user, profile)
                self._tell(work)
                await work.commit()
            return await self._read(space.workspace_id)

    def _tell(self, work: UnitOfWork) -> None:
        """Tell other processes, which have their directories in memory too."""
        work.events.record(Event(MET, self.clock.now(), None, None, {}))

    def _is_new(self, space: Space, request: Request) -> bool:
        kept = self._kept.get(space.workspace_id)
        return kept is None or self._member(kept.directory, space, request) is None

    async def _ensure_channel(self, work: UnitOfWork, space: Space, wanted: ChannelRef) -> None:
        name = wanted.name or wanted.id
        await work.channels.ensure(space.id, wanted.id, name, wanted.kind, self.clock.now())

    async def _add_member(self, work: UnitOfWork, space: Space, user: UserRef, profile: UserRef | None) -> None:
        known = profile or user
        is_first_local = space.platform in _LOCAL and user.id == OWNER_USER
        member_id = await work.members.add(
            OWNER_NAME if is_first_local else one_line(known.name) or user.id,
            Role.OWNER if is_first_local else _first_role(known),
            zone=known_zone(known.zone),
            locale=known.locale,
            is_provisional=profile is None,
            at=self.clock.now(),
        )
        await work.members.add_identity(Identity(space.platform, space.id, user.id, member_id))

    async def _meet(self, space: Space, request: Request, directory: Directory) -> Directory:
        """Make up for what the platform did not tell of a person at first sight, as soon as it does."""
        profile = await self._profiles.of(space, request.user.id)
        if profile is None:
            return directory
        async with self.storage.workspace(space.workspace_id).write() as work:
            fresh = Directory.of(directory.workspace, await work.members.all(), directory.channels.values())
            member = self._member(fresh, space, request)
            if member is not None and member.is_provisional:
                await self._complete(work, member, profile)
                await work.commit()
        return await self._read(space.workspace_id)

    async def _complete(self, work: UnitOfWork, member: Member, profile: UserRef) -> None:
        role, name = _first_role(profile), one_line(profile.name) or member.name
        if name != member.name:
            # What was answered before names them so, and whoever is forgotten is so by all their names.
            renamed = FieldChange(NAME, member.name, name)
            work.changes.add(ChangeEntry(MEMBER_KIND.name, member.id, self.clock.now(), member.id, "", (renamed,)))
        await work.members.set_profile(
            member.id,
            name=name,
            # One that they chose themselves stays.
            zone=member.zone or known_zone(profile.zone),
            locale=profile.locale or member.locale,
        )
        # A role that somebody gave them meanwhile stays.
        if member.role is Role.MEMBER and role is not Role.MEMBER:
            await work.members.set_role(member.id, role)
        facts: dict[str, EventValue] = {"member": member.id, "role": int(role)}
        work.events.record(Event("member.met", self.clock.now(), None, member.id, facts))

    def _actor(self, directory: Directory, space: Space, member: Member, channel: Channel, request: Request) -> Actor:
        return Actor(
            workspace_id=directory.workspace.id,
            member_id=member.id,
            name=member.name,
            role=member.role,
            zone=directory.zones.of(request.zone, member.zone, request.user.zone, channel_id=channel.id),
            locale=member.locale or directory.workspace.locale,
            platform=space.platform,
            space_id=space.id,
            channel_id=channel.id,
            channel_name=channel.name,
            channel_kind=ChannelKind(channel.kind),
        )

    def _committed(self, committed: Committed) -> None:
        if any(event.kind.startswith(_MOVES) for event in committed.events):
            self._kept.pop(committed.workspace_id, None)
        if any(event.kind == SPACE_JOINED for event in committed.events):
            self.forget_spaces()

    def _missed(self) -> None:
        """Read everything anew when it is next needed; until then names are better old than none."""
        self._spaces_at.clear()
        self._all_spaces = []
        for kept in self._kept.values():
            kept.read_at = _LONG_AGO


def _first_role(profile: UserRef) -> Role:
    """Return the role that a platform's person starts with."""
    if profile.is_admin:
        return Role.ADMIN
    return Role.GUEST if profile.is_guest else Role.MEMBER
