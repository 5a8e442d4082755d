"""Forms as modals, and what people entered in them as arguments.

A modal holds five inputs and remembers a hundred characters. What a form runs fits there mostly; a form that carries
more along, or that has to come up filled in again, is remembered here for a while.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from adapters.platforms import chat_texts
from adapters.platforms.discord.controls import Component, Home, cut, home_of
from adapters.platforms.pressing import marks
from core.chat.reply import Form, FormField
from core.chat.request import Attachment
from core.shared.ids import new_code
from core.shared.value_objects import value_object

TITLE, LABEL, HINT, INPUT, CUSTOM_ID = 45, 45, 100, 4000, 100
INPUTS, OPTIONS, FILES, PEOPLE = 5, 25, 10, 25
MOST = 5000
"""Forms remembered; a modal lives as long as somebody looks at it."""
_TEXT, _SELECT, _USERS, _CHANNELS, _LABEL, _UPLOAD = 4, 3, 5, 8, 18, 19
_TEXT_CHANNELS = [0, 5, 10, 11, 12, 15]
_USER = re.compile(r"<@!?(\d{1,20})>")
_CHANNEL = re.compile(r"<#(\d{1,20})>")
_ORIGIN, _CLEARABLE, _CAME = "_origin", "_clearable", "_came"
_TRUE = ("yes", "true", "on", "y", "1")
_ME = "@me"


@value_object
class FormState:
    """What a modal runs: a command with the arguments already given, or a stored action; files handed in before.

    `origin` is the `channel/message` that a task is made from. `clearable` are the inputs that came with what is taken
    away by emptying them; `came` are the marks of what stays.
    """

    home: Home
    command: str = ""
    action: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    form: Form | None = None
    origin: str = ""
    clearable: tuple[str, ...] = ()
    came: tuple[str, ...] = ()


@dataclass(slots=True)
class Forms:
    """Opens forms as modals and knows them again when they come back."""

    _kept: "OrderedDict[str, FormState]" = field(default_factory=OrderedDict)

    def keep(self, state: FormState) -> str:
        """Remember a form and return its id."""
        form_id = new_code()
        self._kept[form_id] = state
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return form_id

    def kept(self, form_id: str) -> FormState | None:
        """Return a remembered form, or None after a restart."""
        return self._kept.get(form_id)

    def modal(self, state: FormState, form: Form, user: str) -> Component:
        """Return the modal of a form for the person `user`."""
        shown = _most_useful(form)
        left = {one.name: one.value for one in form.fields if one not in shown and one.value and not one.stays}
        clearable = tuple(one.name for one in shown if one.name in form.clearable)
        state = replace(state, fixed={**state.fixed, **left}, form=form, clearable=clearable, came=marks(form))
        return {
            "custom_id": self._custom_id(state),
            "title": cut(form.title, TITLE),
            "components": [_labelled(one, user) for one in shown],
        }

    def state(self, custom_id: str) -> FormState | None:
        """Return what a modal runs; None for one that is forgotten or none of ours."""
        own, home = custom_id.rpartition("|")[0], home_of(custom_id)
        if home is None:
            return None
        if own.startswith("~"):
            return self._kept.get(own[1:])
        if own.startswith("!"):
            return FormState(home, action=own[1:])
        command, mark, fixed = own.partition("?")
        given = dict(parse_qsl(fixed))
        origin = given.pop(_ORIGIN, "")
        clearable, came = (tuple(given.pop(name, "").split()) for name in (_CLEARABLE, _CAME))
        found = FormState(home, command, fixed=given, origin=origin, clearable=clearable, came=came)
        return found if mark and command else None

    def _custom_id(self, state: FormState) -> str:
        more = {_ORIGIN: state.origin, _CLEARABLE: " ".join(state.clearable), _CAME: " ".join(state.came)}
        carried = {**state.fixed, **{name: value for name, value in more.items() if value}}
        own = f"!{state.action}" if state.action else f"{state.command}?{urlencode(carried, safe='/')}"
        custom_id = f"{own}|{state.home}"
        is_whole = not state.attachments and not (state.action and (state.fixed or state.clearable or state.came))
        return custom_id if is_whole and len(custom_id) <= CUSTOM_ID else f"~{self.keep(state)}|{state.home}"


def filled_in(form: Form, given: Mapping[str, str], wrong: str, error: str) -> Form:
    """Return a form with what was entered in it, and what is wrong beside the input at fault."""

    def again(one: FormField) -> FormField:
        shown = replace(one, error=error if one.name == wrong else "")
        return replace(shown, value=given[one.name], stays=False) if one.name in given else shown

    return replace(form, fields=tuple(again(one) for one in form.fields))


def entered(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a submitted modal as argument texts; empty ones are left out."""
    found = {str(one.get("custom_id")): _entered(one) for one in _inputs(data)}
    return {name: value for name, value in found.items() if value}


def uploaded(data: Mapping[str, Any]) -> list[str]:
    """Return the ids of the files of a submitted modal."""
    return [str(value) for one in _inputs(data) if one.get("type") == _UPLOAD for value in one.get("values") or ()]


def _inputs(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for holder in data.get("components") or ():
        held = [holder["component"]] if isinstance(holder.get("component"), dict) else holder.get("components") or ()
        found.extend(held)
    return found


def _entered(element: Mapping[str, Any]) -> str:
    values = [str(value) for value in element.get("values") or ()]
    match element.get("type"):
        case 5:
            return " ".join(f"<@{value}>" for value in values)
        case 8:
            return f"<#{values[0]}>" if values else ""
        case 19:
            return ""
        case 3:
            return values[0] if values else ""
    return str(element.get("value") or "").strip()


def _most_useful(form: Form) -> list[FormField]:
    """Return the inputs that fit: those in error and required first, in the order of the form."""
    ranked = sorted(form.fields, key=lambda one: (not one.error, not one.required))[:INPUTS]
    return [one for one in form.fields if one in ranked]


def _labelled(one: FormField, user: str) -> Component:
    hint = one.error or one.hint
    label: Component = {"type": _LABEL, "label": cut(one.label, LABEL), "component": _input(one, user)}
    return label | ({"description": cut(hint, HINT)} if hint else {})


def _input(one: FormField, user: str) -> Component:
    base: Component = {"custom_id": one.name, "required": one.required}
    match one.kind:
        case "choice" if one.choices:
            return base | _choices(one, one.choices, one.value.strip().lower())
        case "flag":
            value = one.value.strip().lower()
            return base | _choices(one, (chat_texts.YES, chat_texts.NO), chat_texts.YES if value in _TRUE else "")
        case "members":
            return base | _people(one, user)
        case "channel" if not one.value or _CHANNEL.fullmatch(one.value.strip()):
            known = _CHANNEL.fullmatch(one.value.strip())
            chosen = {"default_values": [{"id": known[1], "type": "channel"}]} if known else {}
            return base | {"type": _CHANNELS, "channel_types": _TEXT_CHANNELS, **_counts(one, 1), **chosen}
        case "file":
            most = FILES if one.many else 1
            return base | {"type": _UPLOAD, "min_values": int(one.required), "max_values": most}
    return base | _text(one)


def _text(one: FormField) -> Component:
    element: Component = {"type": _TEXT, "style": 2 if one.kind == "lines" else 1, "max_length": INPUT}
    return element | ({"value": one.value[:INPUT]} if one.value else {})


def _counts(one: FormField, most: int) -> Component:
    return {"min_values": int(one.required), "max_values": most}


def _choices(one: FormField, choices: tuple[str, ...], chosen: str) -> Component:
    options = [
        {"label": choice[:100], "value": choice[:100], "default": choice.lower() == chosen}
        for choice in choices[:OPTIONS]
    ]
    return {"type": _SELECT, "placeholder": chat_texts.CHOOSE, "options": options, **_counts(one, 1)}


def _people(one: FormField, user: str) -> Component:
    words = one.value.split()
    known = [user if word.lower() == _ME else match[1] if (match := _USER.fullmatch(word)) else "" for word in words]
    most = PEOPLE if one.many else 1
    if not all(known) or len(known) > most:
        # Names that only the command can tell apart stay as they were typed.
        return _text(one)
    chosen = {"default_values": [{"id": one_id, "type": "user"} for one_id in dict.fromkeys(known)]} if known else {}
    return {"type": _USERS, "placeholder": chat_texts.CHOOSE, **_counts(one, most), **chosen}
