"""Why something can't be done with books, by the reasons that its services give."""

from collections.abc import Mapping

from bot.texts.common import listed
from bot.texts.errors import Reasons, Wording, Words, shown


def _numbers(words: Words) -> str:
    numbers = words["numbers"]
    return listed([f"`#{one}`" for one in numbers] if isinstance(numbers, tuple) else [], "or")


ARGUMENTS: Mapping[str, Wording] = {
    "book_untitled": lambda _w: ("A book needs a title.", 'Try `/book add Dune "Frank Herbert" 1965`.'),
    "book_unwritten": lambda _w: (
        "Somebody has to have written it: `author` is empty.",
        'Try `/book add Dune "Frank Herbert" 1965`; `Anonymous` will do.',
    ),
    "year_bad": lambda w: (
        f"`year` can't be {w['value']}.",
        f"It is a year from {w['least']} to {w['most']}, such as `1965`; below 0 is before the common era.",
    ),
    "isbn_mangled": lambda w: (
        f"A spreadsheet has rounded the ISBN: of “{shown(w['value'])}” the last digits are gone.",
        f"Copy it from the book, such as `{w['example']}`, or keep it as a code of your own.",
    ),
    "isbn_check_digit": lambda w: (
        f"“{shown(w['value'])}” is no ISBN: its last digit, which checks the others, does not fit them.",
        "Is a digit wrong, or are two of them swapped? Or keep it as a code of your own.",
    ),
    "isbn_bad": lambda w: (
        f"“{shown(w['value'])}” is no ISBN: those have 10 or 13 digits, and begin with 978 or 979 if they have 13.",
        f"Write it as `{w['example']}`, or keep it as a code of your own.",
    ),
    "nothing_to_edit_of_book": lambda w: (
        "Say what to change of it.",
        f"Try `/book edit #{w['number']} genre:fantasy`.",
    ),
    "no_such_book": lambda w: (
        f"There is no book “{shown(w['value'])}”, so nothing was sold.",
        "Put commas between books, and how many behind each: `Dune 2, Emma`. `/book search` finds them.",
    ),
    "several_books": lambda w: (
        f"Several books are called “{shown(w['value'])}”, so nothing was sold.",
        f"Say which by its number: {_numbers(w)}.",
    ),
    "too_many_books": lambda w: (
        f"Those are {w['count']} books; from 1 to {w['limit']} are sold together.",
        "Put commas between them: `Dune 2, Emma`.",
    ),
}


def _too_few(words: Words) -> tuple[str, str]:
    left, wanted = int(str(words["left"])), int(str(words["wanted"]))
    there = f"Only {left:,} of {shown(words['name'])} {'is' if left == 1 else 'are'} left"
    said = there if left > 0 else f"None of {shown(words['name'])} is left"
    aside = [f"{words[kind]:,} more {kind}" for kind in ("reserved", "elsewhere") if words[kind]]
    kept = f" ({listed(aside)})" if aside else ""
    return f"{said}{kept}, so nothing was sold: `quantity` can't be {wanted:,}.", (
        f"When more come in: `/book restock #{words['number']} {wanted}`."
    )


_REFUSALS: Mapping[str, Wording] = {
    "book_too_few": _too_few,
    "book_too_much": lambda w: (
        f"That is more of {shown(w['name'])} than can be kept count of: `quantity` {w['wanted']:,}.",
        "Is there a digit too many?",
    ),
    "book_product_unpriced": lambda w: (
        f"{shown(w['name'])} has no price yet, so it can't be sold: `book` #{w['number']}.",
        f"A manager sets one: `/book price #{w['number']} 12.50`.",
    ),
    "book_product_discontinued": lambda w: (
        f"{shown(w['name'])} is no longer sold: `book` #{w['number']}.",
        "A manager brings it back: `/stock edit` with `discontinued:no`.",
    ),
    "book_goods_reserved": lambda w: (
        f"{w['reserved']:,} of {shown(w['name'])} {'is' if w['reserved'] == 1 else 'are'} reserved, so it stays.",
        "Let go of them first.",
    ),
    "book_amount_too_large": lambda w: (
        f"That is more than {w['limit']:,} in one sale of {shown(w['name'])}: `quantity` is too large.",
        "Is there a digit too many?",
    ),
    "book_there_already": lambda w: (
        f"That would make it the same as {shown(w['book'])}, so nothing was changed.",
        f"`/book show #{w['number']}` shows that one.",
    ),
}

_CHANGED_PARTS = {
    "on_hand": "what there is of it",
    "reorder_level": "its reorder level",
    "removed_at": "whether it is removed",
    "number": "whether it exists",
    "isbn": "its ISBN",
}

REASONS = Reasons(arguments=ARGUMENTS, refusals=_REFUSALS, parts={"book": _CHANGED_PARTS})
