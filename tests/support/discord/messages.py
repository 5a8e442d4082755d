"""What people see in Discord: messages, modals, and the controls in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.local_platform import NotShownError

if TYPE_CHECKING:
    from tests.support.discord.exchange import Exchange
    from tests.support.discord.world import Channel, User

Json = dict[str, Any]

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(2, 9)
TEXT_DISPLAY, LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 10, 18, 19, 21, 22, 23
KINDS = {
    BUTTON: "button", STRING_SELECT: "string_select", TEXT_INPUT: "text_input", USER_SELECT: "user_select",
    ROLE_SELECT: "role_select", MENTIONABLE_SELECT: "mentionable_select", CHANNEL_SELECT: "channel_select",
    FILE_UPLOAD: "file_upload", RADIO_GROUP: "radio_group", CHECKBOX_GROUP: "checkbox_group", CHECKBOX: "checkbox",
}  # fmt: skip
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)


@dataclass(frozen=True)
class Control:
    """A button, select or input; `holder` is the label or row it stands in."""

    holder: Json
    element: Json

    @property
    def custom_id(self) -> str:
        """What the app calls it."""
        return str(self.element.get("custom_id", ""))

    @property
    def kind(self) -> str:
        """Its type in words, such as `button` or `string_select`."""
        return KINDS[int(self.element["type"])]

    @property
    def label(self) -> str:
        """What names the control for a person: its label, else its placeholder."""
        held = self.holder.get("label") if self.holder.get("type") == LABEL else None
        return str(held or self.element.get("label") or self.element.get("placeholder") or "")

    def is_named(self, what: str) -> bool:
        """Whether `what` is its label, its custom id or its placeholder."""
        return what in {self.label, self.custom_id, self.element.get("placeholder")}


def walk(nodes: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every component with what holds it, from top to bottom."""

    def below(node: Json) -> Iterator[tuple[Json, Json]]:
        inner = [*node.get("components", ())]
        inner += [node[key] for key in ("component", "accessory") if isinstance(node.get(key), dict)]
        for child in inner:
            yield node, child
            yield from below(child)

    for node in nodes:
        yield {}, node
        yield from below(node)


def controls_in(components: list[Json]) -> list[Control]:
    """Every control, from top to bottom."""
    return [Control(holder, element) for holder, element in walk(components) if element.get("type") in KINDS]


def find_control(components: list[Json], what: str) -> Control:
    """The control a person means by its label (or its custom id or placeholder)."""
    controls = controls_in(components)
    for control in controls:
        if control.is_named(what):
            return control
    raise NotShownError(f"no control {what!r} among {[control.label or control.custom_id for control in controls]}")


def texts_in(components: list[Json]) -> Iterator[str]:
    """The text of text displays, labels and descriptions, in order."""
    for _, element in walk(components):
        if element.get("type") == TEXT_DISPLAY:
            yield element["content"]
        elif element.get("type") == LABEL:
            yield element["label"]
            if element.get("description"):
                yield element["description"]


def texts_of_embed(embed: Json) -> Iterator[str]:
    """All text a person can read in an embed."""
    for part in ((embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")):
        if part:
            yield part
    for entry in embed.get("fields", ()):
        yield f"{entry['name']}\n{entry['value']}"
    if (embed.get("footer") or {}).get("text"):
        yield embed["footer"]["text"]


@dataclass(eq=False)
class Message:
    """A message as the platform stores it: `data` is what Discord would return for it."""

    channel: Channel
    data: Json
    ephemeral_to: User | None = None
    deleted: bool = False
    revisions: list[Json] = field(default_factory=list)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    allowed_mentions: Json | None = None
    pinged: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.data["id"])

    @property
    def ts(self) -> str:
        """Its identity, by the name that tests of other platforms use too."""
        return self.id

    @property
    def thread_ts(self) -> str | None:
        """The thread it stands in: a thread's id is that of the message it was started from."""
        return self.channel.id if self.channel.kind == "thread" else None

    @property
    def text(self) -> str:
        """The content: what a notification gives."""
        return str(self.data.get("content", ""))

    @property
    def components(self) -> list[Json]:
        """The components as stored, ids filled in."""
        return list(self.data.get("components", []))

    @property
    def embeds(self) -> list[Json]:
        """The embeds."""
        return list(self.data.get("embeds", []))

    @property
    def files(self) -> list[Json]:
        """The files attached."""
        return list(self.data.get("attachments", []))

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.ephemeral_to is not None

    @property
    def is_thinking(self) -> bool:
        """Whether it is still "… is thinking"."""
        return bool(int(self.data.get("flags", 0)) & LOADING)

    @property
    def by_bot(self) -> bool:
        """Whether an app wrote it."""
        return bool(self.data["author"].get("bot"))

    @property
    def shown(self) -> str:
        """Everything readable on screen: content, embeds, text displays."""
        parts = [self.text, *(text for embed in self.embeds for text in texts_of_embed(embed))]
        return "\n".join([*filter(None, parts), *texts_in(self.components)])

    @property
    def labels(self) -> list[str]:
        """The labels of its controls, from top to bottom."""
        return [control.label for control in controls_in(self.components)]

    def control(self, what: str) -> Control:
        """The control named `what`."""
        return find_control(self.components, what)

    def replace(self, data: Json) -> None:
        """Put new content in its place, keeping the old one in `revisions`."""
        self.revisions.append(self.data)
        self.data = data


@dataclass(eq=False)
class View:
    """A modal on one person's screen. `errors` stays empty: Discord has no errors within a modal."""

    user: User
    opener: Exchange
    data: Json
    is_open: bool = True
    chosen: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def custom_id(self) -> str:
        """What the app calls it."""
        return str(self.data["custom_id"])

    @property
    def title(self) -> str:
        """The modal's title."""
        return str(self.data["title"])

    @property
    def components(self) -> list[Json]:
        """Its components as stored, ids filled in."""
        return list(self.data["components"])

    @property
    def shown(self) -> str:
        """Everything readable on screen."""
        return "\n".join([self.title, *texts_in(self.components)])

    @property
    def labels(self) -> list[str]:
        """The labels of its controls, from top to bottom."""
        return [control.label for control in controls_in(self.components)]

    def control(self, what: str) -> Control:
        """The control named `what`."""
        return find_control(self.components, what)
