"""The one area that a line is about: whoever types a line into a shell does not wait until all of them are loaded."""

import re

from bot.commands import PLACES, load_area
from bot.grammar.declaration import Area
from bot.grammar.plan import HELP_AREA

OF_ALL_AREAS = frozenset({HELP_AREA, "report", "job every", "job list", "job retry", "job run"})
"""Areas, and commands of others, that have or take what any area declares."""
_COMMAND = re.compile(r"/?([a-z]+) ([a-z-]+)(?: |$)")


def area_of(line: str) -> Area | None:
    """Return the area whose command a line is; None where others may have a say in the answer.

    They do with `/qm`, whose help and undo are of all areas, with `/report`, whose reports are, with jobs, whose kinds
    and commands are, with an area that refers to records of another, and with what is no command as it stands: perhaps
    one of another area was meant.
    """
    typed = _COMMAND.match(line)
    if typed is None or typed[1] not in PLACES or OF_ALL_AREAS & {typed[1], f"{typed[1]} {typed[2]}"}:
        return None
    area = load_area(typed[1])
    is_known = any(command.info.action == typed[2] for command in area.commands)
    return area if is_known and stands_alone(area) else None


def stands_alone(area: Area) -> bool:
    """Tell whether an area refers to no records of another."""
    own = area.subject.info.one if area.subject else ""
    return {argument.subject for command in area.commands for argument in command.info.arguments} <= {"", own}
