"""What people read when something can't be done: one sentence that says what was wrong, and what to do next.

The wording is looked up by an error's code and, where it has one, its reason; areas declare the reasons of their own.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import TypeVar

from bot.texts.common import listed, sentence_case, size, with_article
from core.chat.reply import Problem
from core.chat.spec import AreaInfo
from core.ports.storage import OUTCOME_UNKNOWN
from core.shared.errors import BusyError, ConflictError, InvalidArgumentError, NotFoundError, RefusedError, UserError
from core.shared.value_objects import value_object

Words = Mapping[str, object]
Wording = Callable[[Words], tuple[str, str]]
"""From an error's details to a sentence and a hint."""

INTERNAL = "internal"
"""The code of what is our own fault."""
SHOWN = 80
MONTHS = 12
MOST_CHOICES = 12
"""Choices that are named in a sentence."""
_YEAR_FIRST = re.compile(r"[0-9]{4}[-/.]([0-9]{1,2})[-/.]")

BUSY = Problem(BusyError.code, "I'm busy just now.", "Nothing was changed; try again in a moment.")


@value_object
class Reasons:
    """Why something can't be done, in words.

    `arguments` are by the reason of an `InvalidArgumentError`, `refusals` by that of a `ConflictError` or
    `RefusedError`; `absent` by the kind of a `NotFoundError`, where that is no noun of an area; `parts` say by noun
    what fields are, where a field's own name won't do.
    """

    arguments: Mapping[str, Wording] = field(default_factory=dict)
    refusals: Mapping[str, Wording] = field(default_factory=dict)
    absent: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


OF_RECORDS = frozenset({"changed_since", "not_a_reference"})
"""Reasons that are worded alike for the records of all areas, by their noun."""


class DuplicateReasonError(ValueError):
    """Two parts of the product have words for the same reason."""


def shown(value: object) -> str:
    """Return what somebody typed, on one line and cut to a length worth repeating."""
    words = " ".join(str(value).split())
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"


def tried(words: Words) -> str:
    """Return what may be typed instead: what it may mean, else an example."""
    instead = either(words) or (f"`{words['example']}`" if words.get("example") else "")
    return f"Try {instead}." if instead else ""


def not_read(words: Words, what: str) -> str:
    """Return what can't be read, beside the part before it that can."""
    value, read = shown(words["value"]), words.get("read")
    return f"I can read “{shown(read)}”, but not “{value}” behind it." if read else f"I can't read “{value}” {what}."


def ambiguous(words: Words) -> tuple[str, str]:
    """Return that a text can be read in several ways, and how to write each of them."""
    how = f"Say {either(words)}." if words.get("readings") else "Write the year first, in four digits."
    return f"“{shown(words['value'])}” can be read in more than one way.", how


def either(words: Words) -> str:
    """Return what may have been meant, each so that it can be typed."""
    readings = words.get("readings")
    return " or ".join(f"`{reading}`" for reading in readings) if isinstance(readings, tuple) else ""


def _left_over(words: Words) -> tuple[str, str]:
    value, after = shown(words["value"]), words.get("after")
    if not after:
        return (
            f"I don't know what to do with “{value}”.",
            _takes(words),
        )
    return (
        f"I read `{after}:{shown(words['read'])}`, but don't know what to do with “{value}” behind it.",
        f"Nothing was changed. Leave it out, or, if it is part of the text, put it before `{after}:`.",
    )


def _takes(words: Words) -> str:
    """Return which arguments the command has."""
    takes = words.get("takes")
    more = "`/qm help` explains each command."
    if not isinstance(takes, tuple):
        return more
    if not takes:
        return f"This command takes nothing more. {more}"
    return f"Name the argument it belongs to: {' or '.join(f'`{name}:`' for name in takes)}. {more}"


def _goes_on(words: Words) -> tuple[str, str]:
    argument, value, read = words["argument"], shown(words["value"]), shown(words["read"])
    return (
        f"I read `{argument}:{read}`; “{value}” behind it may be more of that, or the text.",
        f'Put a text in quotes, as in `{argument}:{read} "{value}"`, or before `{argument}:`. If it is more of '
        f'`{argument}:`, put all of that in quotes, as in `{argument}:"{read} …"`.',
    )


def _no_such_date(words: Words) -> str:
    value = shown(words["value"])
    month = _YEAR_FIRST.match(value)
    if month and int(month[1]) > MONTHS:
        return f"There is no month {int(month[1])}."
    return f"There is no {value} in the calendar."


def did_you_mean(words: Words) -> str:
    """Return the question after the details' near misses, empty without any."""
    near = words.get("near") or ()
    options = [near] if isinstance(near, str) else list(near) if isinstance(near, tuple) else []
    return f"Did you mean {listed([f'`{option}`' for option in options])}?" if options else ""


def _unknown_command(words: Words) -> tuple[str, str]:
    near = words.get("near") or ()
    options = [f"`/{name}`" for name in near] if isinstance(near, tuple) else []
    hint = f"Did you mean {listed(options, 'or')}?" if options else "`/qm help` lists what there is."
    return f"There is no command `/{shown(words['typed']).removeprefix('/')}`.", hint


def _forbidden(words: Words) -> tuple[str, str]:
    return (
        f"Only {with_article(str(words['needed']))} can do that; you are {with_article(str(words['held']))}.",
        "An admin can change it with `/user role`.",
    )


def _places(words: Words) -> str:
    places = int(str(words["places"]))
    return "no decimal places" if not places else f"{places} decimal places"


_ARGUMENTS: Mapping[str, Wording] = {
    "missing": lambda w: (f"`{w['argument']}` is missing.", tried(w) or f"It goes like this: `{w.get('usage', '')}`"),
    "unknown_name": lambda w: (
        f"There is no `{shown(w['value'])}:` here.",
        f"Did you mean `{w['argument']}:`? Put the words in quotes if they are part of the text.",
    ),
    "no_such_argument": lambda w: (
        f"There is no `{shown(w['value'])}:` here.",
        did_you_mean(w) or _takes(w),
    ),
    "twice": lambda w: (f"`{w['argument']}` is given twice.", "Leave one of them out."),
    "left_over": _left_over,
    "goes_on": _goes_on,
    "line_too_long": lambda w: (f"That is longer than {w['limit']:,} characters.", "Put long texts into a file."),
    "not_a_number": lambda w: (f"`{w['argument']}` is a whole number, not “{shown(w['value'])}”.", tried(w)),
    "number_digits": lambda w: (
        f"`{w['argument']}` is a whole number of 15 digits at most, not “{shown(w['value'])}”.",
        "Is there a digit too many?",
    ),
    "amount_digits": lambda w: (
        f"`{w['argument']}` has 12 digits at most, and 6 behind the point: it can't be “{shown(w['value'])}”.",
        "Is there a digit too many?",
    ),
    "not_an_amount": lambda w: (
        f"`{w['argument']}` is a number such as `{w['example'] or 12.5}`, not “{shown(w['value'])}”.",
        "Write it with a point before the decimals, and nothing between the thousands.",
    ),
    "other_currency": lambda w: (
        f"`{w['argument']}` is in {w['currency']} here, so it can't be “{shown(w['value'])}”.",
        "`/qm settings` says which currency the workspace has.",
    ),
    "not_yes_or_no": lambda w: (f"`{w['argument']}` is `yes` or `no`, not “{shown(w['value'])}”.", ""),
    "not_a_choice": lambda w: (
        f"`{w['argument']}` can't be “{shown(w['value'])}”.",
        did_you_mean(w) or f"It is one of {_choices(w)}.",
    ),
    "stranger": lambda _w: (
        "I don't know that person yet.",
        "I could not ask who they are: try again in a moment. They become known with their first command here, too.",
    ),
    "several_people": lambda w: (
        f"{w['count']} people answer to “{shown(w['value'])}”.",
        f"Say which one: {_choices(w, 'or')}." if w.get("choices") else "Give the whole name, such as `@ann-lee`.",
    ),
    "several_records": lambda w: (
        f"{w['count']} {w['many']} are called “{shown(w['value'])}”.",
        f"Say which one: {_choices(w, 'or')}.",
    ),
    "not_clearable": lambda w: (
        f"`{w['argument']}` can't be taken away.",
        f'If the word is meant, put it in quotes: `{w["argument"]}:"{w["value"]}"`.',
    ),
    "names_nobody": lambda w: (
        f"`{w['argument']}` has to be somebody, not “{shown(w['value'])}”.",
        "To take people away, name them with `mode:remove`, such as `@ann mode:remove`.",
    ),
    "nobody_by_that_name": lambda w: (
        f"Nobody here is called “{shown(w['value'])}”.",
        did_you_mean(w) or "`/user list` shows everybody.",
    ),
    "nobody_to_be": lambda w: (
        f"`--as`: nobody here is called “{shown(w['value'])}”.",
        did_you_mean(w) or "`/user list` shows everybody; with `--new` somebody of that name is made a member.",
    ),
    "no_such_channel": lambda w: (
        f"I know no channel “{shown(w['value'])}”.",
        "`channel:all` means every channel you can see.",
    ),
    "cursor": lambda _w: ("That page is gone.", "Run the list again."),
    "nothing_to_find": lambda _w: ("Say what to look for.", "A word or two will do, or how they begin."),
    "text_too_long": lambda w: (
        f"`{w['argument']}` has {w['length']:,} characters; at most {w['limit']:,} fit.",
        "Shorten it.",
    ),
    "quantity_low": lambda w: (
        f"`{w['argument']}` has to be {w['least']} or more, not {w['value']:,}.",
        "Write a whole number, such as `3`.",
    ),
    "quantity_high": lambda w: (
        f"`{w['argument']}` can be {w['limit']:,} at most, not {w['value']:,}.",
        "Is there a digit too many?",
    ),
    "price_low": lambda w: (
        f"`{w['argument']}` has to be more than 0, not {w['value']}.",
        "Write `none` for what has none yet.",
    ),
    "price_high": lambda w: (
        f"`{w['argument']}` has to be below {w['limit']:,}, not {w['value']:,}.",
        "Is there a digit too many?",
    ),
    "price_places": lambda w: (
        f"{w['currency']} has {_places(w)}, so `{w['argument']}` can't be {w['value']}.",
        "Leave the other ones out.",
    ),
    "no_file": lambda _w: (
        "A file is missing.",
        "Attach it to the command or drop it on the page; on the command line: `--file PATH`.",
    ),
    "due_empty": lambda _w: ("The date is missing.", "Try `tomorrow 9am`."),
    "due_too_long": lambda _w: ("That is too long for a date.", "Try `tomorrow 9am`."),
    "due_not_understood": lambda w: (not_read(w, "as a date"), tried(w)),
    "due_ambiguous": ambiguous,
    "due_no_such_date": lambda w: (_no_such_date(w), tried(w)),
    "due_no_such_time": lambda w: (f"There is no {shown(w['value'])} on the clock.", tried(w)),
    "due_no_such_zone": lambda w: (f"“{shown(w['value'])}” is no time zone.", tried(w)),
    "due_too_far": lambda w: (f"“{shown(w['value'])}” is too far away.", "Any year from 1900 to 2199 will do."),
    "due_in_the_past": lambda w: (f"“{shown(w['value'])}” is in the past.", tried(w)),
}

_REFUSALS: Mapping[str, Wording] = {
    "unknown_zone": lambda w: (
        f"“{shown(w['value'])}” is no time zone.",
        did_you_mean(w) or "Use a name such as `Europe/Berlin` or `America/New_York`.",
    ),
    "undo_expired": lambda _w: ("That can't be undone any more: 15 minutes have passed.", ""),
    "undo_unreadable": lambda _w: (
        "That can't be undone any more: it was done before an update, which no longer knows how.",
        "Change it by hand.",
    ),
    "undo_used": lambda _w: ("That has been undone already.", ""),
    "undo_not_yours": lambda w: (f"Only {w['author']} or a {w['needed']} can undo that.", ""),
    "key_taken": lambda w: (
        f"“{shown(w['value'])}” is taken by another one, so nothing was changed.",
        "Only one at a time can have it: change or remove the other one first.",
    ),
    "only_for": lambda _w: ("That button is for somebody else.", "Type the command yourself if you may run it."),
    "delivery_taken": lambda _w: ("That message was handled elsewhere.", "Type the command again."),
    "workspace_exists": lambda w: (f"There is a workspace called {shown(w['name'])} already.", ""),
    "inactive": lambda _w: ("Your membership here is switched off.", "Ask an admin."),
    "file_type": lambda w: (f"A {w['kind']} file can't be used here.", str(w.get("hint", ""))),
}

SHARED = Reasons(
    arguments=_ARGUMENTS,
    refusals=_REFUSALS,
    absent={
        "button": ("That button is too old, or belongs elsewhere.", "Type the command again."),
        "undo": ("There is nothing of yours to undo from the last 15 minutes.", ""),
        "undo entry": (
            "There is no such change to undo.",
            "`/qm undo` alone takes your last one back; an Undo button works for 15 minutes.",
        ),
        "code": (
            "That code does not work: it was used, is older than 15 minutes, or was mistyped.",
            "Ask for a new one.",
        ),
        "file": ("That file is not here, or not for you.", "Attach it again."),
        "person": ("That person is not here.", "`/user list` shows everybody."),
    },
)
"""What is said whatever the area."""


def _choices(words: Words, joint: str = "and") -> str:
    choices = words.get("choices")
    names = [f"`{choice}`" for choice in choices[:MOST_CHOICES]] if isinstance(choices, tuple) else []
    return listed(names) if joint == "and" else f" {joint} ".join(names)


def _left_over_files(words: Words) -> tuple[str, str]:
    files, takers = words["files"], words["takers"]
    names = [f"“{shown(name)}”" for name in files[:MOST_CHOICES]] if isinstance(files, tuple) else []
    attached = f"{listed(names)} {'is' if len(names) == 1 else 'are'} attached"
    if words["takes"]:
        said = f"`/{words['command']}` takes one file, and {attached}."
        return said, "Nothing was done. Give them one after the other, each with a command of its own."
    commands = [f"`/{name}`" for name in takers] if isinstance(takers, tuple) else []
    return (
        f"`/{words['command']}` takes no file, and {attached}.",
        f"Nothing was done. Files go with {listed(commands)}.",
    )


_BY_CODE: Mapping[str, Wording] = {
    "unknown_command": _unknown_command,
    "forbidden": _forbidden,
    "too_many_requests": lambda w: (
        "That is a lot at once.",
        f"Try again in {w['seconds']} seconds." if w["seconds"] != 1 else "Try again in a second.",
    ),
    "busy": lambda _w: (BUSY.message, BUSY.hint),
    "confirmation_needed": lambda w: (str(w["consequence"]), f"To go ahead: `{w['command']} confirm:yes`"),
    "left_over_files": _left_over_files,
    "file_too_large": lambda w: (
        f"That file is larger than {size(int(str(w['limit'])))}.",
        "Split it, or leave out what is not needed.",
    ),
}


@value_object
class ErrorTexts:
    """The words for every error: those that all areas share, and those of the areas with their nouns."""

    reasons: Reasons
    areas: Mapping[str, AreaInfo]
    """By the noun of what they keep."""

    @classmethod
    def of(cls, parts: Iterable[Reasons], areas: Iterable[AreaInfo]) -> "ErrorTexts":
        """Join the words of all parts; raises `DuplicateReasonError` where two have words for the same."""
        listed_parts = list(parts)
        joined = Reasons(
            arguments=_joined(part.arguments for part in listed_parts),
            refusals=_joined(part.refusals for part in listed_parts),
            absent=_joined(part.absent for part in listed_parts),
            parts=_joined(part.parts for part in listed_parts),
        )
        return cls(joined, {area.subject.one: area for area in areas if area.subject})

    def problem_of(self, error: UserError) -> Problem:
        """Return what people and scripts are told of a user's error; sentences name the arguments at fault."""
        found = self.problems_of(error)
        hints = dict.fromkeys(one.hint for one in found if one.hint)
        return replace(found[0], message=" ".join(one.message for one in found), hint=" ".join(hints))

    def problems_of(self, error: UserError) -> Sequence[Problem]:
        """Return what is told of each argument at fault."""
        others = error.others if isinstance(error, InvalidArgumentError) else ()
        return [self._problem_of(one) for one in (error, *others)]

    def _problem_of(self, error: UserError) -> Problem:
        message, hint = self._worded(error)
        argument = str(error.details.get("argument") or "")
        if argument and not re.search(rf"\b{re.escape(argument)}\b", f"{message} {hint}", re.IGNORECASE):
            message = f"`{argument}`: {message}"
        return Problem(error.code, sentence_case(message), hint, error.field or None)

    def _worded(self, error: UserError) -> tuple[str, str]:
        words = error.details
        match error:
            case InvalidArgumentError(reason="not_a_reference"):
                return self._no_reference(words)
            case InvalidArgumentError(reason=reason):
                return self.reasons.arguments[reason](words)
            case ConflictError(reason="changed_since"):
                return self._changed_since(words)
            case ConflictError(reason=reason) | RefusedError(reason=reason):
                return self.reasons.refusals[reason](words)
            case NotFoundError():
                return self._not_found(words, list(error.instead))
        return _BY_CODE[error.code](words)

    def _no_reference(self, words: Words) -> tuple[str, str]:
        noun, like = str(words["subject"]), words.get("choices")
        hint = f"`/{self.areas[noun].name} list` shows the numbers, such as `{words['example']}`."
        if like and isinstance(like, tuple):
            hint = f"Did you mean {' or '.join(map(shown, like))}?"
        return f"{with_article(noun)} goes by its number, not “{shown(words['value'])}”.", hint

    def _changed_since(self, words: Words) -> tuple[str, str]:
        changed, number, noun = words["changed"], words["number"], str(words["noun"])
        parts = self.reasons.parts.get(noun, {})
        # Several fields may say the same.
        said = dict.fromkeys(parts.get(name, f"its {name}") for name in changed) if isinstance(changed, tuple) else ()
        return (
            f"#{number} “{shown(words['title'])}” has been changed since ({listed([*said])}), so nothing was undone.",
            f"`/{self.areas[noun].name} show {number}` shows it as it is now.",
        )

    def _not_found(self, words: Words, like: Sequence[str]) -> tuple[str, str]:
        kind, reference = str(words["kind"]), shown(words["reference"])
        if kind in self.reasons.absent:
            return self.reasons.absent[kind]
        area = self.areas.get(kind)
        if area is None or area.subject is None:
            return f"There is no {kind} {reference}.", did_you_mean(words)
        called = f"#{reference}" if reference[:1].isdecimal() else f"“{reference}”"
        meant = f"Did you mean {' or '.join(f'“{shown(name)}”' for name in like)}?" if like else did_you_mean(words)
        return f"There is no {kind} {called}.", meant or area.subject.missing


_T = TypeVar("_T")


def _joined(parts: Iterable[Mapping[str, _T]]) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for part in parts:
        if twice := found.keys() & part.keys():
            raise DuplicateReasonError(f"worded twice: {', '.join(sorted(twice))}")
        found.update(part)
    return found


def internal_problem(reference: str) -> Problem:
    """Return what people are told when the fault is ours: neutral words and a number to quote."""
    return Problem(
        INTERNAL,
        "Something went wrong on my side; nothing was changed.",
        f"Try again. If it stays, tell whoever runs me: reference {reference}.",
        reference=reference,
    )


def with_reference(problem: Problem, reference: str) -> Problem:
    """Return a problem that is ours with a number to quote."""
    hint = f"{problem.hint} Tell whoever runs me: reference {reference}.".lstrip()
    return replace(problem, hint=hint, reference=reference)


LASTING = frozenset(
    {
        "cannot_open",
        "damaged",
        "disk_error",
        "disk_full",
        "no_database",
        "no_driver",
        "no_snapshots",
        "not_allowed",
        "read_only",
        "wrong_password",
    }
)
"""Why a database can't be used that don't pass by themselves."""

UNAVAILABLE = LASTING | {BUSY.code, OUTCOME_UNKNOWN}
"""What answers that the database kept from being given are known by."""


def unavailable_problem(reason: str) -> Problem:
    """Return what people are told when the database can't be used, by the reason of a `StorageUnavailableError`."""
    if reason == OUTCOME_UNKNOWN:
        return Problem(
            reason,
            "I lost my database just as it was to keep that, so I don't know whether it was done.",
            "Look first, then try again if it was not.",
        )
    if reason not in LASTING:
        return BUSY
    return Problem(
        reason,
        "I can't use my database just now.",
        "Nothing was changed; try again in a moment. If it stays, tell whoever runs me.",
    )
