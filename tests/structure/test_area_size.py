"""An area stays small: what it takes is counted on the one that only tests know."""

from bot.commands.areas import AREAS
from tests.support.area_size import area_size
from tests.support.notes import NOTE_AREA


def test_an_area_takes_few_files_and_little_for_import_and_export() -> None:
    size = area_size()
    assert 4 < size.files <= 14
    assert 0 < size.lists <= 3
    assert 0 < size.transfer_lines <= 250


def test_the_example_area_is_none_of_the_products() -> None:
    assert NOTE_AREA.area not in AREAS
