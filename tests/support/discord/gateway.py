"""The gateway: websocket sessions, their events, heartbeats, resuming, and what can go wrong with them."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.support.discord import payloads
from tests.support.discord.compression import Stream, stream_for
from tests.support.discord.message_form import content_for
from tests.support.discord.messages import Json, Message
from tests.support.discord.permissions import Permission
from tests.support.discord.rest import with_fault

if TYPE_CHECKING:
    from tests.support.discord.platform import DiscordPlatform

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE = range(4)
RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = range(6, 12)
GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1, 1 << 1, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | (1 << 8) | MESSAGE_CONTENT
NEEDED = {
    "GUILD_CREATE": GUILDS, "GUILD_UPDATE": GUILDS, "GUILD_DELETE": GUILDS, "CHANNEL_CREATE": GUILDS,
    "CHANNEL_UPDATE": GUILDS, "CHANNEL_DELETE": GUILDS, "GUILD_ROLE_CREATE": GUILDS, "GUILD_ROLE_UPDATE": GUILDS,
    "GUILD_ROLE_DELETE": GUILDS, "THREAD_CREATE": GUILDS, "GUILD_MEMBER_ADD": GUILD_MEMBERS,
    "GUILD_MEMBER_UPDATE": GUILD_MEMBERS, "GUILD_MEMBER_REMOVE": GUILD_MEMBERS,
}  # fmt: skip
UNKNOWN_ERROR, UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, BAD_TOKEN = range(4000, 4005)
BAD_SEQ, DISALLOWED_INTENTS = 4007, 4014


@dataclass(eq=False)
class Session:
    """What Discord remembers of a client, connected or not. `log` is what it may ask for again."""

    id: str
    intents: int
    connection: Connection | None = None
    seq: int = 0
    log: list[Json] = field(default_factory=list)

    def made(self, name: str, data: Any) -> Json:
        """The next event, kept for a resume."""
        self.seq += 1
        event: Json = {"op": DISPATCH, "t": name, "s": self.seq, "d": data}
        self.log.append(event)
        return event


@dataclass(eq=False)
class Connection:
    """One websocket. What is to be sent waits in a queue, so that events leave in order and can be made anywhere."""

    socket: web.WebSocketResponse
    request: web.Request
    stream: Stream
    session: Session | None = None
    queue: asyncio.Queue[Json | int] = field(default_factory=asyncio.Queue)

    def send(self, payload: Json) -> None:
        """Send one payload after those before it; a connection that is gone swallows it."""
        self.queue.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close it once all before has been sent."""
        self.queue.put_nowait(code)

    async def pump(self) -> None:
        """Send what comes into the queue, until the end."""
        with contextlib.suppress(ConnectionError):
            while not self.socket.closed:
                found = await self.queue.get()
                if isinstance(found, int):
                    await self.socket.close(code=found)
                else:
                    await self.stream(self.socket, json.dumps(found))


class Gateway:
    """All sessions, and the switches to disturb them.

    `identified`, `resumed` and `heartbeats` count what clients did; `heartbeat_seconds` is the interval asked of them.
    """

    def __init__(self, platform: DiscordPlatform) -> None:
        self._platform = platform
        self._ids = itertools.count(1)
        self.sessions: dict[str, Session] = {}
        self.heartbeat_seconds = 41.25
        self.answers_heartbeats = True
        self.identified: list[Json] = []
        self.resumed: list[Json] = []
        self.close_codes: list[int | None] = []
        self.heartbeats = 0
        self.connected_in_all = 0
        self._to_lose = 0
        self._held: list[tuple[Connection, Json]] | None = None

    @property
    def connections(self) -> list[Connection]:
        """The websockets of sessions that are connected."""
        return [session.connection for session in self.sessions.values() if session.connection is not None]

    @property
    def is_connected(self) -> bool:
        """Whether an event sent now would arrive."""
        return bool(self.connections)

    @property
    def is_holding(self) -> bool:
        """Whether an event is being kept back."""
        return bool(self._held)

    # ------------------------------------------------------------ one websocket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, unless a fault is ordered for it."""
        fault = self._platform.faults.take("GET /ws")
        return await with_fault(request, fault, lambda: self._serve(request))

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """From hello to the end."""
        socket = web.WebSocketResponse(max_msg_size=64 * 1024)
        await socket.prepare(request)
        connection = Connection(socket, request, stream_for(request.query.get("compress")))
        self.connected_in_all += 1
        pumping = asyncio.create_task(connection.pump())
        try:
            connection.send({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, message.data)
        finally:
            # Nothing is awaited before this: a lost connection cancels what runs here.
            self._ended(connection)
            pumping.cancel()
            await asyncio.gather(pumping, return_exceptions=True)
        return socket

    def _ended(self, connection: Connection) -> None:
        session, code = connection.session, connection.socket.close_code
        self.close_codes.append(code)
        if session is not None and session.connection is connection:
            session.connection = None
            if code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY) and not self._platform.is_closing:
                # A client that closes so has ended its session.
                self.sessions.pop(session.id, None)
        self._platform.changed()

    def _receive(self, connection: Connection, raw: str) -> None:
        try:
            payload = json.loads(raw)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            connection.close(DECODE_ERROR)
            return
        if op == HEARTBEAT:
            self.heartbeats += 1
            self._platform.changed()
            if self.answers_heartbeats:
                connection.send({"op": ACK})
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif connection.session is None:
            connection.close(NOT_AUTHENTICATED)
        elif op == MEMBERS:
            self._chunk(connection, data)
        elif op != PRESENCE:
            connection.close(UNKNOWN_OPCODE)

    def _identify(self, connection: Connection, data: Json) -> None:
        self.identified.append(data)
        intents = int(data.get("intents") or 0)
        if data.get("token") != self._platform.bot_token:
            connection.close(BAD_TOKEN)
        elif intents & PRIVILEGED & ~self._platform.app.privileged:
            connection.close(DISALLOWED_INTENTS)
        else:
            session = Session(f"session{next(self._ids)}", intents, connection)
            connection.session = session
            self.sessions[session.id] = session
            guilds = [guild for guild in self._platform.world.guilds.values() if guild.has_bot]
            connection.send(session.made("READY", payloads.ready(self._platform, session.id, guilds)))
            for guild in guilds if intents & GUILDS else ():
                members = bool(intents & GUILD_MEMBERS)
                event = payloads.guild_create(self._platform, guild, with_members=members)
                connection.send(session.made("GUILD_CREATE", event))
        self._platform.changed()

    def _resume(self, connection: Connection, data: Json) -> None:
        self.resumed.append(data)
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self._platform.bot_token:
            connection.close(BAD_TOKEN)
        elif session is None:
            connection.send({"op": INVALID, "d": False})
        elif int(data.get("seq") or 0) > session.seq:
            connection.close(BAD_SEQ)
        else:
            connection.session = session
            for event in session.log:
                if event["s"] > int(data.get("seq") or 0):
                    connection.send(event)
            session.connection = connection
            connection.send(session.made("RESUMED", {"_trace": []}))
        self._platform.changed()

    def _chunk(self, connection: Connection, data: Json) -> None:
        guild = self._platform.world.guilds.get(str(data.get("guild_id")))
        if guild is None or connection.session is None:
            return
        wanted = {str(user) for user in data.get("user_ids") or ()}
        found = [user for user in guild.members if not wanted or user.id in wanted]
        query = str(data.get("query") or "")
        chunk: Json = {
            "guild_id": guild.id, "members": [user.member(guild) for user in found if user.name.startswith(query)],
            "chunk_index": 0, "chunk_count": 1, "not_found": [], "nonce": data.get("nonce"),
        }  # fmt: skip
        connection.send(connection.session.made("GUILD_MEMBERS_CHUNK", chunk))

    # ------------------------------------------------------------ events

    def dispatch(self, name: str, data: Any) -> None:
        """Send an event to every session whose intents ask for it; sessions that are away get it when they resume."""
        needed = NEEDED.get(name, 0)
        for session in self.sessions.values():
            if not needed or session.intents & needed:
                self._send(session, session.made(name, copy.deepcopy(data)))

    def message_event(self, name: str, message: Message) -> None:
        """A message was made, changed or deleted; its content goes where the intents allow it."""
        channel, bot = message.channel, self._platform.world.bot
        place = {} if channel.kind == "im" else {"guild_id": channel.guild.id}
        needed = DIRECT_MESSAGES if channel.kind == "im" else GUILD_MESSAGES
        if not channel.allowed(bot) & Permission.VIEW_CHANNEL:
            return
        own = message.data["author"]["id"] == bot.id
        is_named = channel.kind == "im" or own or any(user["id"] == bot.id for user in message.data["mentions"])
        for session in self.sessions.values():
            if not session.intents & needed:
                continue
            if name == "MESSAGE_DELETE":
                data: Json = {"id": message.id, "channel_id": channel.id, **place}
            else:
                may_read = is_named or bool(session.intents & MESSAGE_CONTENT)
                data = copy.deepcopy(content_for(payloads.message(self._platform, message), may_read=may_read))
            self._send(session, session.made(name, data))

    def _send(self, session: Session, event: Json) -> None:
        if self._to_lose:
            self._to_lose -= 1
        elif session.connection is not None and self._held is not None:
            self._held.append((session.connection, event))
            self._platform.changed()
        elif session.connection is not None:
            session.connection.send(event)

    # ------------------------------------------------------------ what goes wrong

    def lose(self, events: int = 1) -> None:
        """Let the next events not arrive; they stay in the log for a resume from before them."""
        self._to_lose += events

    def hold(self) -> None:
        """Keep events back until `release`."""
        self._held = []

    def release(self) -> None:
        """Send what was kept back."""
        held, self._held = self._held or [], None
        for connection, event in held:
            connection.send(event)

    def repeat(self, name: str, times: int = 1, *, data: Json | None = None) -> None:
        """Send the latest event of that name (or `data`) once more, as it was."""
        for session in self.sessions.values():
            known = [event for event in session.log if event["t"] == name and data in (None, event["d"])]
            if known and session.connection is not None:
                for _ in range(times):
                    session.connection.send(known[-1])

    def disconnect(self, code: int = UNKNOWN_ERROR, *, forget: bool = False) -> None:
        """Close every connection; with `forget` no session can be resumed."""
        for connection in self.connections:
            connection.close(code)
        if forget:
            self.sessions.clear()

    def cut(self) -> None:
        """Break every connection without a word."""
        for connection in self.connections:
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def ask_to_reconnect(self) -> None:
        """Opcode 7: come back with a resume."""
        for connection in self.connections:
            connection.send({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Opcode 9: the session is over, unless it is `resumable`."""
        connections = self.connections
        if not resumable:
            self.sessions.clear()
        for connection in connections:
            connection.send({"op": INVALID, "d": resumable})

    def ask_for_heartbeat(self) -> None:
        """Opcode 1: Discord wants a sign of life at once."""
        for connection in self.connections:
            connection.send({"op": HEARTBEAT, "d": None})

    def close(self) -> None:
        """Close all connections, when the platform goes down."""
        for connection in self.connections:
            connection.close(WSCloseCode.GOING_AWAY)
