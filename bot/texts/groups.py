"""What people read about groups that they named."""

from bot.texts import errors
from core.people.model import TOGETHER_LIMIT


def cut(label: str, count: int) -> str:
    """Say that a group is larger than what can be named together."""
    return f"{_name(label)} has {count:,} people; I took the first {TOGETHER_LIMIT}."


def _name(label: str) -> str:
    return f"@{label.removeprefix('@')}" if label else "That group"


REASONS = errors.Reasons(
    arguments={
        "no_such_group": lambda w: (
            f"I can't find the group “{errors.shown(w['value'])}”.",
            "Name its people instead, such as `@ann @ben`.",
        ),
        "empty_group": lambda w: (
            f"Nobody is in the group “{errors.shown(w['value'])}”.",
            "Name people instead, such as `@ann @ben`.",
        ),
        "group_hidden": lambda w: (
            f"I am not allowed to see who is in “{errors.shown(w['value'])}”.",
            "Name its people instead, or ask whoever runs me to allow it: `quartermaster doctor` says how.",
        ),
        "group_untold": lambda w: (
            f"I could not find out who is in “{errors.shown(w['value'])}”.",
            "Nothing was changed; try again in a moment, or name the people.",
        ),
        "too_many_groups": lambda w: (
            f"That is more than {w['limit']} groups.",
            "Name fewer of them at once.",
        ),
    }
)
