"""The console's own pages, styles and scripts, read once from the package."""

import hashlib
from pathlib import Path

from aiohttp import web

from adapters.platforms.web import texts
from adapters.platforms.web.guard import notice
from core.shared.value_objects import value_object

_FOLDER = Path(__file__).parent / "static"
_MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@value_object
class Asset:
    """A file as served."""

    body: bytes
    media_type: str
    etag: str


class Assets:
    """Every file of the console by its path; nothing else on the disk can be named."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._assets = {
            path.relative_to(folder).as_posix(): _load(path)
            for path in sorted(folder.rglob("*"))
            if path.suffix in _MEDIA_TYPES
        }

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer `/static/{path}`."""
        return self.respond(request, request.match_info["path"])

    def respond(self, request: web.Request, path: str) -> web.StreamResponse:
        """Return the file, or 304 if the browser has it already."""
        asset = self._assets.get(path)
        if asset is None:
            return notice(texts.NO_SUCH_PAGE, 404)
        headers = {"ETag": asset.etag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == asset.etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=asset.body, content_type=asset.media_type, charset="utf-8", headers=headers)


def _load(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(body, _MEDIA_TYPES[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:20]}"')
