"""What a command function is given besides its arguments."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.services import Services
from bot.grammar.arguments import ChannelScope
from bot.grammar.subjects import Aside, Subject
from bot.identity.directory import Directory
from bot.texts.view import View
from core.chat.actor import Actor
from core.chat.reply import Reply
from core.chat.request import ChannelKind, Request
from core.chat.spec import Catalogue
from core.files.model import StoredFile
from core.ports.storage import UndoEntry
from core.shared.errors import InvalidArgumentError
from core.workspaces.model import Audience


@dataclass(slots=True)
class Context:
    """One request on its way: who asks, when, and the services bound to its workspace and transaction.

    `touched` collects what the command changed, in words for the audit trail (`#12`); `override` is set when an
    administrator's right to see everything was used; `is_confidential` keeps the answer from the channel.
    """

    request: Request
    actor: Actor
    now: datetime
    services: Services
    directory: Directory
    catalogue: Catalogue
    inverses: "Mapping[str, Callable[[Context, UndoEntry], Awaitable[Reply]]]"
    subjects: Mapping[str, Subject]
    asides: Sequence[tuple[str, Aside]]
    """By the names of their areas."""
    load_audience: Callable[[bool], Awaitable[Audience]]
    reference: str = ""
    delivery: str = ""
    """What makes a repetition of the request recognisable."""
    report_progress: Callable[[float], None] = lambda _fraction: None
    expect: Callable[[str], bool] = lambda _key: False
    """Lets the answer of the job of that key be the request's own; tells whether one can be expected soon."""
    touched: list[str] = field(default_factory=list)
    received: list[StoredFile] = field(default_factory=list)
    """Files that came with the request and are stored, although nothing may know of them yet."""
    override: bool = False
    is_confidential: bool = False
    line: str | None = ""
    """What asks the same, where that is not what was typed; None where it came to nothing that anybody looks for."""
    _audiences: dict[bool, Audience] = field(default_factory=dict, init=False)

    @property
    def is_scheduled(self) -> bool:
        """Tell whether a schedule asks: whoever made it chose the channel that hears the answer."""
        return bool(self.request.zone)

    @property
    def view(self) -> View:
        """Return for whom and when the answer is worded."""
        return View(self.actor, self.directory, self.now)

    def tells_of(self, channels: Iterable[int]) -> None:
        """Answer only the asker if what is told belongs to a private channel that this is not."""
        if self.actor.channel_kind is ChannelKind.DIRECT:
            return
        for channel_id in channels:
            channel = self.directory.channels.get(channel_id)
            is_open = channel is not None and channel.kind is ChannelKind.PUBLIC
            if channel_id != self.actor.channel_id and not is_open:
                self.is_confidential = True

    def tells_asker_alone(self) -> None:
        """Answer only the asker: it is of no interest to the others of a channel, as that nothing had to be changed."""
        if self.actor.channel_kind is not ChannelKind.DIRECT:
            self.is_confidential = True

    async def audience(self, *, everywhere: bool = True) -> Audience:
        """Return what the actor may see: in this channel, or everywhere, which may ask the platform.

        It is the same throughout a request, and asked for once: a platform that does not answer is not waited for
        again, least of all by somebody who has the database's write lock by then.
        """
        if self.override:
            return Audience(self.actor.member_id, frozenset({self.actor.channel_id}), everything=True)
        if everywhere not in self._audiences:
            self._audiences[everywhere] = await self.load_audience(everywhere)
        return self._audiences[everywhere]

    async def audience_of(self, scope: ChannelScope) -> Audience:
        """Return what the actor may see in that scope.

        Raises `InvalidArgumentError` for a channel that they can't look into, in the words for one that is not there:
        the name of a private channel is not for everybody.
        """
        if not await self.looks_into(scope.channel_id):
            raise InvalidArgumentError("channel", "no_such_channel", value=scope.typed)
        return await self.audience(everywhere=scope.channel_id != self.actor.channel_id)

    async def looks_into(self, channel_id: int | None) -> bool:
        """Tell whether the actor may look into a channel, or (None) into all that they are in."""
        audience = await self.audience(everywhere=channel_id != self.actor.channel_id)
        channel = None if channel_id is None else self.directory.channels.get(channel_id)
        is_open = channel is None or channel.kind is ChannelKind.PUBLIC or channel.id in audience.channels
        return is_open or audience.everything
