"""More connections that only wait than there are files: others are answered at once, and the log stays short."""

import contextlib
import http.client
import re
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.patience import patience
from tests.support.product_process import product_process

FILES, HALVES = 1_024, 2_400
HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
LINES = 60
"""What the log may say of it altogether."""


@contextlib.contextmanager
def at_most_files(soft: int) -> Iterator[None]:
    """Let processes that are started meanwhile have so many files."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(before[1], 8_192), before[1]))


def asked(port: int) -> float:
    """Return the seconds after which somebody at another address has an answer."""
    began = time.monotonic()
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=patience(20), source_address=("127.0.9.9", 0))
    talk.request("GET", "/healthz")
    assert talk.getresponse().status == 200
    talk.close()
    return time.monotonic() - began


@pytest.mark.timeout(300)
@pytest.mark.parametrize("addresses", [1, 200])
async def test_connections_that_wait_hold_nobody_up(
    tmp_path: Path, addresses: int, record_property: Callable[[str, object], None]
) -> None:
    with at_most_files(FILES):
        started = product_process(tmp_path, {})
        product = await started.__aenter__()
    port, open_ones, slowest = int(product.origin.rpartition(":")[2]), [], 0.0
    try:
        for number in range(HALVES):
            half = socket.create_connection(("127.0.0.1", port), source_address=(f"127.0.1.{number % addresses}", 0))
            open_ones.append(half)
            with contextlib.suppress(ConnectionError):
                half.sendall(HEAD)
            if number % 100 == 99:
                slowest = max(slowest, asked(port))
        slowest = max(slowest, asked(port))
    finally:
        for half in open_ones:
            half.close()
        await product.end(signal.SIGTERM)
    record_property("seconds until another one was answered, at most", round(slowest, 2))
    record_property("lines of the log", product.log.count("\n"))
    assert slowest < patience(5)
    assert product.log.count("\n") < LINES
    assert not re.search("Traceback|system resource", product.log)
