"""Signing in until there are accounts: a one-time link becomes a cookie that the browser keeps for 30 days."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta

from core.ports.secrets import SecretBox
from core.shared.clock import Clock
from core.shared.value_objects import value_object

OWNER = "owner"
"""The console's only person until there are accounts, as its space knows them."""

LINK_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(days=30)

_LINK_PURPOSE = "console-link"
_SESSION_PURPOSE = "console-session"
_MAX_LINKS = 32


class SignInLinks:
    """The sign-in tokens not used yet, in memory only: a restart voids them."""

    def __init__(self, secret_box: SecretBox, clock: Clock) -> None:
        self._secrets = secret_box
        self._clock = clock
        self._open: dict[str, datetime] = {}

    def issue(self) -> str:
        """Return a new token that signs in once within 15 minutes."""
        token = secrets.token_urlsafe(32)
        while len(self._open) >= _MAX_LINKS:
            self._open.pop(next(iter(self._open)))
        self._open[self._digest(token)] = self._clock.now() + LINK_LIFE
        return token

    def spend(self, token: str) -> bool:
        """Use a token up and tell whether it was good."""
        expires = self._open.pop(self._digest(token), None)
        return expires is not None and self._clock.now() < expires

    def _digest(self, token: str) -> str:
        return self._secrets.digest(token, purpose=_LINK_PURPOSE)


@value_object
class Session:
    """Who is signed in (the console's id of the person) and until when."""

    user: str
    expires_at: datetime


class Sessions:
    """Makes and reads the cookie's value: `user.expiry.nonce.digest`, void once the secret key is rotated."""

    def __init__(self, secret_box: SecretBox, clock: Clock) -> None:
        self._secrets = secret_box
        self._clock = clock

    def start(self, user: str) -> str:
        """Return the cookie of a new session."""
        expires = int((self._clock.now() + SESSION_LIFE).timestamp())
        payload = f"{user}.{expires}.{secrets.token_hex(8)}"
        return f"{payload}.{self._digest(payload)}"

    def read(self, cookie: str) -> Session | None:
        """Return the session of a cookie, or None if it is not ours, altered or expired."""
        payload, _, digest = cookie.rpartition(".")
        if not (cookie.isascii() and hmac.compare_digest(self._digest(payload), digest)):
            return None
        user, expires, _nonce = payload.split(".")
        session = Session(user, datetime.fromtimestamp(int(expires), UTC))
        return session if self._clock.now() < session.expires_at else None

    def _digest(self, payload: str) -> str:
        return self._secrets.digest(payload, purpose=_SESSION_PURPOSE)
