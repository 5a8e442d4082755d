"""The commands that exist: areas listed one by one, checked for clashes before anything is added."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.grammar.declaration import Area, Command
from core.chat.spec import Catalogue

_NEAR = 60


class DuplicateCommandError(ValueError):
    """Two areas share a name."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Every command by area and action."""

    catalogue: Catalogue
    commands: Mapping[str, Mapping[str, Command]]

    @classmethod
    def of(cls, areas: Iterable[Area], prefix: str = "") -> "Registry":
        """Collect the commands of the areas; a repeated area raises `DuplicateCommandError` and nothing is kept."""
        listed = list(areas)
        names = [area.name for area in listed]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise DuplicateCommandError(f"declared twice: {', '.join(sorted(repeated))}")
        commands = {area.name: {command.info.action: command for command in area.commands} for area in listed}
        infos = [command.info for area in listed for command in area.commands]
        return cls(Catalogue([area.info for area in listed], infos, prefix), commands)

    def find(self, area: str, action: str) -> Command | None:
        """Return a command by its exact names."""
        return self.commands.get(area, {}).get(action)

    def near(self, area: str, action: str) -> Sequence[str]:
        """Return up to three commands (`area action`) that may have been meant."""
        if area in self.commands and action:
            found = process.extract(action, list(self.commands[area]), scorer=fuzz.WRatio, limit=3, score_cutoff=_NEAR)
            return [f"{area} {name}" for name, _, _ in found]
        names = [info.name for info in self.catalogue.commands]
        wanted = f"{area} {action}".strip()
        return [name for name, _, _ in process.extract(wanted, names, scorer=fuzz.ratio, limit=3, score_cutoff=_NEAR)]
