"""Whether a call comes from Stripe: https://docs.stripe.com/webhooks#verify-manually."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

TOLERANCE = timedelta(minutes=5)
"""How old a call may be, and how far ahead the clock of who signed it: what is heard later was recorded by somebody."""

_LONGEST = 4096
_SCHEME = "v1"


def is_signed(body: bytes, header: str, secrets: Sequence[str], now: datetime) -> bool:
    """Tell whether a body was signed just now with one of the secrets.

    There are several while they are being changed. The signatures are compared in constant time, all with all, before
    the time is looked at.
    """
    stamp, signatures = _parts(header)
    if stamp is None or not signatures:
        return False
    expected = [_signature(body, stamp, secret) for secret in secrets if secret]
    found = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in signatures]
    return any(found) and abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()


def _signature(body: bytes, stamp: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest().encode()


def _parts(header: str) -> tuple[str | None, list[bytes]]:
    """Return the time that a header names, and its signatures of the scheme that counts."""
    if len(header) > _LONGEST:
        return None, []
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    is_time = len(stamps) == 1 and stamps[0].isascii() and stamps[0].isdigit() and len(stamps[0]) <= len("9999999999")
    # Bytes that are no UTF-8 come as surrogates.
    found = [value.encode(errors="surrogateescape") for name, _, value in pairs if name == _SCHEME]
    return stamps[0] if is_time else None, found
