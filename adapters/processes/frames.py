"""How the pool and its processes talk: the length of a message, then the message as JSON."""

import json
import struct
from collections.abc import Mapping

HEAD = struct.Struct(">I")

LARGEST = 1024 * 1024
"""Bytes of a message. What is large travels in files."""


def frame(message: Mapping[str, object]) -> bytes:
    """Return a message as it is sent."""
    body = json.dumps(message).encode()
    return HEAD.pack(len(body)) + body
