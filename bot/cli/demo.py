"""`quartermaster demo`: fills the workspace with the example of a shop, by the same commands that people type."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cli.demo_shop import GENERAL, OFFICE, PEOPLE, ROLES, TALK, TODOS, Talk, Todo
from bot.identity.identities import CONSOLE_SPACE, OWNER_USER
from bot.settings.model import Settings
from bot.texts import cli as words
from bot.wiring import bootstrap
from bot.wiring.product import Product
from core.chat.actor import Actor
from core.chat.reply import Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.shared.errors import QuartermasterError

_END = "demo:end"


class DemoError(QuartermasterError):
    """A line of the example was refused."""

    code = "demo"

    def __init__(self, line: str, reply: Reply) -> None:
        """Keep the line and what was wrong with it."""
        super().__init__(f"{line}: {reply.problem}")


async def fill(settings: Settings) -> str:
    """Fill the workspace and return the sentence to print; what is there already is not made again."""
    async with bootstrap.open_product(settings) as (product, _):
        shop = _Shop(product)
        if await shop.is_there():
            return words.DEMO_IS_THERE
        await shop.fill()
        return words.demo_filled(len(PEOPLE), len(shop.numbers))


@dataclass(slots=True)
class _Shop:
    """The example being made: every step has a delivery id, so that one broken off is finished by the next run."""

    product: Product
    numbers: set[int] = field(default_factory=set)

    async def is_there(self) -> bool:
        actor = await self.product.application.identify(_request(OWNER_USER, GENERAL, "", ""))
        async with self.product.storage.workspace(actor.workspace_id).read() as work:
            return await work.messages.find(actor.channel_id, _END) is not None

    async def fill(self) -> None:
        for name in PEOPLE:
            await self._run(f"person:{name}", name, GENERAL, "/user whoami")
        for name, role in ROLES.items():
            await self._run(f"role:{name}", OWNER_USER, OFFICE, f"/user role @{name} {role}")
        for place, todo in enumerate(TODOS):
            await self._todo(place, todo)
        for place, talk in enumerate(TALK):
            await self._talk(place, talk, is_last=talk is TALK[-1])

    async def _todo(self, place: int, todo: Todo) -> None:
        added = await self._run(f"todo:{place}", todo.by, todo.channel, await self._line(todo))
        if todo.done_by:
            await self._run(f"done:{place}", todo.done_by, todo.channel, f"/task done {_number(added)}")

    async def _line(self, todo: Todo) -> str:
        parts = [f"/task add {todo.title}"]
        if todo.day is not None:
            actor = await self.product.application.identify(_request(todo.by, todo.channel, "", ""))
            day = _today(self.product.clock.now(), actor) + timedelta(days=todo.day)
            parts.append(f'due:"{day:%Y-%m-%d} {todo.clock}"' if todo.clock else f"due:{day:%Y-%m-%d}")
        named = {"priority": todo.priority, "assign": f"@{todo.assign}" if todo.assign else ""}
        parts += [f"{name}:{value}" for name, value in named.items() if value]
        return " ".join([*parts, f'notes:"{todo.notes}"'] if todo.notes else parts)

    async def _talk(self, place: int, talk: Talk, *, is_last: bool) -> None:
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
                key=_END if is_last else f"demo:{place}:line",
                at=at,
            )
            if reply is not None:
                await work.messages.post(
                    actor.channel_id,
                    author_id=None,
                    reply=replace(reply, visibility=Visibility.CHANNEL),
                    answers=said.seq,
                    key=f"demo:{place}:reply",
                    at=at + timedelta(seconds=1),
                )
            await work.commit()

    async def _run(self, step: str, user: str, channel: str, line: str) -> Reply:
        reply = await self.product.application.handle(_request(user, channel, line, f"demo:{step}"))
        if not reply.ok:
            raise DemoError(line, reply)
        if line.startswith("/task add"):
            self.numbers.add(_number(reply))
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
    """Return the number of the task that a reply says was added."""
    return next(shown.value for shown in reply.fields if shown.key == "number" and isinstance(shown.value, int))


def _today(now: datetime, actor: Actor) -> date:
    return now.astimezone(ZoneInfo(actor.zone)).date()
