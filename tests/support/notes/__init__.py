"""A small area that only tests know: what all areas share is tried on it, and it shows what an area takes."""

from tests.support.further_areas import FurtherArea
from tests.support.notes import transfer
from tests.support.notes.area import note
from tests.support.notes.repository import NOTES
from tests.support.notes.storage import Notes, notes

NOTE_AREA = FurtherArea(note, [notes], {NOTES: Notes})

__all__ = ["NOTES", "NOTE_AREA", "transfer"]
