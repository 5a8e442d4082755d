"""All areas, loaded, in the order of help."""

from bot.commands import PLACES, load_area

AREAS = tuple(map(load_area, PLACES))
