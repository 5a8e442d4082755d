"""What is said alike of what a search found, of any area."""

from dataclasses import replace
from typing import TypeVar

from bot.texts.common import counted, sentence_case
from bot.texts.records import Listed, Listing, page_of
from core.chat.reply import Reply
from core.chat.text import text
from core.shared.searching import Hits

T = TypeVar("T")


def found_of(title: str, hits: Hits[T], listed: Listed[T], listing: Listing) -> Reply:
    """Show a page of what a search found, the likeliest first, or what comes near where nothing was found."""
    more = ", and there are more: another word leaves fewer" if hits.is_cut else ""
    shown = page_of(title, hits.page, listed, listing, more)
    if not (hits.is_near and hits.page.items):
        return shown
    near = counted(hits.page.total, listed.called.one, listed.called.many)
    return replace(shown, text=text(f"Nothing has all of that. {sentence_case(near)} near it."))
