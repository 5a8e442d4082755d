"""What is said alike of the records of any area: pages of lists."""

from dataclasses import dataclass
from typing import Any

from core.chat.reply import Action, Placement
from core.shared.paging import Page


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as asked for: the command that shows this very page, and the same without its page."""

    command: str
    first_page: str

    @classmethod
    def of(cls, first_page: str, cursor: str) -> "Listing":
        """Return the listing that a command shows a page of."""
        return cls(f"{first_page} page:{cursor}" if cursor else first_page, first_page)

    def at(self, cursor: str) -> str:
        """Return the command for another page."""
        return f"{self.first_page} page:{cursor}"


def paging(page: Page[Any], listing: Listing) -> tuple[Action, ...]:
    """Return the buttons that lead to the pages beside one."""
    pages = (("Previous", page.previous_cursor), ("Next", page.next_cursor))
    return tuple(Action(label, listing.at(cursor), placement=Placement.UPDATE) for label, cursor in pages if cursor)
