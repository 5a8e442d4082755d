"""What people see in Slack: messages, views, and the controls in them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.local_platform import NotShownError

if TYPE_CHECKING:
    from tests.support.slack.world import Channel, User

Json = dict[str, Any]


@dataclass(frozen=True)
class Control:
    """A button, select or input as it stands in a block."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The block's id, the app's own or made up by the platform."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's action id."""
        return str(self.element["action_id"])

    @property
    def kind(self) -> str:
        """The element's type, such as `button`."""
        return str(self.element["type"])

    @property
    def label(self) -> str:
        """What names the control for a person: its input block's label, else its text, else its placeholder."""
        text = self.block.get("label") if self.block.get("type") == "input" else None
        text = text or self.element.get("text") or self.element.get("placeholder")
        return str(text.get("text", "")) if isinstance(text, dict) else ""

    def is_named(self, what: str) -> bool:
        """Whether `what` is its label, its action id, its block id or its value."""
        names = {self.label, self.action_id, self.element.get("value")}
        if self.block.get("type") == "input":
            names.add(self.block_id)
        return what in names


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of one block."""
    candidates = [*block.get("elements", [])] if block.get("type") in ("actions", "context_actions") else []
    candidates += [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    for element in candidates:
        if isinstance(element, dict) and element.get("type") not in ("image", "mrkdwn", "plain_text"):
            yield element


def controls_in(blocks: list[Json]) -> list[Control]:
    """Every control, from top to bottom."""
    return [Control(block, element) for block in blocks for element in elements_of(block)]


def find_control(blocks: list[Json], what: str) -> Control:
    """The control a person means by its label (or its action id, block id or value)."""
    controls = controls_in(blocks)
    for control in controls:
        if control.is_named(what):
            return control
    raise NotShownError(f"no control {what!r} among {[control.label or control.action_id for control in controls]}")


def texts_in(node: object) -> Iterator[str]:
    """All text a person can read in blocks, in order."""
    if isinstance(node, list):
        for item in node:
            yield from texts_in(item)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for key in ("title", "caption", "alt_text", "label"):
            if isinstance(node.get(key), str):
                yield node[key]
        for value in node.values():
            yield from texts_in(value) if isinstance(value, dict | list) else ()


@dataclass
class Message:
    """A message as the platform stores it: `data` is what Slack would return for it."""

    channel: Channel
    data: Json
    ephemeral_to: User | None = None
    deleted: bool = False
    revisions: list[Json] = field(default_factory=list)
    chosen: Json = field(default_factory=dict)

    @property
    def ts(self) -> str:
        """Its timestamp, which is its identity within the channel."""
        return str(self.data["ts"])

    @property
    def thread_ts(self) -> str | None:
        """The timestamp of the thread's first message, if it is in one."""
        return self.data.get("thread_ts")

    @property
    def text(self) -> str:
        """The top-level text: what a notification and a screen reader give."""
        return str(self.data.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """The blocks as stored, ids filled in."""
        return list(self.data.get("blocks", []))

    @property
    def metadata(self) -> Json | None:
        """The metadata it was posted with."""
        return self.data.get("metadata")

    @property
    def files(self) -> list[Json]:
        """The files shared with it."""
        return list(self.data.get("files", []))

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.ephemeral_to is not None

    @property
    def by_bot(self) -> bool:
        """Whether an app wrote it."""
        return "bot_id" in self.data

    @property
    def shown(self) -> str:
        """Everything readable on screen: the blocks' text where there are blocks, otherwise the text."""
        return "\n".join(texts_in(self.blocks)) if self.blocks else self.text

    @property
    def labels(self) -> list[str]:
        """The labels of its controls, from top to bottom."""
        return [control.label for control in controls_in(self.blocks)]

    def control(self, what: str) -> Control:
        """The control named `what`."""
        return find_control(self.blocks, what)

    def replace(self, data: Json) -> None:
        """Put new content in its place, keeping the old one in `revisions`."""
        self.revisions.append(self.data)
        self.data = data


@dataclass
class View:
    """A modal or a Home tab on one person's screen."""

    user: User
    data: Json
    is_open: bool = True
    revisions: list[Json] = field(default_factory=list)
    chosen: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The view's id."""
        return str(self.data["id"])

    @property
    def title(self) -> str:
        """The modal's title."""
        return str((self.data.get("title") or {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks as stored."""
        return list(self.data["blocks"])

    @property
    def private_metadata(self) -> str:
        """What the app gave itself to remember."""
        return str(self.data["private_metadata"])

    @property
    def shown(self) -> str:
        """Everything readable on screen."""
        return "\n".join([self.title, *texts_in(self.blocks)])

    @property
    def labels(self) -> list[str]:
        """The labels of its controls, from top to bottom."""
        return [control.label for control in controls_in(self.blocks)]

    def control(self, what: str) -> Control:
        """The control named `what`."""
        return find_control(self.blocks, what)

    def payload(self) -> Json:
        """The view as it stands in payloads."""
        return copy.deepcopy(self.data)
