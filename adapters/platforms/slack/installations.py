"""The Slack workspaces that the app is installed in, kept in memory: a request never waits for a look-up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.slack.api import DEFAULT_PAUSE, SlackApi, told_apart
from adapters.platforms.slack.manifest import BOT_SCOPES
from core.chat.request import Platform
from core.ports.platform import PostDelayedError, PostRejectedError
from core.ports.storage import Committed, Storage
from core.shared.clock import Clock, has_passed
from core.shared.errors import QuartermasterError
from core.shared.events import Event
from core.shared.value_objects import value_object
from core.workspaces.model import Installation, InstallationStatus, Space

log = structlog.get_logger(__name__)

EnsureSpace = Callable[[str], Awaitable[Space]]
"""Returns our space of a Slack team, made on first sight."""

INSTALLED = "installation.made"
RELOAD = timedelta(seconds=10)
"""How often it is looked for the installation of an unknown team at most."""
_ACTIVE = InstallationStatus.ACTIVE

ATTEMPTS = 6
"""How often an installation's end is tried to be recorded; the next start finds out by itself anyway."""


@value_object
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
    _loaded_at: datetime | None = None
    _is_loading: bool = False

    def __post_init__(self) -> None:
        """Follow what other processes install."""
        self.storage.watch(self._committed, self.reload)

    @property
    def is_loaded(self) -> bool:
        """Tell whether it is known what is installed."""
        return self._loaded_at is not None

    async def load(self) -> None:
        """Read the stored installations."""
        loaded_at = self.clock.now()
        for installation in await self.storage.system.installations():
            if installation.platform is Platform.SLACK:
                known = self._known.get(installation.external_id)
                if known is None or known.installed_at < installation.installed_at or known.status is _ACTIVE:
                    # Otherwise its end is known here already, and about to be recorded.
                    self._known[installation.external_id] = installation
        self._loaded_at = loaded_at

    def reload(self) -> None:
        """Read the installations anew, soon."""
        if self.is_loaded and not self._is_loading:
            self._is_loading = True
            self.follow_ups.start(self._reload(), "installations")

    async def _reload(self) -> None:
        try:
            await self.load()
        finally:
            self._is_loading = False

    def _committed(self, committed: Committed) -> None:
        if any(event.kind == INSTALLED for event in committed.events):
            self.reload()

    def active(self, team: str) -> Installation | None:
        """Return a team's installation if its credentials may be used."""
        found = self._known.get(team)
        if found is None and self._loaded_at is not None and has_passed(RELOAD, self._loaded_at, self.clock.now()):
            # Another process may have installed it, and its news be lost.
            self.reload()
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
        async with self.storage.workspace(space.workspace_id).write() as work:
            work.events.record(Event(INSTALLED, self.clock.now(), None, None, {"space": space.id}))
            await work.commit()
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
