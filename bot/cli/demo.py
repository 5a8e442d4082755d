"""`quartermaster demo`: the example of a shop, made and taken away by the same commands that people type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.commands.areas import AREAS
from bot.example.model import Entry, Step, Talk
from bot.example.shop import GENERAL, OFFICE, PEOPLE, ROLES, TALK
from bot.grammar.declaration import Area
from bot.identity.identities import CONSOLE_SPACE, OWNER_USER
from bot.settings.model import Settings
from bot.texts import cli as words
from bot.texts.common import undo_ids
from bot.wiring import bootstrap
from bot.wiring.product import Product
from core.chat.actor import Actor
from core.chat.reply import Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.text import plain
from core.people.model import Member
from core.ports.storage import Transactions
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

_KEYS = "demo:"
"""What the keys of its messages begin with."""

_NOTE = f"{_KEYS}note"
_EXAMPLES = {area.name: (area, found) for area in AREAS if (found := area.load_example())}
_BULKS = [example.bulk for _, example in _EXAMPLES.values() if example.bulk]
_TALK: Sequence[Talk] = sorted(
    [*TALK, *(talk for _, example in _EXAMPLES.values() for talk in example.talk)], key=lambda talk: -talk.minutes
)


class DemoError(QuartermasterError):
    """A line of the example was refused."""

    code = "demo"

    def __init__(self, line: str, reply: Reply) -> None:
        """Keep the line and what was wrong with it."""
        super().__init__(f"{line}: {reply.problem}")


async def fill(settings: Settings) -> str:
    """Fill the workspace and return the sentence to print; what is there already is not made again."""
    clock = _Lately()
    async with bootstrap.open_product(settings, clock=clock) as (product, _):
        shop = await _Shop.of(product, clock)
        if await shop.is_there():
            return words.DEMO_IS_THERE
        await shop.fill()
        return words.demo_filled(len(PEOPLE), {many: len(some) for many, some in shop.numbers.items()} | shop.laid)


async def would_mix(settings: Settings) -> list[str]:
    """Return among which other records the example would lie, as they are called."""
    async with bootstrap.open_product(settings) as (product, _):
        return await (await _Shop.of(product)).would_be_among_others()


async def remove(settings: Settings) -> str:
    """Take the example away, and return the sentence to print."""
    async with bootstrap.open_product(settings) as (product, _):
        return await (await _Shop.of(product)).remove()


@dataclass(slots=True)
class _Lately:
    """The clock of the machine, so many days ago."""

    days: int = 0

    def now(self) -> datetime:
        """Return that instant."""
        return datetime.now(UTC) - timedelta(days=self.days)


@value_object
class _Typed:
    """An entry being added, or a step that came after that: so many days ago."""

    ago: int
    area: Area
    adds: str
    place: int
    entry: Entry
    step: Step | None = None
    count: int = 0


def _in_order() -> Sequence[_Typed]:
    """Return what is typed to make all entries of all areas, the longest ago first."""
    found = []
    for area, example in _EXAMPLES.values():
        for place, entry in enumerate(example.entries):
            ago = entry.ago
            found.append(_Typed(ago, area, example.adds, place, entry))
            for count, step in enumerate(entry.steps):
                ago = ago if step.ago is None else step.ago
                found.append(_Typed(ago, area, example.adds, place, entry, step, count))
    return sorted(found, key=lambda typed: -typed.ago)


@dataclass(slots=True)
class _Shop:
    """The example being made: every step has a delivery id, so that one broken off is finished by the next run."""

    product: Product
    owner: Actor
    clock: _Lately
    numbers: dict[str, set[int]] = field(default_factory=dict)
    """Those of what it has, by the word for such records."""
    entered: dict[str, int] = field(default_factory=dict)
    """The number of each entry, by what its steps are known by."""
    laid: dict[str, int] = field(default_factory=dict)
    """How much it has of what nobody types, by the word for it."""

    @classmethod
    async def of(cls, product: Product, clock: _Lately | None = None) -> "_Shop":
        """Find out where it is, or would be."""
        owner = await product.application.identify(_request(OWNER_USER, GENERAL, "", ""))
        return cls(product, owner, clock or _Lately())

    @property
    def _workspace(self) -> Transactions:
        return self.product.storage.workspace(self.owner.workspace_id)

    async def is_there(self) -> bool:
        return bool(await self._noted_numbers())

    async def fill(self) -> None:
        await self._begin_note()
        for name in PEOPLE:
            await self._run(f"person:{name}", name, GENERAL, "/user whoami")
        for name, role in ROLES.items():
            await self._run(f"role:{name}", OWNER_USER, OFFICE, f"/user role @{name} {role}")
        for typed in _in_order():
            self.clock.days = typed.ago
            await self._enter(typed)
        self.clock.days = 0
        await self._lay()
        for place, talk in enumerate(_TALK):
            await self._talk(place, talk)
        await self._end_note()

    async def remove(self) -> str:
        """Remove its records, what was said, and its people."""
        numbers = await self._noted_numbers()
        if not numbers:
            return words.DEMO_IS_NOT_THERE
        # What came last stands upon what came before. One may have been removed already.
        removals = [
            await self._as_owner(f"/{area.name} {example.removes} {number}")
            for area, example in reversed(_EXAMPLES.values())
            for number in numbers.get(area.plural, ())
        ]
        counts = {many: len(some) for many, some in numbers.items()}
        async with self._workspace.write() as work:
            for area, example in _EXAMPLES.values():
                if example.erase and area.plural in numbers:
                    await example.erase(work, numbers[area.plural])
            for bulk in _BULKS:
                counts[bulk.many] = await bulk.clear(work)
            # Its note goes, so what its owner undoes must not bring a part of it back.
            for undo_id in (entry for reply in removals for entry in undo_ids(reply.actions)):
                await work.undo.use(undo_id, self.product.clock.now())
            await work.messages.remove_posted(_KEYS)
            await work.commit()
        people, stay = await self._people(), {}
        for member in people:
            reply = await self._as_owner(f"/user forget @{member.name}#{member.id} confirm:yes")
            if reply.problem:
                stay[member.name] = reply.problem.message
        return words.demo_removed(counts, len(people) - len(stay), stay)

    async def would_be_among_others(self) -> list[str]:
        """Return of which areas there are records already, if none are the example's."""
        if await self._noted_numbers():
            return []
        found = [
            (area, await self._as_owner(f"/{area.name} {example.everything}")) for area, example in _EXAMPLES.values()
        ]
        named = {area.name: example.bulk.many for area, example in _EXAMPLES.values() if example.bulk}
        return [named.get(area.name, area.plural) for area, listing in found if listing.tables]

    async def _begin_note(self) -> None:
        """Post a message that only the owner sees, above what is said, for the numbers of what the example has."""
        at = self.product.clock.now() - timedelta(minutes=_TALK[0].minutes + 1)
        async with self._workspace.write() as work:
            owner = self.owner
            note = words.demo_noted({})
            await work.messages.post(
                owner.channel_id, author_id=None, reply=note, only=owner.member_id, key=_NOTE, at=at
            )
            await work.commit()

    async def _end_note(self) -> None:
        async with self._workspace.write() as work:
            seq = await work.messages.find(self.owner.channel_id, _NOTE)
            if seq is not None:
                note = words.demo_noted(self.numbers)
                await work.messages.replace(self.owner.channel_id, seq, note, self.product.clock.now())
            await work.commit()

    async def _noted_numbers(self) -> Mapping[str, Sequence[int]]:
        """Return the numbers of what the example has once all of it is there, else none."""
        channel = self.owner.channel_id
        async with self._workspace.read() as work:
            seq = await work.messages.find(channel, _NOTE)
            found = await work.messages.get(channel, seq, self.owner.member_id) if seq else None
        return words.demo_numbers(plain(found.reply.text)) if found and found.reply else {}

    async def _people(self) -> list[Member]:
        """Return its people as far as they are there."""
        async with self._workspace.read() as work:
            members = await work.members.all()
        return [
            member
            for member in members
            if any(known.platform is Platform.WEB and known.external_id in PEOPLE for known in member.identities)
        ]

    async def _as_owner(self, line: str) -> Reply:
        return await self.product.application.handle(_request(OWNER_USER, GENERAL, line, ""))

    async def _enter(self, typed: _Typed) -> None:
        entry, key = typed.entry, f"{typed.area.name}:{typed.place}"
        if typed.step is None:
            line = f"/{typed.area.name} {typed.adds} {await self._arguments(entry)}"
            self.entered[key] = _number(await self._run(key, entry.by, entry.channel, line))
            return
        line = typed.step.line.replace("{number}", f"#{self.entered[key]}")
        await self._run(f"{key}:{typed.count}", typed.step.by or entry.by, entry.channel, line)

    async def _lay(self) -> None:
        """Put in what nobody types, anew if a run that was broken off has put it in."""
        today = _today(self.product.clock.now(), self.owner)
        async with self._workspace.write() as work:
            for bulk in _BULKS:
                await bulk.clear(work)
                self.laid[bulk.many] = await bulk.lay(work, today)
            await work.commit()

    async def _arguments(self, entry: Entry) -> str:
        if entry.day is None:
            return entry.arguments
        actor = await self.product.application.identify(_request(entry.by, entry.channel, "", ""))
        day = _today(self.product.clock.now(), actor) + timedelta(days=entry.day)
        return entry.arguments.replace("{day}", f"{day:%Y-%m-%d}")

    async def _talk(self, place: int, talk: Talk) -> None:
        """Say a line in the console's channel, and what a command in it answers."""
        at = self.product.clock.now() - timedelta(minutes=talk.minutes)
        request = _request(talk.by, talk.channel, "", "")
        actor = await self.product.application.identify(request)
        is_command = talk.line.startswith("/")
        reply = await self._run(f"talk:{place}", talk.by, talk.channel, talk.line) if is_command else None
        async with self.product.storage.workspace(actor.workspace_id).write() as work:
            said = await work.messages.post(
                actor.channel_id,
                author_id=actor.member_id,
                text=talk.line,
                key=f"{_KEYS}{place}:line",
                at=at,
            )
            if reply is not None:
                await work.messages.post(
                    actor.channel_id,
                    author_id=None,
                    reply=replace(reply, visibility=Visibility.CHANNEL),
                    answers=said.seq,
                    key=f"{_KEYS}{place}:reply",
                    at=at + timedelta(seconds=1),
                )
            await work.commit()

    async def _run(self, step: str, user: str, channel: str, line: str) -> Reply:
        reply = await self.product.application.handle(_request(user, channel, line, f"demo:{step}"))
        if not reply.ok:
            raise DemoError(line, reply)
        name, _, action = line.removeprefix("/").partition(" ")
        if name in _EXAMPLES and action.startswith(f"{_EXAMPLES[name][1].adds} "):
            self.numbers.setdefault(_EXAMPLES[name][0].plural, set()).add(_number(reply))
        return reply


def _request(user: str, channel: str, line: str, delivery: str) -> Request:
    return Request(
        platform=Platform.WEB,
        space_id=CONSOLE_SPACE,
        channel=ChannelRef(channel, channel, ChannelKind.PUBLIC),
        user=UserRef(user, PEOPLE.get(user, user.capitalize())),
        text=line,
        delivery_id=delivery,
    )


def _number(reply: Reply) -> int:
    """Return the number of the record that a reply says was added."""
    return next(shown.value for shown in reply.fields if shown.key == "number" and isinstance(shown.value, int))


def _today(now: datetime, actor: Actor) -> date:
    return now.astimezone(ZoneInfo(actor.zone)).date()
