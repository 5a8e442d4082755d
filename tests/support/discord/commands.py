"""The registered application commands, and the routes that change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.discord.command_form import CHAT, GROUP, LIMITS, MOST_AT_ONCE, SUBCOMMAND, check_command
from tests.support.discord.messages import Json
from tests.support.discord.rest import Answer, ApiError, Call, Method, refuse_bad
from tests.support.discord.schema import Report

if TYPE_CHECKING:
    from tests.support.discord.platform import DiscordPlatform
    from tests.support.discord.world import Guild

GLOBAL = "global"


class Commands:
    """What is registered: globally, and again for each guild. `overwrites` counts the bulk registrations."""

    def __init__(self, platform: DiscordPlatform) -> None:
        self._platform = platform
        self._scopes: dict[str, dict[str, Json]] = {}
        self.overwrites = 0

    def of(self, scope: str) -> list[Json]:
        """The commands of a guild's id, or of `GLOBAL`."""
        return list(self._scopes.get(scope, {}).values())

    def shown(self, guild: Guild | None) -> list[Json]:
        """What people can use there: a guild's own commands come before global ones of the same name."""
        own = self.of(guild.id) if guild else []
        names = {(command["name"], command["type"]) for command in own}
        return [*own, *(one for one in self.of(GLOBAL) if (one["name"], one["type"]) not in names)]

    def overwrite(self, scope: str, given: Any) -> list[Json]:
        """Replace all; one bad command, or one too many, and nothing changes."""
        report = Report()
        if not isinstance(given, list):
            report.add((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        elif len(given) > MOST_AT_ONCE:
            report.add((), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_AT_ONCE} or fewer in length.")
        refuse_bad(report)
        seen: set[tuple[str, int]] = set()
        for index, command in enumerate(given):
            check_command(report, (index,), command)
            key = (str(command.get("name")), int(command.get("type") or CHAT))
            if key in seen:
                message = "Application command names must be unique"
                report.add((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
            seen.add(key)
        refuse_bad(report)
        _refuse_too_many([kind for _, kind in seen])
        before = {(one["name"], one["type"]): one["id"] for one in self.of(scope)}
        made = [self._made(scope, command, before) for command in given]
        self._scopes[scope] = {command["id"]: command for command in made}
        self.overwrites += 1
        return made

    def put(self, scope: str, given: Json) -> tuple[Json, bool]:
        """Add one, or replace the one of that name; and whether it is new."""
        report = Report()
        check_command(report, (), given)
        refuse_bad(report)
        before = {(one["name"], one["type"]): one["id"] for one in self.of(scope)}
        kind = int(given.get("type") or CHAT)
        is_new = (given["name"], kind) not in before
        if is_new:
            _refuse_too_many([*(known for _, known in before), kind])
        made = self._made(scope, given, before)
        self._scopes.setdefault(scope, {})[made["id"]] = made
        return made, is_new

    def find(self, scope: str, command_id: str) -> Json:
        """One by its id."""
        found = self._scopes.get(scope, {}).get(command_id)
        if found is None:
            raise ApiError(404, 10063)
        return found

    def remove(self, scope: str, command_id: str) -> None:
        """Forget one."""
        self.find(scope, command_id)
        del self._scopes[scope][command_id]

    def _made(self, scope: str, given: Json, before: dict[tuple[str, int], str]) -> Json:
        """The command object that Discord returns."""
        clock = self._platform.world.clock
        kind = int(given.get("type") or CHAT)
        data: Json = {
            "id": before.get((given["name"], kind)) or clock.snowflake(), "application_id": self._platform.app.id,
            "version": clock.snowflake(), "default_member_permissions": given.get("default_member_permissions"),
            "type": kind, "name": given["name"], "name_localizations": None, "description_localizations": None,
            "description": given.get("description") or "", "nsfw": bool(given.get("nsfw")),
            "contexts": given.get("contexts"), "integration_types": given.get("integration_types") or [0],
        }  # fmt: skip
        if scope != GLOBAL:
            data["guild_id"] = scope
        if given.get("options"):
            data["options"] = [_stored(option) for option in given["options"]]
        return data


def _refuse_too_many(kinds: list[int]) -> None:
    if any(kinds.count(kind) > most for kind, most in LIMITS.items()):
        raise ApiError(400, 30032)


def _stored(option: Json) -> Json:
    """An option as Discord returns it: what is false or empty is left out."""
    kept = {key: value for key, value in option.items() if value not in (None, False) and value != []}
    if option["type"] in (SUBCOMMAND, GROUP):
        kept["options"] = [_stored(inner) for inner in option.get("options") or ()]
    return kept


def _scope(call: Call) -> str:
    if call.parts["app"] != call.platform.app.id:
        raise ApiError(403, 50001)
    return call.guild().id if "guild" in call.parts else GLOBAL


def _listed(call: Call) -> Answer:
    return 200, call.platform.commands.of(_scope(call))


def _overwrite(call: Call) -> Answer:
    return 200, call.platform.commands.overwrite(_scope(call), call.body)


def _add(call: Call) -> Answer:
    made, is_new = call.platform.commands.put(_scope(call), call.form)
    return (201 if is_new else 200), made


def _one(call: Call) -> Answer:
    return 200, call.platform.commands.find(_scope(call), call.parts["command"])


def _change(call: Call) -> Answer:
    scope = _scope(call)
    known = call.platform.commands.find(scope, call.parts["command"])
    return 200, call.platform.commands.put(scope, {**known, **call.form})[0]


def _remove(call: Call) -> Answer:
    call.platform.commands.remove(_scope(call), call.parts["command"])
    return 204, None


ROUTES: dict[str, Method] = {}
for _place in ("/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"):
    ROUTES |= {
        f"GET {_place}": _listed,
        f"PUT {_place}": _overwrite,
        f"POST {_place}": _add,
        f"GET {_place}/{{command}}": _one,
        f"PATCH {_place}/{{command}}": _change,
        f"DELETE {_place}/{{command}}": _remove,
    }
