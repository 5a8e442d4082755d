"""Block elements: their fields and limits. Sources: Slack's Block Kit reference, slack_sdk.models.blocks."""

from __future__ import annotations

from tests.support.slack.schema import (
    MRKDWN,
    Check,
    Report,
    anything,
    array,
    both,
    choice,
    either,
    flag,
    number,
    shape,
    string,
    text,
    typed,
)

ID = string(255)
PLACEHOLDER = text(150)
CONFIRM = shape(
    {"title": text(100), "text": text(300, MRKDWN), "confirm": text(30), "deny": text(30)},
    {"style": choice("primary", "danger")},
)
SLACK_FILE = both(shape({}, {"id": string(255), "url": string(3000)}), either("id", "url"))
DISPATCH = shape({}, {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)})
FILTER = shape(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def option(*, rich: bool = False, url: bool = False) -> Check:
    """An option object; `rich` allows mrkdwn (radio buttons, checkboxes), `url` a link (overflow)."""
    kinds = MRKDWN if rich else ("plain_text",)
    more: dict[str, Check] = {"description": text(75, kinds)}
    if url:
        more["url"] = string(3000)
    return shape({"text": text(75, kinds), "value": string(150)}, more)


OPTIONS = array(option(), 100)
GROUPS = array(shape({"label": text(75), "options": OPTIONS}), 100)


def _select(initial: dict[str, Check], *, multi: bool = False, more: dict[str, Check] | None = None) -> Check:
    """The fields that all select menus share."""
    optional: dict[str, Check] = {
        "action_id": ID,
        "placeholder": PLACEHOLDER,
        "confirm": CONFIRM,
        "focus_on_load": flag,
        **initial,
        **(more or {}),
    }
    if multi:
        optional["max_selected_items"] = number(1)
    return shape({}, optional)


def _static(*, multi: bool) -> Check:
    """A select over given options or option groups, not both."""
    initial: dict[str, Check] = {"initial_options": OPTIONS} if multi else {"initial_option": option()}
    base = _select(initial, multi=multi, more={"options": OPTIONS, "option_groups": GROUPS})

    def one_of_both(report: Report, at: str, value: object) -> None:
        if isinstance(value, dict) and ("options" in value) == ("option_groups" in value):
            report.add("exactly one of options and option_groups is required", at)

    return both(base, one_of_both)


def _picker(own: dict[str, Check]) -> Check:
    """A date or time picker."""
    return shape({}, {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag, **own})


def _chooser(most: int) -> Check:
    """Checkboxes."""
    return shape(
        {"options": array(option(rich=True), most)},
        {
            "action_id": ID,
            "initial_options": array(option(rich=True), most),
            "confirm": CONFIRM,
            "focus_on_load": flag,
        },
    )


def _line_input(more: dict[str, Check]) -> Check:
    """An input of one value typed by hand."""
    return shape(
        {},
        {
            "action_id": ID,
            "placeholder": PLACEHOLDER,
            "initial_value": string(3000, 0),
            "dispatch_action_config": DISPATCH,
            "focus_on_load": flag,
        }
        | more,
    )


EXTERNAL: dict[str, Check] = {"min_query_length": number(0)}
CONVERSATIONS: dict[str, Check] = {
    "default_to_current_conversation": flag,
    "response_url_enabled": flag,
    "filter": FILTER,
}

ELEMENTS: dict[str, Check] = {
    "button": shape(
        {"text": text(75)},
        {
            "action_id": ID,
            "url": string(3000),
            "value": string(2000),
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "checkboxes": _chooser(10),
    "radio_buttons": shape(
        {"options": array(option(rich=True), 10)},
        {"action_id": ID, "initial_option": option(rich=True), "confirm": CONFIRM, "focus_on_load": flag},
    ),
    "datepicker": _picker({"initial_date": string(10), "placeholder": PLACEHOLDER}),
    "timepicker": _picker({"initial_time": string(5), "placeholder": PLACEHOLDER, "timezone": string(100)}),
    "datetimepicker": _picker({"initial_date_time": number(10**9, 10**10 - 1)}),
    "overflow": shape({"options": array(option(url=True), 5)}, {"action_id": ID, "confirm": CONFIRM}),
    "image": both(
        shape({"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": SLACK_FILE}),
        either("image_url", "slack_file"),
    ),
    "static_select": _static(multi=False),
    "multi_static_select": _static(multi=True),
    "external_select": _select({"initial_option": option()}, more=EXTERNAL),
    "multi_external_select": _select({"initial_options": OPTIONS}, multi=True, more=EXTERNAL),
    "users_select": _select({"initial_user": ID}),
    "multi_users_select": _select({"initial_users": array(ID, 100)}, multi=True),
    "conversations_select": _select({"initial_conversation": ID}, more=CONVERSATIONS),
    "multi_conversations_select": _select(
        {"initial_conversations": array(ID, 100)},
        multi=True,
        more={"default_to_current_conversation": flag, "filter": FILTER},
    ),
    "channels_select": _select({"initial_channel": ID}, more={"response_url_enabled": flag}),
    "multi_channels_select": _select({"initial_channels": array(ID, 100)}, multi=True),
    "plain_text_input": _line_input({"multiline": flag, "min_length": number(0, 3000), "max_length": number(1, 3000)}),
    "number_input": both(
        _line_input({"is_decimal_allowed": flag, "min_value": string(30), "max_value": string(30)}),
        lambda report, at, value: (
            report.add("missing required field: is_decimal_allowed", at) if "is_decimal_allowed" not in value else None
        ),
    ),
    "email_text_input": _line_input({}),
    "url_text_input": _line_input({}),
    "rich_text_input": shape(
        {}, {"action_id": ID, "placeholder": PLACEHOLDER, "initial_value": anything, "focus_on_load": flag}
    ),
    "file_input": shape({}, {"action_id": ID, "filetypes": array(string(20), 100), "max_files": number(1, 10)}),
}

SELECTS = {name for name in ELEMENTS if name.endswith("_select")}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
CHOOSERS = {"checkboxes", "radio_buttons"}
TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"}

IN_ACTIONS = typed(ELEMENTS, {"button", "overflow"} | SELECTS | PICKERS | CHOOSERS)
AS_ACCESSORY = typed(ELEMENTS, {"button", "overflow", "image"} | SELECTS | PICKERS | CHOOSERS)
IN_INPUT = typed(ELEMENTS, TYPED | SELECTS | PICKERS | CHOOSERS | {"file_input"})
IN_CONTEXT = typed(
    {"image": ELEMENTS["image"], "mrkdwn": text(3000, MRKDWN), "plain_text": text(3000, MRKDWN)},
)
