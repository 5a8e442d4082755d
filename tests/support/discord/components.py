"""The forms of components in messages and modals, with the limits that Discord enforces."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.support.discord.messages import (
    BUTTON,
    CHANNEL_SELECT,
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    MENTIONABLE_SELECT,
    RADIO_GROUP,
    ROLE_SELECT,
    SELECTS,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    USER_SELECT,
    Json,
    walk,
)
from tests.support.discord.schema import (
    Check,
    Path,
    Report,
    anything,
    array,
    both,
    flag,
    number,
    one_of,
    shape,
    text,
    typed,
)

ROW, SECTION, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 9, 11, 12, 13, 14, 17
MOST_V2 = 40
CUSTOM_ID = text(100)


def _button(report: Report, at: Path, value: Json) -> None:
    optional: dict[str, Check] = {
        "label": text(80), "custom_id": CUSTOM_ID, "url": text(512), "disabled": flag, "emoji": shape({}),
    }  # fmt: skip
    shape({"style": one_of(1, 2, 3, 4, 5, 6)}, optional)(report, at, value)
    is_link = value.get("style") == 5
    if is_link and "custom_id" in value:
        report.add((*at, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_LINK", "A link button can't have a custom id")
    needed = "url" if is_link else "custom_id"
    if value.get("style") in (1, 2, 3, 4, 5) and not value.get(needed):
        report.add((*at, needed), "BASE_TYPE_REQUIRED", "This field is required")
    if not value.get("label") and not value.get("emoji"):
        report.add(at, "BUTTON_COMPONENT_INVALID_EMPTY", "A button must have a label or an emoji")


def _counts(report: Report, at: Path, value: Json) -> None:
    """`min_values` fits `max_values`."""
    least, most = value.get("min_values"), value.get("max_values", 1)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.add((*at, "max_values"), "NUMBER_TYPE_MIN", "max_values must not be less than min_values")


OPTION = shape(
    {"label": text(100), "value": text(100)}, {"description": text(100), "default": flag, "emoji": shape({})}
)


def _distinct_options(report: Report, at: Path, value: Json) -> None:
    options = value.get("options")
    seen: set[str] = set()
    for index, option in enumerate(options if isinstance(options, list) else ()):
        chosen = option.get("value") if isinstance(option, dict) else None
        if chosen in seen:
            where = (*at, "options", index, "value")
            report.add(where, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
        seen.add(str(chosen))


def _select(more: dict[str, Check]) -> Check:
    counts: dict[str, Check] = {"min_values": number(0, 25), "max_values": number(1, 25)}
    shared: dict[str, Check] = {"placeholder": text(150), "disabled": flag, "required": flag, **counts}
    return both(shape({"custom_id": CUSTOM_ID, **more}, shared), _counts, _distinct_options)


def _choices(least: int, **more: Check) -> Check:
    return both(
        shape({"custom_id": CUSTOM_ID, "options": array(OPTION, 10, least)}, {"required": flag, **more}),
        _distinct_options,
    )


_TEXT_INPUT = shape(
    {"custom_id": CUSTOM_ID, "style": one_of(1, 2)},
    {
        "label": text(45), "min_length": number(0, 4000), "max_length": number(1, 4000), "required": flag,
        "value": text(4000, 0), "placeholder": text(100),
    },
)  # fmt: skip
_MEDIA = shape({"url": text(2048)})
TABLE: dict[int, Check] = {
    BUTTON: _button,
    STRING_SELECT: _select({"options": array(OPTION, 25, 1)}),
    USER_SELECT: _select({}),
    ROLE_SELECT: _select({}),
    MENTIONABLE_SELECT: _select({}),
    CHANNEL_SELECT: _select({}),
    TEXT_INPUT: _TEXT_INPUT,
    TEXT_DISPLAY: shape({"content": text(4000)}),
    THUMBNAIL: shape({"media": _MEDIA}, {"description": text(1024), "spoiler": flag}),
    GALLERY: shape({"items": array(shape({"media": _MEDIA}, {"description": text(1024)}), 10, 1)}),
    FILE: shape({"file": _MEDIA}, {"spoiler": flag}),
    SEPARATOR: shape({}, {"divider": flag, "spacing": one_of(1, 2)}),
    FILE_UPLOAD: both(
        shape({"custom_id": CUSTOM_ID}, {"min_values": number(0, 10), "max_values": number(1, 10), "required": flag}),
        _counts,
    ),
    RADIO_GROUP: _choices(2),
    CHECKBOX_GROUP: _choices(1, min_values=number(0, 10), max_values=number(1, 10)),
    CHECKBOX: shape({"custom_id": CUSTOM_ID}, {"default": flag}),
}
INPUTS = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)


def _row(report: Report, at: Path, value: Json) -> None:
    array(typed(TABLE, (BUTTON, *SELECTS)), 5, 1)(report, (*at, "components"), value.get("components"))
    kinds = [child.get("type") for child in value.get("components") or () if isinstance(child, dict)]
    if len(kinds) > 1 and any(kind in SELECTS for kind in kinds):
        report.add(
            (*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
        )


def _text_row(report: Report, at: Path, value: Json) -> None:
    array(typed(TABLE, (TEXT_INPUT,)), 1, 1)(report, (*at, "components"), value.get("components"))


TABLE[ROW] = _row
TABLE[SECTION] = shape(
    {"components": array(typed(TABLE, (TEXT_DISPLAY,)), 3, 1), "accessory": typed(TABLE, (BUTTON, THUMBNAIL))}
)
TABLE[CONTAINER] = shape(
    {"components": array(typed(TABLE, (ROW, TEXT_DISPLAY, SECTION, GALLERY, SEPARATOR, FILE)), MOST_V2, 1)},
    {"accent_color": number(0, 0xFFFFFF), "spoiler": flag},
)
TABLE[LABEL] = shape({"label": text(45), "component": typed(TABLE, INPUTS)}, {"description": text(100)})
V2 = (ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER)


def check_components(report: Report, at: Path, value: Any, *, is_v2: bool) -> None:
    """A message's components: rows alone, or the newer kinds with their limit of 40 in all."""
    array(typed(TABLE, V2 if is_v2 else (ROW,)), MOST_V2 if is_v2 else 5)(report, at, value)
    if not report:
        _check_ids(report, at, value)
        count = sum(1 for _ in walk(value))
        if is_v2 and count > MOST_V2:
            report.add(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum of 40 total components is exceeded")
        if is_v2 and sum(len(one.get("content", "")) for _, one in walk(value)) > 4000:
            report.add(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Displayable text exceeds 4000 characters")


_MODAL_TABLE = {**TABLE, ROW: _text_row}
MODAL = shape(
    {
        "custom_id": CUSTOM_ID,
        "title": text(45),
        "components": array(typed(_MODAL_TABLE, (ROW, TEXT_DISPLAY, LABEL)), 5, 1),
    },
    {"type": anything},
)


def check_modal(report: Report, at: Path, value: Any) -> None:
    """A modal: 1 to 5 labels, texts or old rows of a text input; nothing in it may be disabled."""
    MODAL(report, at, value)
    if report:
        return
    _check_ids(report, (*at, "components"), value["components"])
    for holder, element in walk(value["components"]):
        if element.get("disabled"):
            report.add((*at, "components"), "MODAL_COMPONENT_DISABLED", "Components in modals can't be disabled")
        if element.get("min_values") == 0 and element.get("required", True):
            report.add((*at, "components"), "REQUIRED_MIN_VALUES", "min_values must be at least 1 where required")
        if element["type"] == TEXT_INPUT and holder.get("type") == ROW and not element.get("label"):
            report.add((*at, "components"), "BASE_TYPE_REQUIRED", "A text input in a row needs a label")


def _check_ids(report: Report, at: Path, value: list[Json]) -> None:
    seen: set[str] = set()
    for _, element in walk(value):
        custom_id = element.get("custom_id")
        if custom_id is None:
            continue
        if custom_id in seen:
            report.add(at, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen.add(custom_id)


def filled_in(components: list[Json], file_url: Callable[[str], str] = str) -> list[Json]:
    """The components as stored: each with an id of its own, `attachment://` addresses resolved."""
    found = copy.deepcopy(components)
    taken = {element["id"] for _, element in walk(found) if element.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)
    for _, element in walk(found):
        if not element.get("id"):
            element["id"] = next(free)
        for media in (element.get("media"), element.get("file"), *(i["media"] for i in element.get("items", ()))):
            if isinstance(media, dict):
                media["url"] = file_url(media["url"])
                media.setdefault("proxy_url", media["url"])
    return found
