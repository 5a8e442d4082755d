"""A task made from a message that somebody wrote, on whatever platform."""

MOST_TITLE = 200
"""Characters of a title made from a message; the message itself stays in the notes."""
MOST_NOTES = 2800
"""What fits into an input of every platform, with room to add something."""


def arguments_from(words: str) -> dict[str, str]:
    """Return the arguments of `task add` for a message: its first line as the title, all of it as notes if longer."""
    rows = [row.strip() for row in words.strip().splitlines()]
    first = next((row for row in rows if row), "")
    title = _cut(first, MOST_TITLE)
    found = {"title": title} if title else {}
    whole = "\n".join(rows).strip()
    return found if whole == title else {**found, "notes": _cut(whole, MOST_NOTES)}


def _cut(words: str, limit: int) -> str:
    """Cut at the end of a word where there is one near."""
    if len(words) <= limit:
        return words
    kept = words[: limit - 1]
    end = kept.rfind(" ", limit // 2)
    return f"{kept[:end] if end > 0 else kept}…"
