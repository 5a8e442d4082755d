"""Making a link into the console from beside the process that serves it."""

from adapters.http.server import Address
from adapters.platforms.web.sign_in_record import SignInRecord
from bot.settings.model import Settings
from bot.wiring.bootstrap import open_product
from bot.wiring.serving import console_space


async def sign_in_link(settings: Settings) -> str:
    """Return a link that signs in once within 15 minutes, at whichever process serves by then."""
    async with open_product(settings, line="/qm about") as (_, parts):
        space = await console_space(parts)
        token = await SignInRecord(parts.storage, space.workspace_id, parts.secrets, parts.clock).make_link()
    return f"http://{Address(settings.server.host, settings.server.port)}/login?token={token}"
