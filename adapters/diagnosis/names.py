"""Names that a platform told, as the findings show them."""

_LONGEST = 80


def shown_name(name: object) -> str:
    """Return a name that anybody may have chosen, fit for a line of a terminal."""
    return "".join(letter for letter in str(name or "?") if letter.isprintable())[:_LONGEST]
