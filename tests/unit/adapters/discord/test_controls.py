"""What a control's id tells: the stored action, and whose it is and what it is about."""

import pytest

from adapters.platforms.discord.controls import Home, Pressed, home_of, pressed

GUILD, CHANNEL = "1234567890123456789", "1234567890123456780"


@pytest.mark.parametrize("home", [Home(GUILD), Home(GUILD, CHANNEL)])
def test_a_home_is_read_as_it_was_written(home: Home) -> None:
    assert home_of(f"01M7W51AHKV4Z918A3P0Z1XDM7.2|{home}") == home
    assert pressed(f"01M7W51AHKV4Z918A3P0Z1XDM7|{home}", [".1"]) == Pressed("01M7W51AHKV4Z918A3P0Z1XDM7.1", home)


@pytest.mark.parametrize(
    "custom_id", ["", "x", f"x{GUILD}", "x|", "x|12x", f"x|{GUILD}.", f"x|{GUILD}.1.2", "x|.5", f"x|{'9' * 21}", "x|٣"]
)
def test_what_is_none_of_ours_is_left_alone(custom_id: str) -> None:
    assert home_of(custom_id) is None
    assert pressed(custom_id, []) is None
