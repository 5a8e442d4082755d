"""How people are named, wherever that is: in a command, a form, a button, a file's cell."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from core.people.model import Member
from core.shared.nearness import near_misses
from core.shared.value_objects import value_object

ME = "me"
"""The name by which everybody names themselves."""

MENTION = re.compile(r"<@!?([A-Za-z0-9]{1,64})(?:\|[^<>]{0,200})?>")
"""How a platform names somebody by their id there."""

_NEAR, _MUCH_ALIKE = 60, 70
"""How alike (0-100) names are of which one may have been meant: with the same first letter, and with another."""

_NUMBERED = re.compile(r"(.*)#([0-9]{1,18})", re.DOTALL)


def handle(name: str) -> str:
    """Return a name as it is typed after `@`, in one word: `Ann Lee` is `ann-lee`."""
    return "-".join(unicodedata.normalize("NFKC", name).casefold().replace(",", " ").split())


def near_person(word: str, handles: Iterable[str]) -> str:
    """Return the handle that a mistyped name may have meant, empty if none; the first letter is mistyped seldom."""
    typed, known = handle(word.removeprefix("@")), list(handles)
    alike = [name for name in known if name[:1] == typed[:1]]
    near = near_misses(typed, alike, least=_NEAR, partly=True)
    return next(iter(near or near_misses(typed, known, least=_MUCH_ALIKE, partly=True)), "")


@value_object
class NameBook:
    """Members by what they answer to; of several with one name the active ones go before the inactive ones."""

    members: Mapping[int, Member]
    by_handle: Mapping[str, Sequence[int]]
    by_first_name: Mapping[str, Sequence[int]]
    """Active members only."""

    @classmethod
    def of(cls, members: Iterable[Member]) -> "NameBook":
        """Index members."""
        known = {member.id: member for member in members}
        found: dict[str, list[int]] = {}
        for member in known.values():
            found.setdefault(handle(member.name), []).append(member.id)
        first: dict[str, list[int]] = {}
        for name, ids in found.items():
            first.setdefault(name.split("-")[0], []).extend(member for member in ids if known[member].active)
        kept = {name: [member for member in ids if known[member].active] or ids for name, ids in found.items()}
        return cls(known, kept, first)

    def find(self, name: str) -> Sequence[int]:
        """Return the members of exactly that name, case and hyphens aside, or else those whose first name it is.

        `ann#12` is the member of that number, if that is their name.
        """
        key = handle(name.strip().removeprefix("@"))
        if not key:
            return ()
        # The name is compared by itself: one that ends in a blank or a comma has nothing there once it stands alone.
        if numbered := _NUMBERED.fullmatch(unicodedata.normalize("NFKC", name.strip().removeprefix("@"))):
            member = self.members.get(int(numbered[2]))
            if member and handle(member.name) == handle(numbered[1]):
                return [member.id]
        return self.by_handle.get(key) or self.by_first_name.get(key, ())

    def word(self, member_id: int, name: str = "") -> str:
        """Return what names a member and nobody else, such as `@ann-lee`; `name` is how to write the name, if not so.

        One who shares a name, or is called what means everybody themselves, is written with their number.
        """
        plain = f"@{name or handle(self.members[member_id].name)}"
        is_alone = list(self.find(plain)) == [member_id] and handle(plain.removeprefix("@")) != ME
        return plain if is_alone else f"{plain}#{member_id}"
