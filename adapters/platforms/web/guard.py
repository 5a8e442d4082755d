"""Who may talk to the console at all: only its own pages, by its own address, not through a proxy."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from aiohttp import web

from adapters.platforms.web import texts

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quartermaster</title><link rel="icon" href="/static/logo.svg">
<link rel="stylesheet" href="/static/css/notice.css">
{head}</head><body><main><img src="/static/logo.svg" alt="" width="56" height="56"><h1>Quartermaster</h1>
<p>{sentence}</p></main></body></html>
"""


def notice(sentence: str, status: int, *, then: str = "") -> web.Response:
    """Return a page of one sentence (ours, never anybody's input) that, if asked, goes on to `then` at once."""
    head = f'<meta http-equiv="refresh" content="0;url={then}">' if then else ""
    return web.Response(text=_PAGE.format(head=head, sentence=sentence), status=status, content_type="text/html")


class Guard:
    """Checks each request before any handler of the console sees it.

    `public_url` is the address people use, where it is not simply a loopback name with the port that we listen on.
    """

    def __init__(self, public_url: str = "") -> None:
        parts = urlsplit(public_url)
        self._public_host = parts.netloc.lower()
        self._is_public_secure = parts.scheme == "https"
        self._public_origin = f"{parts.scheme}://{self._public_host}" if self._public_host else ""

    def wrap(self, handler: Handler) -> Handler:
        """Return the handler behind the checks, with the security headers on whatever it answers."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            response = self._refuse(request) or await handler(request)
            if not response.prepared:
                for name, value in SECURITY_HEADERS.items():
                    response.headers.setdefault(name, value)
                response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    def is_secure(self, request: web.Request) -> bool:
        """Tell whether the browser reached this address over HTTPS, so that its cookie may be kept to that."""
        return self._is_public_secure and request.host.lower() == self._public_host

    def is_named_by(self, request: web.Request) -> bool:
        """Tell whether a request came here directly, by a name of ours: another one may be a page's trick."""
        return not _is_forwarded(request) and _host(request) in self._hosts(request)

    def _refuse(self, request: web.Request) -> web.Response | None:
        if _is_forwarded(request):
            return notice(texts.FORWARDED, 403)
        host = _host(request)
        if host not in self._hosts(request):
            return notice(texts.WRONG_HOST, 403)
        writes = request.method not in {"GET", "HEAD"} or "Upgrade" in request.headers
        if writes and request.headers.get("Origin", "").lower() not in self._origins(host):
            return notice(texts.WRONG_ORIGIN, 403)
        return None

    def _hosts(self, request: web.Request) -> set[str]:
        address, port = listening_on(request)
        hosts = {f"{name}:{port}" for name in _LOOPBACK}
        if port in _DEFAULT_PORTS.values():
            hosts.update(_LOOPBACK)
        if address:
            # An address, unlike a name, can't be made to lead somewhere else.
            hosts.add(f"[{address}]:{port}" if ":" in address else f"{address}:{port}")
        if self._public_host:
            hosts.add(self._public_host)
        return hosts

    def _origins(self, host: str) -> set[str]:
        return {self._public_origin} if host == self._public_host else {f"http://{host}"}


def listening_port(request: web.Request) -> int:
    """Return the port that this request came in on, or 0 if the connection is gone."""
    return listening_on(request)[1]


def listening_on(request: web.Request) -> tuple[str, int]:
    """Return the address and the port that this request came in on, or neither if the connection is gone."""
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return (str(name[0]), int(name[1])) if name else ("", 0)


def _host(request: web.Request) -> str:
    return request.headers.get("Host", "").lower()


def _is_forwarded(request: web.Request) -> bool:
    return any(name.lower() == "forwarded" or name.lower().startswith("x-forwarded") for name in request.headers)
