"""What people in any chat read that is no command's affair: where the rest of an answer is, what a form is made of."""

FILE_FAILED = "I could not hand over the file {name}. Try again, or fetch it elsewhere."
NOTHING = "Done."
CHOOSE = "Choose"
YES, NO = "yes", "no"


_PARTS = 10


def bar(progress: float) -> str:
    """Return how far something is, from 0 to 1, as a bar and a number."""
    done = round(min(max(progress, 0.0), 1.0) * _PARTS)
    return f"{'▰' * done}{'▱' * (_PARTS - done)} {progress:.0%}"


def more_rows(count: int, name: str) -> str:
    """Say that a table goes on in a file."""
    rows = "1 more row is" if count == 1 else f"{count:,} more rows are"
    return f"{rows} in the file {name}."


def goes_on(name: str) -> str:
    """Say that a text goes on in a file."""
    return f"The rest is in the file {name}."


def in_file(title: str, name: str) -> str:
    """Say that a table is in a file only."""
    return f"{title or 'The table'}: in the file {name}."


def usage(line: str) -> str:
    """Say how to type what a form would have asked for."""
    return f"Type it in one line instead: {line}"
