"""Time zones by their IANA names, and the way from a wall clock to an instant."""

import datetime as dt
import zoneinfo
from functools import cache, lru_cache

from core.shared.errors import RefusedError

LONGEST_NAME = 64
"""No IANA name comes near this; what is longer is not looked at."""

_NOT_FOR_PEOPLE = frozenset({"Factory", "localtime", "posixrules"})
"""Names of the zone database that stand for no place, or for whatever the machine is set to."""

_NEAR_ENOUGH = 75.0
_NEAR_MISSES = 3


class UnknownZoneError(ValueError):
    """A name that is no IANA time zone; `name` is what was asked for (cut), `near` the names it may have meant."""

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        """Keep the name and its near misses for the wording."""
        self.name = name[:LONGEST_NAME]
        self.near = near
        super().__init__(f"no such time zone: {self.name!r}")


@cache
def zone_names() -> tuple[str, ...]:
    """All time zone names people may use, sorted. The first call reads the zone database (about 20 ms)."""
    return tuple(sorted(zoneinfo.available_timezones() - _NOT_FOR_PEOPLE))


@cache
def _by_folded_name() -> dict[str, str]:
    """The proper spelling of each name by its case-folded one."""
    return {name.casefold(): name for name in zone_names()}


@lru_cache(maxsize=2048)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """Give the zone of that IANA name, in any case; `.key` is its proper spelling. Raises `UnknownZoneError`."""
    if len(name) > LONGEST_NAME:
        raise UnknownZoneError(name)
    # Only names of the list reach ZoneInfo, which would look for a file of that name.
    proper = _by_folded_name().get(name.strip().casefold())
    if proper is None:
        raise UnknownZoneError(name, _near_misses(name))
    return zoneinfo.ZoneInfo(proper)


def known_zone(name: str) -> str:
    """Return the proper spelling of a zone that is named somewhere, such as by a browser, nothing for none."""
    try:
        return zone(name).key if name else ""
    except UnknownZoneError:
        return ""


def checked_zone(name: str) -> str:
    """Return the proper spelling of a zone that somebody typed, nothing for nothing.

    Raises `RefusedError` (`unknown_zone`, with near misses).
    """
    try:
        return zone(name).key if name else ""
    except UnknownZoneError as error:
        raise RefusedError("unknown_zone", field="zone", value=name, near=error.near) from error


def _near_misses(name: str) -> tuple[str, ...]:
    """Up to three names like this one, the likeliest first; a city alone finds its zone."""
    from rapidfuzz import fuzz  # only for who mistypes a zone

    asked = "_".join(name.casefold().split())
    scores = {
        proper: max(fuzz.ratio(asked, folded), fuzz.ratio(asked, folded.rpartition("/")[2]))
        for folded, proper in _by_folded_name().items()
    }
    near = sorted((-score, proper) for proper, score in scores.items() if score >= _NEAR_ENOUGH)
    return tuple(proper for _, proper in near[:_NEAR_MISSES])


def instant(day: dt.date, clock: dt.time, where: dt.tzinfo) -> dt.datetime:
    """Give the UTC instant at which that wall clock shows that time.

    A time that the clocks skip moves forward by what they skip (02:30 becomes 03:30). Of a time that comes twice it
    is the first, unless `clock.fold` is 1.
    """
    return dt.datetime.combine(day, clock, tzinfo=where).astimezone(dt.UTC)
