"""From what a person types to a command's typed options, checked as Discord's own input box checks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.discord import command_form as form
from tests.support.discord.messages import Json
from tests.support.discord.payloads import Entity
from tests.support.discord.world import Channel, Role, StoredFile, User, World

TOKEN = re.compile(r'"[^"]*"|\S+')
NAMES = {
    form.INTEGER: "an integer", form.NUMBER: "a number", form.BOOLEAN: "true or false", form.USER: "a user",
    form.CHANNEL: "a channel", form.ROLE: "a role", form.MENTIONABLE: "a user or role", form.ATTACHMENT: "a file",
}  # fmt: skip


Typist = Callable[[str, str, list[Json]], Mapping[str, str]]
"""Decides which option each part of a line goes to, for a command's full name, the text after it and its options."""


class NotAcceptedError(AssertionError):
    """Discord's own client would not let the person do this."""


@dataclass
class Composed:
    """A command as it is about to be sent: its path below the root, and the options filled in."""

    registered: Json
    path: list[Json]
    known: list[Json]
    values: dict[str, Any] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)

    def options(self, focused: str = "") -> list[Json]:
        """The options as the interaction nests them."""
        types = {option["name"]: option["type"] for option in self.known}
        found: list[Json] = [
            {"name": name, "type": types[name], "value": value} | ({"focused": True} if name == focused else {})
            for name, value in self.values.items()
        ]
        for step in reversed(self.path):
            found = [{"name": step["name"], "type": step["type"], "options": found}]
        return found


class Composer:
    """One person's input box in one channel."""

    def __init__(
        self, world: World, user: User, channel: Channel, commands: list[Json], typist: Typist | None = None
    ) -> None:
        self._world = world
        self._typist = typist
        self._user = user
        self._channel = channel
        self._commands = [command for command in commands if command["type"] == form.CHAT]

    def compose(self, line: str, given: Mapping[str, Any], *, is_partial: bool = False) -> Composed:
        """Take a line apart: `/root group sub`, then values for options, then `name:value` pairs.

        Values without a name go to the options in order: one word each (several in quotes), and a text takes all that
        is left unless a required option comes after it. `given` fills options directly. While typing, required options
        may still be missing (`is_partial`).
        """
        found, rest = self._find(line)
        texts = self._named(found, rest)
        for name, value in {**texts, **given}.items():
            option = next((option for option in found.known if option["name"] == name), None)
            if option is None:
                raise NotAcceptedError(f"{line.split()[0]} has no option {name!r}")
            found.values[name] = self._value(found, option, value, is_partial=is_partial)
        if not is_partial:
            for option in found.known:
                if option.get("required") and option["name"] not in found.values:
                    raise NotAcceptedError(f"{option['name']} is required")
        found.values = {o["name"]: found.values[o["name"]] for o in found.known if o["name"] in found.values}
        return found

    def _find(self, line: str) -> tuple[Composed, str]:
        root, _, rest = line.strip().removeprefix("/").partition(" ")
        registered = next((command for command in self._commands if command["name"] == root), None)
        if registered is None:
            raise NotAcceptedError(f"there is no command /{root}")
        path: list[Json] = []
        options = registered.get("options") or []
        while options and options[0]["type"] in (form.SUBCOMMAND, form.GROUP):
            word, _, after = rest.strip().partition(" ")
            step = next((option for option in options if option["name"] == word), None)
            if step is None:
                raise NotAcceptedError(f"/{root} has no {word!r}")
            path.append(step)
            options, rest = step.get("options") or [], after
        return Composed(registered, path, options), rest.strip()

    def _named(self, found: Composed, rest: str) -> dict[str, Any]:
        """The text of each option that the line fills."""
        names = [re.escape(option["name"]) for option in found.known]
        if not names:
            if rest:
                raise NotAcceptedError(f"nothing can be typed after {found.registered['name']}")
            return {}
        if self._typist is not None:
            name = " ".join([found.registered["name"], *(step["name"] for step in found.path)])
            return dict(self._typist(name, rest, found.known))
        parts = re.split(rf"(?:^|(?<=\s))({'|'.join(names)}):", rest)
        texts = self._in_order([o for o in found.known if o["name"] not in parts[1::2]], parts[0])
        for name, value in zip(parts[1::2], parts[2::2], strict=True):
            texts[name] = _unquoted(value.strip())
        return texts

    def _in_order(self, options: list[Json], text: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        left = text.strip()
        for index, option in enumerate(options):
            match = TOKEN.match(left)
            if match is None:
                break
            is_text = option["type"] == form.STRING and not option.get("choices")
            is_last = not any(later.get("required") for later in options[index + 1 :])
            takes_all = is_text and is_last and not left.startswith('"')
            word = left if takes_all else match[0]
            if not takes_all and not self._fits(option, _unquoted(word)):
                continue
            found[option["name"]] = _unquoted(word)
            left = left[len(word) :].strip()
        if left:
            raise NotAcceptedError(f"no option takes {left!r}")
        return found

    def _fits(self, option: Json, word: str) -> bool:
        try:
            self._value(Composed({}, [], [option]), option, word)
        except NotAcceptedError:
            return False
        return True

    # ------------------------------------------------------------ values

    def _value(self, found: Composed, option: Json, value: Any, *, is_partial: bool = False) -> Any:
        kind = option["type"]
        if kind in (form.USER, form.CHANNEL, form.ROLE, form.MENTIONABLE, form.ATTACHMENT):
            entity = self._entity(kind, value)
            found.entities.append(entity)
            return entity.id
        if option.get("choices"):
            return _choice(option, value)
        if is_partial and option.get("autocomplete"):
            return value
        if kind == form.STRING:
            text = self._with_mentions(found, str(value))
            if not option.get("min_length", 0) <= len(text) <= option.get("max_length", 6000) or not text:
                raise NotAcceptedError(f"{option['name']} is too short or too long")
            return text
        return _number(option, value)

    def _entity(self, kind: int, value: Any) -> User | Role | Channel | StoredFile:
        wanted: tuple[type, ...] = {
            form.USER: (User,), form.CHANNEL: (Channel,), form.ROLE: (Role,), form.MENTIONABLE: (User, Role),
            form.ATTACHMENT: (StoredFile,),
        }[kind]  # fmt: skip
        if not isinstance(value, str):
            found = value
        else:
            name = value.removeprefix("@").removeprefix("#")
            guild = self._channel.guild
            pool: list[Any] = [*guild.members, *guild.roles, *self._world.channels.values(), *self._mine()]
            found = self._user if value == "@me" else next((one for one in pool if one.name == name), None)
        if not isinstance(found, wanted):
            raise NotAcceptedError(f"{value!r} is not {NAMES[kind]}")
        assert isinstance(found, User | Role | Channel | StoredFile)
        if isinstance(found, StoredFile):
            found.is_ephemeral = True
        return found

    def _mine(self) -> list[StoredFile]:
        return [file for file in reversed(self._world.files.values()) if file.owner is self._user]

    def _with_mentions(self, found: Composed, text: str) -> str:
        """`@ben`, `@managers` or `#lobby` picked from the list becomes a mention; `@me` stays a text."""
        guild = self._channel.guild
        channels = [one for one in self._world.channels.values() if one.guild is guild and one.name]
        pools: list[tuple[str, list[Any]]] = [("@", guild.members), ("@", guild.roles[1:]), ("#", channels)]
        for sign, pool in pools:
            for one in pool:
                pattern = rf"(?<![\w<]){sign}{re.escape(one.name)}(?![\w-])"
                if re.search(pattern, text):
                    text = re.sub(pattern, one.mention, text)
                    found.entities.append(one)
        return text


def _choice(option: Json, value: Any) -> Any:
    for choice in option["choices"]:
        if value in (choice["name"], choice["value"]) or str(value) == str(choice["value"]):
            return choice["value"]
    raise NotAcceptedError(f"{value!r} is not a choice of {option['name']}")


def _number(option: Json, value: Any) -> Any:
    kind, text = option["type"], str(value)
    if kind == form.BOOLEAN:
        if text.lower() not in ("true", "false"):
            raise NotAcceptedError(f"{option['name']} must be true or false")
        return text.lower() == "true"
    try:
        number: int | float = int(text) if kind == form.INTEGER else float(text)
    except ValueError:
        raise NotAcceptedError(f"{option['name']} must be {NAMES[kind]}") from None
    if not option.get("min_value", -(2**53)) <= number <= option.get("max_value", 2**53):
        raise NotAcceptedError(f"{option['name']} is out of bounds")
    return number


def _unquoted(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word
