"""Installing the app into further workspaces."""

import hmac
import secrets as random
from urllib.parse import urlencode

import structlog
from aiohttp import web

from adapters.platforms.slack import texts
from adapters.platforms.slack.api import SlackApi, told_apart
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.manifest import BOT_SCOPES
from adapters.platforms.slack.options import SlackOptions
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.ports.secrets import SecretBox
from core.shared.clock import Clock
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

INSTALL_PATH = "/slack/install"
RETURN_PATH = "/slack/oauth_redirect"
COOKIE = "qm_slack_install"
SECONDS = 600
_PURPOSE = "slack-install"
_MOST_DIGITS = 12


@value_object
class Oauth:
    """Sends people to Slack's page of consent and takes what they bring back; only to the browser that began."""

    api: SlackApi
    installations: Installations
    secrets: SecretBox
    clock: Clock
    options: SlackOptions

    async def begin(self, request: web.Request) -> web.StreamResponse:
        """Send the browser to Slack with a state that only it knows."""
        state = f"{int(self.clock.now().timestamp())}.{random.token_urlsafe(24)}"
        query = {"client_id": self.options.client_id, "scope": ",".join(BOT_SCOPES), "state": state}
        if self.options.public_url:
            query["redirect_uri"] = self._return_address
        response = web.Response(
            status=302,
            headers={"Location": f"{self.options.authorize_url}?{urlencode(query)}", "Cache-Control": "no-store"},
        )
        response.set_cookie(
            COOKIE,
            self.secrets.digest(state, purpose=_PURPOSE),
            max_age=SECONDS,
            httponly=True,
            samesite="Lax",
            secure=self.options.public_url.startswith("https://"),
            path="/slack/",
        )
        return response

    async def finish(self, request: web.Request) -> web.StreamResponse:
        """Exchange the code that Slack gave the browser for a token, and keep it."""
        state, code = request.query.get("state", "")[:200], request.query.get("code", "")[:500]
        if not self._is_ours(state, request.cookies.get(COOKIE, "")):
            log.warning("slack_install_refused", reason="state")
            return _page(texts.BAD_STATE_PAGE.format(start=INSTALL_PATH), 400)
        if not code:
            return _page(texts.CANCELLED_PAGE, 200)
        try:
            await self._install(code)
        except PostRejectedError as error:
            log.warning("slack_install_refused", reason=error.reason)
            return _page(texts.REFUSED_PAGE.format(reason=error.reason, start=INSTALL_PATH), 400)
        except (PostDelayedError, PostOutcomeUnknownError, QuartermasterError) as error:
            log.warning("slack_install_failed", cause=type(error).__name__)
            return _page(texts.UNAVAILABLE_PAGE.format(start=INSTALL_PATH), 503)
        response = _page(texts.INSTALLED_PAGE, 200)
        response.del_cookie(COOKIE, path="/slack/")
        return response

    async def _install(self, code: str) -> None:
        given = {"client_id": self.options.client_id, "client_secret": self.options.client_secret, "code": code}
        if self.options.public_url:
            given["redirect_uri"] = self._return_address
        async with told_apart():
            # Not by the SDK's own method, whose way to send the secret is on its way out of aiohttp.
            answer = await self.api.sender("").api_call("oauth.v2.access", data=given)
        await self.installations.admit(str(answer["access_token"]), str(answer.get("app_id") or ""))

    @property
    def _return_address(self) -> str:
        return f"{self.options.public_url.rstrip('/')}{RETURN_PATH}"

    def _is_ours(self, state: str, cookie: str) -> bool:
        made = state.partition(".")[0]
        if not (made.isascii() and made.isdigit() and cookie.isascii()):
            return False
        is_fresh = len(made) <= _MOST_DIGITS and 0 <= self.clock.now().timestamp() - int(made) + 1 <= SECONDS
        return is_fresh and hmac.compare_digest(self.secrets.digest(state, purpose=_PURPOSE), cookie)


def _page(sentence: str, status: int) -> web.Response:
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}
    return web.Response(text=f"{sentence}\n", status=status, headers=headers)
