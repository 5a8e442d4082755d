"""Patterns for LIKE that mean the same in every database."""

ESCAPE = "\\"
"""What comes before a sign that is meant literally; a statement says so, for databases differ in what they assume."""

# SQL Server takes [ for the beginning of a set of characters; the others take it literally, escaped or not.
_SIGNS = str.maketrans({sign: ESCAPE + sign for sign in (ESCAPE, "%", "_", "[")})


def literal(text: str) -> str:
    """Return the pattern of nothing but this text."""
    return text.translate(_SIGNS)
