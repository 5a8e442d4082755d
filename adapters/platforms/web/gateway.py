"""The console's HTTP routes and its WebSocket."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

import structlog
from aiohttp import WSMessage, WSMsgType, web

from adapters.platforms.web import texts
from adapters.platforms.web.assets import Assets
from adapters.platforms.web.conversation import Conversation
from adapters.platforms.web.frames import MAX_FRAME_BYTES, FrameUnreadableError, Hello, read_frame
from adapters.platforms.web.guard import Guard, listening_port, notice
from adapters.platforms.web.hub import Hub, Page
from adapters.platforms.web.rooms import Rooms
from adapters.platforms.web.sessions import OWNER, SESSION_LIFE, Session, Sessions, SignInLinks
from adapters.platforms.web.sign_in_record import SignInRecord
from adapters.platforms.web.talk import Talk, greet
from adapters.platforms.web.translate import Reader, bare_request
from adapters.platforms.web.uploads import Uploads, clean_name, send_file
from core.chat.application import Application
from core.chat.request import ChannelKind
from core.files.model import StoredFile
from core.ports.files import FileStore
from core.ports.secrets import SecretBox
from core.ports.storage import Storage, StorageUnavailableError
from core.shared.clock import Clock
from core.shared.errors import FileTooLargeError, NotFoundError
from core.workspaces.model import Space

COOKIE = "qm_session"
HELLO_SECONDS = 10.0
_PROOF_PURPOSE = "console-message"

_log = structlog.get_logger(__name__)


class WebConsole:
    """The console, to be mounted on a web application.

    `space` is the console's own; `public_url` is the address people use where it is not a loopback name with the port
    listened on; `file_key` tells under which key of the file store a stored file's bytes are.
    """

    def __init__(
        self,
        *,
        application: Application,
        storage: Storage,
        files: FileStore,
        secrets: SecretBox,
        clock: Clock,
        space: Space,
        file_key: Callable[[StoredFile], str],
        upload_limit: int,
        public_url: str = "",
    ) -> None:
        self._application = application
        self._storage = storage
        self._files = files
        self._secrets = secrets
        self._workspace_id = space.workspace_id
        self._file_key = file_key
        self._guard = Guard(public_url)
        self._assets = Assets()
        self._links = SignInLinks(secrets, clock)
        self._sessions = Sessions(secrets, clock)
        self._record = SignInRecord(storage, space.workspace_id, secrets, clock)
        self._rooms = Rooms(storage, space, clock)
        self._uploads = Uploads(files, secrets, clock, upload_limit)
        work = application.catalogue.work
        self._hub = Hub(storage, self._rooms, space.workspace_id, self._prove, work)
        self._conversation = Conversation(
            application=application,
            storage=storage,
            uploads=self._uploads,
            clock=clock,
            workspace_id=space.workspace_id,
            prove=self._prove,
            tell=self._hub.tell,
        )
        self._talk = Talk(application, storage, self._rooms, self._hub, self._conversation, space.workspace_id)

    def mount(self, app: web.Application) -> None:
        """Add the console's routes; it closes with the application."""
        guard = self._guard.wrap
        app.router.add_get("/", guard(self._page))
        app.router.add_get("/login", guard(self._sign_in), allow_head=False)
        app.router.add_get("/static/{path:.+}", guard(self._assets.serve))
        app.router.add_get("/session", guard(self._session))
        app.router.add_post("/logout", guard(self._sign_out))
        app.router.add_get("/ws", guard(self._socket), allow_head=False)
        app.router.add_post("/upload", guard(self._upload))
        app.router.add_get("/files/{id:[A-Za-z0-9_-]{1,64}}", guard(self._download))
        app.on_shutdown.append(self._shut_down)

    def sign_in_path(self) -> str:
        """Return the path of a new one-time sign-in link; whoever knows the address puts it in front."""
        return f"/login?token={self._links.issue()}"

    async def close(self) -> None:
        """Let what is under way finish, then close every page's socket; pages come back by themselves."""
        await self._conversation.close()
        await self._hub.close()

    async def _shut_down(self, _app: web.Application) -> None:
        await self.close()

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if await self._signed_in(request) is None:
            return notice(texts.SIGN_IN, HTTPStatus.UNAUTHORIZED)
        return self._assets.respond(request, "index.html")

    async def _sign_in(self, request: web.Request) -> web.StreamResponse:
        token = request.query.get("token", "")
        is_good = self._links.spend(token[:200]) or await self._record.spend_link(token[:200])
        if not is_good and await self._signed_in(request) is None:
            return notice(texts.LINK_SPENT if token else texts.SIGN_IN, HTTPStatus.UNAUTHORIZED)
        # A page that goes on by itself rather than a redirect: after a link from elsewhere, a browser sends a
        # SameSite=Strict cookie only with a request that our own page starts.
        response = notice(texts.SIGNED_IN, HTTPStatus.OK, then="/")
        if is_good:
            response.set_cookie(
                _cookie_name(request),
                self._sessions.start(OWNER),
                max_age=int(SESSION_LIFE.total_seconds()),
                httponly=True,
                samesite="Strict",
                secure=self._guard.is_secure(request),
                path="/",
            )
            _log.info("console.signed_in", user=OWNER)
        return response

    async def _is_in(self, request: web.Request) -> bool:
        """Tell whether a page may stay open; it does while the database can't say that its session was ended."""
        try:
            return await self._signed_in(request) is not None
        except StorageUnavailableError:
            return self._sessions.read(_cookie(request)) is not None

    async def _session(self, request: web.Request) -> web.StreamResponse:
        """Tell a page whose socket was refused whether it has to sign in again."""
        is_in = await self._is_in(request)
        return web.Response(status=HTTPStatus.NO_CONTENT if is_in else HTTPStatus.UNAUTHORIZED)

    async def _sign_out(self, request: web.Request) -> web.StreamResponse:
        session = await self._signed_in(request)
        if session is not None:
            await self._record.end(_cookie(request), session.expires_at)
            self._hub.look_again()
        response = web.Response(status=HTTPStatus.NO_CONTENT)
        response.del_cookie(_cookie_name(request), path="/")
        return response

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        session = await self._signed_in(request)
        if session is None:
            return _sentence(texts.SIGN_IN, HTTPStatus.UNAUTHORIZED)
        name = clean_name(request.query.get("name", ""))
        if not name:
            return _sentence(texts.UPLOAD_NAMELESS, HTTPStatus.BAD_REQUEST)
        if (request.content_length or 0) > self._uploads.limit:
            return _sentence(texts.file_too_large(self._uploads.limit), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            chunks = request.content.iter_chunked(64 * 1024)
            token, size = await self._uploads.receive(name, request.content_type[:100], chunks, session.user)
        except FileTooLargeError:
            return _sentence(texts.file_too_large(self._uploads.limit), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except TimeoutError:
            return _sentence(texts.UPLOAD_BROKEN, HTTPStatus.REQUEST_TIMEOUT)
        return web.json_response({"token": token, "name": name, "size": size})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        session = await self._signed_in(request)
        if session is None:
            return notice(texts.SIGN_IN, HTTPStatus.UNAUTHORIZED)
        file = await self._readable(request.match_info["id"], Reader(session.user))
        if file is None:
            return notice(texts.NO_SUCH_FILE, HTTPStatus.NOT_FOUND)
        try:
            return await send_file(request, file, self._files, self._file_key)
        except NotFoundError:
            return notice(texts.NO_SUCH_FILE, HTTPStatus.NOT_FOUND)

    async def _readable(self, file_id: str, reader: Reader) -> StoredFile | None:
        """Return a file if its author asks, or somebody who sees the channel it was made in."""
        direct = await self._rooms.direct(reader.user)
        actor = await self._application.identify(bare_request(reader, direct))
        async with self._storage.workspace(self._workspace_id).read() as work:
            file = await work.files.get(file_id)
            channels = {channel.id: channel for channel in await work.channels.all()}
        if file is None or file.author_id == actor.member_id:
            return file
        channel = channels.get(file.channel_id)
        is_seen = channel is not None and (channel.kind is ChannelKind.PUBLIC or channel.id == direct.id)
        return file if is_seen and file.only in {None, actor.member_id} else None

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        session = await self._signed_in(request)
        if session is None:
            return _sentence(texts.SIGN_IN, HTTPStatus.UNAUTHORIZED)
        if not self._hub.admit():
            return _sentence(texts.TOO_MANY_PAGES, HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            return await self._open(request, session)
        finally:
            self._hub.dismiss()

    async def _open(self, request: web.Request, session: Session) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=MAX_FRAME_BYTES, heartbeat=30.0)
        if not socket.can_prepare(request).ok:
            return _sentence(texts.NO_SUCH_PAGE, HTTPStatus.BAD_REQUEST)
        await socket.prepare(request)
        try:
            page = await self._welcome(request, socket, session)
            if page is not None:
                await self._serve(page)
        except Exception:  # why: whatever one page does must end in a closed socket and a log line, not in a trace
            _log.exception("console.page.failed")
            await socket.close(code=1011)
        return socket

    async def _welcome(self, request: web.Request, socket: web.WebSocketResponse, session: Session) -> Page | None:
        """Wait for the first frame and make the page known; a socket that does not say hello is closed."""
        try:
            hello = read_frame(await socket.receive_str(timeout=HELLO_SECONDS))
        except (TimeoutError, TypeError, FrameUnreadableError):
            hello = None
        if not isinstance(hello, Hello):
            await socket.close(code=1008)
            return None
        reader = Reader(session.user, hello.zone, hello.locale)
        direct = await self._rooms.direct(session.user)
        actor = await self._application.identify(bare_request(reader, direct))
        page = Page(
            id=hello.page,
            reader=reader,
            member_id=actor.member_id,
            socket=socket,
            is_still_signed_in=partial(self._is_in, request),
        )
        await self._hub.add(page)
        await greet(page, actor, self._application, self._storage, self._hub, self._uploads.limit)
        return page

    async def _serve(self, page: Page) -> None:
        """Read a page's frames one after the other while its writer sends; ends when either does."""
        writer = asyncio.create_task(self._hub.write(page))
        try:
            async for message in page.socket:
                await self._take(page, message)
        finally:
            self._hub.remove(page)
            self._talk.forget(page)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _take(self, page: Page, message: WSMessage) -> None:
        if message.type is not WSMsgType.TEXT:
            return
        try:
            await self._talk.take(page, read_frame(message.data))
        except FrameUnreadableError:
            page.tell({"type": "error", "message": texts.FRAME_UNREADABLE})
        except Exception:  # why: one frame's fault (a busy database) must not cost the page its socket
            _log.exception("console.frame.failed")
            page.tell({"type": "error", "message": texts.INTERNAL})

    async def _signed_in(self, request: web.Request) -> Session | None:
        session = self._sessions.read(_cookie(request))
        return None if session is None or await self._record.is_over(_cookie(request)) else session

    def _prove(self, channel_id: int, seq: int, action_set: str) -> str:
        return self._secrets.digest(f"{channel_id}:{seq}:{action_set}", purpose=_PROOF_PURPOSE)


def mount_closed(app: web.Application, sentence: str) -> None:
    """Answer the console's address with the one sentence that says why it is off."""

    async def closed(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=f"{sentence}\n", status=HTTPStatus.FORBIDDEN)

    app.router.add_get("/", closed)


def _cookie_name(request: web.Request) -> str:
    """Return the cookie's name: browsers share cookies among the ports of a host, so the port is part of it."""
    return f"{COOKIE}_{listening_port(request)}"


def _cookie(request: web.Request) -> str:
    return request.cookies.get(_cookie_name(request), "")[:400]


def _sentence(sentence: str, status: HTTPStatus) -> web.Response:
    return web.Response(text=json.dumps({"message": sentence}), status=status, content_type="application/json")
