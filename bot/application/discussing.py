"""The commands that every area of numbered records has alike: what is said about one, and what happened to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from bot.application.context import Context
from bot.grammar.arguments import Rest, reference
from bot.texts import comments as texts
from bot.texts import history as history_texts
from bot.texts.common import with_article
from bot.texts.history import Told
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.chat.text import plain
from core.history.service import NumberedService
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.undo.entries import Record

if TYPE_CHECKING:
    from bot.grammar.declaration import Area

F = TypeVar("F", bound=Callable[..., Any])


def discuss(
    area: "Area", service: type[NumberedService[Any]], told: Told, example: str, *, reader: Role = Role.GUEST
) -> None:
    """Give an area `comment` and `history`, and let comments be taken back; `example` is something worth saying.

    `reader` is from which role on people read what happened.
    """
    names = service.called
    words = {"area": names.area, "one": names.one, "a_one": with_article(names.one), "example": example}
    words |= {"such": area.subject.info.example if area.subject else "12", "called": _called(told)}

    @area.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
    @_worded(words)
    async def comment(ctx: Context, record: Annotated[int, reference(names.one, name=names.one)], text: Rest) -> Reply:
        """Say something about {a_one}, to be found with it.

        `/{area} history` has all that was said.

        Args:
            record: the {called} of the {one}, such as `{such}`
            text: what there is to say, such as `{example}`; up to 2,000 characters

        Examples:
            /{area} comment {such} {example}
        """
        said = await ctx.services.get(service).comment(ctx.actor, await ctx.audience(), record, text)
        ctx.touched.append(told.kind.called(said.record))
        _tells_of(ctx, said.record)
        return texts.commented(told.name(said.record), said.words, said.undo_id, ctx.view)

    @area.inverse(f"{told.kind.name}.comment")
    async def withdraw(ctx: Context, entry: UndoEntry) -> Reply:
        """Take a comment back."""
        record = await ctx.services.get(service).withdraw_comment(ctx.actor, entry, await ctx.audience())
        ctx.touched.append(told.kind.called(record))
        _tells_of(ctx, record)
        return texts.withdrawn(told.name(record), entry.command, ctx.view)

    @area.command(role=reader, overridable=True)
    @_worded(words)
    async def history(
        ctx: Context, record: Annotated[int, reference(names.one, name=names.one)], page: str = ""
    ) -> Reply:
        """Show what happened to {a_one}: who changed what, who said what, and when.

        The newest comes first. A removed {one} still has its history.

        Args:
            record: the {called} of the {one}, such as `{such}`
            page: where to go on, as the buttons fill it in

        Examples:
            /{area} history {such}
        """
        found = await ctx.services.get(service).history(record, await ctx.audience(), cursor=page)
        command = f"/{names.area} history {record}{' override:yes' if ctx.override else ''}"
        return history_texts.shown(told, plain(told.name(found.record)), command, found.history, ctx.view)


def _worded(words: dict[str, str]) -> Callable[[F], F]:
    """Put the words of an area into the docstring of a command."""

    def word(function: F) -> F:
        function.__doc__ = (function.__doc__ or "").format(**words)
        return function

    return word


def _called(told: Told) -> str:
    """Return what people call the field by which records go."""
    return told.labels[told.kind.key].lower() if told.kind.key else "number"


def _tells_of(ctx: Context, record: Record) -> None:
    """Keep the answer from the channel where the record is of a private one."""
    channel_id = getattr(record, "channel_id", None)
    ctx.tells_of([] if channel_id is None else [channel_id])
