"""What the database keeps of signing in: which sessions are over, and the links that another process made."""

import secrets
from datetime import datetime

from adapters.platforms.web.sessions import LINK_LIFE
from core.ports.secrets import SecretBox
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.shared.value_objects import value_object

_LINK = "console-link"
_OVER = "signed-out"
_NOBODY = 0
"""Both are of the console's one person, whoever that is."""


@value_object
class SignInRecord:
    """Codes of the console's workspace, of which only digests are kept."""

    storage: Storage
    workspace_id: int
    secret_box: SecretBox
    clock: Clock

    async def end(self, cookie: str, until: datetime) -> None:
        """Let a session's cookie, good until then, open nothing any more, whichever process it is shown to."""
        if not await self.is_over(cookie):
            await self._keep(cookie, _OVER, until)

    async def is_over(self, cookie: str) -> bool:
        """Tell whether a session was ended."""
        return await self.storage.system.code(self._digest(cookie, _OVER), _OVER, self.clock.now()) is not None

    async def make_link(self) -> str:
        """Return a token that signs in once within 15 minutes, at whichever process serves."""
        token = secrets.token_urlsafe(32)
        await self._keep(token, _LINK, self.clock.now() + LINK_LIFE)
        return token

    async def spend_link(self, token: str) -> bool:
        """Use a token up and tell whether it was good."""
        digest = self._digest(token, _LINK)
        return bool(token) and await self.storage.system.use_code(digest, _LINK, self.clock.now()) is not None

    async def _keep(self, value: str, purpose: str, until: datetime) -> None:
        async with self.storage.workspace(self.workspace_id).write() as work:
            await work.codes.add(self._digest(value, purpose), purpose, _NOBODY, until)
            await work.commit()

    def _digest(self, value: str, purpose: str) -> str:
        return self.secret_box.digest(value, purpose=purpose)
