"""The Slack workspaces that the app is installed in, kept in memory: a request never waits for a look-up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from adapters.platforms.slack.api import DEFAULT_PAUSE, SlackApi, told_apart
from adapters.platforms.slack.followups import FollowUps
from adapters.platforms.slack.manifest import BOT_SCOPES
from core.chat.request import Platform
from core.ports.platform import PostDelayedError, PostRejectedError
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.shared.errors import QuartermasterError
from core.workspaces.model import Installation, InstallationStatus, Space

log = structlog.get_logger(__name__)

EnsureSpace = Callable[[str], Awaitable[Space]]
"""Returns our space of a Slack team, made on first sight."""

ATTEMPTS = 6
"""How often an installation's end is tried to be recorded; the next start finds out by itself anyway."""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What Slack says of a bot token; `address` is the workspace's own, such as `https://acme.slack.com/`."""

    team: str
    bot_user: str
    address: str
    scopes: tuple[str, ...]

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """Return the scopes that the manifest asks for and the token lacks."""
        return tuple(scope for scope in BOT_SCOPES if scope not in self.scopes)


async def examine_token(api: SlackApi, token: str) -> TokenFacts:
    """Ask Slack about a token; raises `PostRejectedError`, `PostDelayedError` or `PostOutcomeUnknownError`."""
    async with told_apart():
        answer = await api.reader(token).auth_test()
    scopes = str(_header(answer.headers, "x-oauth-scopes")).split(",")
    return TokenFacts(
        team=str(answer["team_id"]),
        bot_user=str(answer["user_id"]),
        address=str(answer.get("url") or ""),
        scopes=tuple(filter(None, (scope.strip() for scope in scopes))),
    )


@dataclass(slots=True)
class Installations:
    """Every installation by its Slack team."""

    api: SlackApi
    storage: Storage
    clock: Clock
    ensure_space: EnsureSpace
    follow_ups: FollowUps
    _known: dict[str, Installation] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)
    is_loaded: bool = False

    async def load(self) -> None:
        """Read the stored installations."""
        for installation in await self.storage.system.installations():
            if installation.platform is Platform.SLACK:
                self._known.setdefault(installation.external_id, installation)
        self.is_loaded = True

    def active(self, team: str) -> Installation | None:
        """Return a team's installation if its credentials may be used."""
        found = self._known.get(team)
        return found if found and found.status is InstallationStatus.ACTIVE else None

    def address(self, team: str) -> str:
        """Return a workspace's own web address, if Slack has told it."""
        return self._addresses.get(team, "")

    @property
    def is_any_active(self) -> bool:
        """Tell whether there is a workspace to serve."""
        return any(found.status is InstallationStatus.ACTIVE for found in self._known.values())

    def token(self, team: str) -> str:
        """Return a team's bot token.

        Raises `PostRejectedError` (`not_installed`), or `PostDelayedError` before anything is known of installations.
        """
        found = self.active(team)
        if found is None and not self.is_loaded:
            raise PostDelayedError(DEFAULT_PAUSE)
        if found is None:
            raise PostRejectedError("not_installed")
        return found.token

    async def admit(self, token: str, app_id: str = "") -> Installation:
        """Take a token into use: ask Slack whose it is, and keep it, sealed.

        Raises what `examine_token` raises, and `StorageUnavailableError`.
        """
        facts = await examine_token(self.api, token)
        if facts.missing_scopes:
            log.warning("slack_scopes_missing", team=facts.team, scopes=",".join(facts.missing_scopes))
        space = await self.ensure_space(facts.team)
        installation = Installation(
            space_id=space.id,
            workspace_id=space.workspace_id,
            platform=Platform.SLACK,
            external_id=facts.team,
            token=token,
            bot_user_id=facts.bot_user,
            app_id=app_id,
            scopes=facts.scopes,
            status=InstallationStatus.ACTIVE,
            reason="",
            installed_at=self.clock.now(),
        )
        await self.storage.system.save_installation(installation)
        self._known[facts.team] = installation
        self._addresses[facts.team] = facts.address
        log.info("slack_installed", team=facts.team)
        return installation

    def disable(self, team: str, reason: str) -> None:
        """Stop using a team's credentials, at once here and soon in the database; `reason` is a stable word."""
        found = self.active(team)
        if found is None:
            return
        self._known[team] = replace(found, status=InstallationStatus.DISABLED, reason=reason)
        log.warning("slack_disabled", team=team, reason=reason)
        self.follow_ups.start(self._record_end(found.space_id, reason), "disable installation")

    async def _record_end(self, space_id: int, reason: str) -> None:
        for attempt in range(ATTEMPTS):
            try:
                await self.storage.system.set_installation_status(
                    space_id, InstallationStatus.DISABLED, reason, self.clock.now()
                )
            except QuartermasterError as error:
                log.warning("slack_disable_not_recorded", cause=error.code)
                await asyncio.sleep(2**attempt)
            else:
                return


def _header(headers: Mapping[str, object], name: str) -> object:
    return next((value for key, value in headers.items() if key.lower() == name), "")
