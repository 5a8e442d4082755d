"""Transport compression of the gateway: none, zlib-stream, or zstd-stream where the library is there."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Stream = Callable[[web.WebSocketResponse, str], Awaitable[None]]


async def plain(socket: web.WebSocketResponse, text: str) -> None:
    """Send as text."""
    await socket.send_str(text)


def stream_for(name: str | None) -> Stream:
    """The way that a client asked for with `compress`; one stream for the whole connection."""
    if name == "zlib-stream":
        packer = zlib.compressobj()
        return _packed(lambda raw: packer.compress(raw) + packer.flush(zlib.Z_SYNC_FLUSH))
    if name == "zstd-stream":
        return _packed(_zstd())
    return plain


def _packed(pack: Callable[[bytes], bytes]) -> Stream:
    async def send(socket: web.WebSocketResponse, text: str) -> None:
        await socket.send_bytes(pack(text.encode()))

    return send


def _zstd() -> Callable[[bytes], bytes]:
    """Clients ask for this only where Python or a package brings it."""
    try:
        library: Any = importlib.import_module("compression.zstd")
    except ImportError:
        library = importlib.import_module("zstandard")
        stream = library.ZstdCompressor().compressobj()
        return lambda raw: bytes(stream.compress(raw) + stream.flush(library.COMPRESSOBJ_FLUSH_BLOCK))
    packer = library.ZstdCompressor()
    return lambda raw: bytes(packer.compress(raw, mode=packer.FLUSH_BLOCK))
