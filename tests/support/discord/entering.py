"""What a person enters into a message's select or a modal's inputs, and what Discord's client makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.support.discord.composing import NotAcceptedError
from tests.support.discord.messages import (
    CHANNEL_SELECT,
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    MENTIONABLE_SELECT,
    RADIO_GROUP,
    ROLE_SELECT,
    STRING_SELECT,
    TEXT_INPUT,
    USER_SELECT,
    Control,
    Json,
    View,
    controls_in,
)
from tests.support.discord.payloads import Entity
from tests.support.discord.world import Channel, Role, StoredFile, User, World

ENTITIES: dict[int, tuple[type, ...]] = {
    USER_SELECT: (User,), ROLE_SELECT: (Role,), MENTIONABLE_SELECT: (User, Role), CHANNEL_SELECT: (Channel,),
}  # fmt: skip
CHOICES = (STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP)


def initial(components: list[Json]) -> dict[str, Any]:
    """What is filled in already when a modal opens."""
    found: dict[str, Any] = {}
    for control in controls_in(components):
        element = control.element
        if element["type"] == TEXT_INPUT and element.get("value"):
            found[control.custom_id] = element["value"]
        elif element["type"] == CHECKBOX:
            found[control.custom_id] = bool(element.get("default"))
        elif element["type"] in CHOICES:
            found[control.custom_id] = [one["value"] for one in element.get("options", ()) if one.get("default")]
        elif element.get("default_values"):
            found[control.custom_id] = [str(one["id"]) for one in element["default_values"]]
    return found


def entered(control: Control, value: Any) -> Any:
    """`value` as the control holds it: a text, a flag, files, or the chosen options' values or ids."""
    element = control.element
    kind = element["type"]
    if element.get("disabled"):
        raise NotAcceptedError(f"{control.label!r} is disabled")
    if kind == TEXT_INPUT:
        return _text(control, str(value))
    if kind == CHECKBOX:
        return bool(value)
    values = list(value) if isinstance(value, list | tuple) else [value]
    most = int(element.get("max_values") or (len(element.get("options", ())) if kind == CHECKBOX_GROUP else 1))
    least = int(element.get("min_values") or 0)
    if len(values) > most or len(values) < least:
        raise NotAcceptedError(f"{control.label!r} takes {least} to {most}")
    if kind == FILE_UPLOAD:
        return [_file(one) for one in values]
    if kind in CHOICES:
        return [_option(element, one) for one in values]
    return [_entity(kind, one).id for one in values]


def _text(control: Control, value: str) -> str:
    least, most = control.element.get("min_length") or 0, control.element.get("max_length") or 4000
    if len(value) > most or 0 < len(value) < least:
        raise NotAcceptedError(f"{control.label!r} takes {least} to {most} characters")
    if control.element["style"] == 1 and "\n" in value:
        raise NotAcceptedError(f"{control.label!r} takes one line")
    return value


def _file(value: Any) -> StoredFile:
    if not isinstance(value, StoredFile):
        raise NotAcceptedError(f"{value!r} is not a file")
    value.is_ephemeral = True
    return value


def _option(element: Json, value: Any) -> str:
    for option in element.get("options", ()):
        if value in (option["label"], option["value"]):
            return str(option["value"])
    raise NotAcceptedError(f"no option {value!r} among {[one['label'] for one in element.get('options', ())]}")


def _entity(kind: int, value: Any) -> User | Role | Channel:
    if not isinstance(value, ENTITIES[kind]):
        raise NotAcceptedError(f"{value!r} can't be chosen here")
    assert isinstance(value, User | Role | Channel)
    return value


def missing(view: View) -> list[str]:
    """The labels of required inputs that are empty."""
    found = []
    for control in controls_in(view.components):
        needs = control.element["type"] != CHECKBOX and control.element.get("required", True)
        if needs and not view.chosen.get(control.custom_id):
            found.append(control.label)
    return found


def entities_of(world: World, values: Iterable[Any]) -> list[Entity]:
    """The people, roles, channels and files among what was entered."""
    found: list[Entity] = []
    roles = {role.id: role for guild in world.guilds.values() for role in guild.roles}
    for value in values:
        for one in value if isinstance(value, list) else ():
            if isinstance(one, StoredFile):
                found.append(one)
            elif known := world.users.get(one) or roles.get(one) or world.channels.get(one):
                found.append(known)
    return found
