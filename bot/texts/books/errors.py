"""Why something can't be done with books, by the reasons that its services give."""

from collections.abc import Mapping

from bot.texts.errors import Reasons, Wording, shown

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
    "nothing_to_find": lambda _w: ("Say what to look for.", "Try `/book search tolkien`."),
}

_REFUSALS: Mapping[str, Wording] = {
    "book_there_already": lambda w: (
        f"That would make it the same as {shown(w['book'])}, so nothing was changed.",
        f"`/book show #{w['number']}` shows that one.",
    ),
}

_CHANGED_PARTS = {"removed_at": "whether it is removed", "number": "whether it exists", "isbn": "its ISBN"}

REASONS = Reasons(arguments=ARGUMENTS, refusals=_REFUSALS, parts={"book": _CHANGED_PARTS})
