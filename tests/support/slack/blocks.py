"""Blocks: fields, limits, where each may stand, and the ids the platform fills in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from tests.support.slack.elements import AS_ACCESSORY, ID, IN_ACTIONS, IN_CONTEXT, IN_INPUT, SLACK_FILE
from tests.support.slack.messages import Json, elements_of, texts_in
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

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# Not in the reference: where `msg_blocks_too_long` began in practice (slackapi/bolt-js#2509).
MESSAGE_CHARACTERS = 13_200
TABLE_CHARACTERS = 10_000


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    """A block's own fields, with the `block_id` that all have."""
    return shape(required, {"block_id": ID, **(optional or {})})


CELL = typed(
    {
        "raw_text": shape({"text": string(TABLE_CHARACTERS)}),
        "raw_number": shape({"value": number(whole=False), "text": string(100)}),
        "rich_text": shape({"elements": anything}, {"block_id": ID}),
    }
)
POINT = shape({"label": string(20), "value": number(whole=False)})
SERIES = array(shape({"name": string(20), "data": array(POINT, 20)}), 6)
AXES = shape({"categories": array(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})
XY = shape({"series": SERIES, "axis_config": AXES})
CHART = typed({"pie": shape({"segments": array(POINT, 6)}), "bar": XY, "line": XY, "area": XY})


def _even_rows(report: Report, at: str, value: Any) -> None:
    """A data table: all rows as long as the header, whose cells are plain, and not too much text."""
    rows = value.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            report.add("all rows must have the same number of cells", f"{at}/rows/{index}")
    for index, cell in enumerate(rows[0] if rows else []):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            report.add("rich_text is not allowed in the header", f"{at}/rows/0/{index}")
    if sum(map(len, texts_in(rows))) > TABLE_CHARACTERS:
        report.add(f"no more than {TABLE_CHARACTERS} characters in all cells", f"{at}/rows")


BLOCKS: dict[str, Check] = {
    "section": both(
        _block(
            {},
            {
                "text": text(3000, MRKDWN),
                "fields": array(text(2000, MRKDWN), 10),
                "accessory": AS_ACCESSORY,
                "expand": flag,
            },
        ),
        either("text", "fields"),
    ),
    "divider": _block({}),
    "image": both(
        _block({"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": SLACK_FILE, "title": text(2000)}),
        either("image_url", "slack_file"),
    ),
    "actions": _block({"elements": array(IN_ACTIONS, 25)}),
    "context": _block({"elements": array(IN_CONTEXT, 10)}),
    "header": _block({"text": text(150)}),
    "input": _block(
        {"label": text(2000), "element": IN_INPUT},
        {"hint": text(2000), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": _block({"text": string(12_000)}),
    "rich_text": _block({"elements": anything}),
    "table": _block(
        {"rows": array(array(CELL, 20), 100)},
        {
            "column_settings": array(shape({}, {"align": choice("left", "center", "right"), "is_wrapped": flag}), 20),
        },
    ),
    "data_table": both(
        _block(
            {"rows": array(array(CELL, 20), 101, 2), "caption": string(2000)},
            {"page_size": number(1, 100), "row_header_column_index": number(0, 19)},
        ),
        _even_rows,
    ),
    "data_visualization": _block({"title": string(50), "chart": CHART}),
}

ALLOWED = {
    "message": set(BLOCKS),
    "modal": {"section", "divider", "image", "actions", "context", "header", "input", "rich_text"},
    "home": {"section", "divider", "image", "actions", "context", "header", "input", "rich_text"},
}


def check_blocks(
    report: Report, at: str, blocks: Any, surface: str, knows_file: Callable[[str], bool] = lambda _id: True
) -> None:
    """Add to `report` what Slack would refuse in these blocks on a message, a modal or a Home tab."""
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    array(typed(BLOCKS, ALLOWED[surface]), most, 0 if surface == "message" else 1)(report, at, blocks)
    if not report.problems:
        _check_unique(report, at, blocks)
        _check_together(report, at, blocks, surface)
        _check_files(report, at, blocks, knows_file)


def _check_unique(report: Report, at: str, blocks: list[Json]) -> None:
    """Block ids are unique in the message or view, action ids in their block."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            report.add(f"`block_id` {block_id} already exists", f"{at}/{index}/block_id")
        seen |= {block_id} if block_id else set()
        actions: set[str] = set()
        for element in elements_of(block):
            action_id = element.get("action_id")
            if action_id in actions:
                report.add(f"`action_id` {action_id} already exists", f"{at}/{index}/elements")
            actions |= {action_id} if action_id else set()


def _check_together(report: Report, at: str, blocks: list[Json], surface: str) -> None:
    """What blocks may not do together or on this surface."""
    kinds = [block["type"] for block in blocks]
    for kind, most in (("table", 1), ("data_visualization", 2)):
        if kinds.count(kind) > most:
            report.add(f"only {most} {kind} allowed", at)
    if surface != "modal":
        for index, block in enumerate(blocks):
            if block["type"] == "input" and block["element"]["type"] == "file_input":
                report.add("unsupported type: file_input", f"{at}/{index}/element/type")


def _check_files(report: Report, at: str, blocks: list[Json], knows_file: Callable[[str], bool]) -> None:
    """A `slack_file` names a file that the app can see."""
    for index, block in enumerate(blocks):
        holders = [block, block.get("accessory"), *block.get("elements", [])]
        for holder in holders:
            file = holder.get("slack_file") if isinstance(holder, dict) else None
            if isinstance(file, dict) and not knows_file(file.get("id") or file.get("url") or ""):
                report.add("invalid slack file", f"{at}/{index}/slack_file")


def too_long(blocks: list[Json]) -> bool:
    """Whether a message's blocks are more than Slack takes in practice."""
    return len(json.dumps(blocks, ensure_ascii=False)) > MESSAGE_CHARACTERS


def fill_in(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """The blocks as Slack stores them: ids made up where missing, text flags made explicit."""
    stored = copy.deepcopy(blocks)
    for block in stored:
        block.setdefault("block_id", new_id())
        for element in elements_of(block):
            element.setdefault("action_id", new_id())
        fill_texts(block)
    return stored


def fill_texts(node: Any) -> None:
    """Give every text object the flag that Slack adds."""
    if isinstance(node, list):
        for item in node:
            fill_texts(item)
    elif isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for value in node.values():
            fill_texts(value)
