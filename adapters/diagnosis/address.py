"""The addresses to listen on."""

import asyncio
import errno
import json
import socket
from contextlib import closing

from adapters.http import Address
from core.ports.diagnosis import Finding, State

_SECONDS = 2.0
_ENOUGH = 4096


async def examine_address(address: Address) -> Finding:
    """Look whether the address is free; one that Quartermaster itself answers at is fine too."""
    part = f"address {address}"
    try:
        family, kind, protocol, _, where = (
            await asyncio.get_running_loop().getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        )[0]
    except OSError:
        return _elsewhere(part, address)
    with closing(socket.socket(family, kind, protocol)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            return await _refused(part, address, error)
    return Finding(part, State.GOOD, "It is free.")


async def _refused(part: str, address: Address, error: OSError) -> Finding:
    if error.errno == errno.EADDRINUSE:
        if await _is_ours(address):
            return Finding(part, State.GOOD, "Quartermaster answers there already.")
        return Finding(
            part, State.BAD, "Another program uses it.", f"Stop that, or set {address.setting} to another port."
        )
    if error.errno == errno.EACCES:
        sentence = "This user may not listen on a port that low."
        return Finding(part, State.BAD, sentence, f"Set {address.setting} to a port above 1023.")
    return _elsewhere(part, address)


def _elsewhere(part: str, address: Address) -> Finding:
    fix = f"Set {address.setting.replace('PORT', 'HOST')} to an address of this machine, such as 127.0.0.1."
    return Finding(part, State.BAD, f"{address.host} is not an address of this machine.", fix)


async def _is_ours(address: Address) -> bool:
    """Ask what listens there for its health, as our server tells it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104  # where to ask, not to bind
    try:
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection(host, address.port)
            try:
                writer.write(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                answer = await reader.read(_ENOUGH)
                answer += await reader.read(_ENOUGH)
            finally:
                writer.close()
        _, _, body = answer.partition(b"\r\n\r\n")
        return bool(json.loads(body) == {"status": "ok"})
    except (OSError, TimeoutError, ValueError):
        return False
