"""Interactions: the first response within three seconds, then fifteen minutes of edits and follow-ups."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.discord.channels import change, remove, store
from tests.support.discord.components import check_modal, filled_in
from tests.support.discord.entering import initial
from tests.support.discord.message_form import check_message, is_empty
from tests.support.discord.messages import EPHEMERAL, LOADING, Json, Message, View
from tests.support.discord.rest import Answer, ApiError, Call, Method, refuse_bad
from tests.support.discord.schema import Report, anything, array, one_of, shape, text
from tests.support.discord.world import Channel, User

if TYPE_CHECKING:
    from tests.support.discord.exchange import Exchange
    from tests.support.discord.platform import DiscordPlatform

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: (REPLY, DEFER, MODAL),
    COMPONENT: (REPLY, DEFER, DEFER_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (REPLY, DEFER),
}
TOKEN_SECONDS = 15 * 60.0


@dataclass(eq=False)
class Interaction:
    """Something a person did, as Discord keeps it. `source` is the message whose control was used."""

    platform: DiscordPlatform
    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    made_at: float
    source: Message | None = None
    payload: Json = field(default_factory=dict)
    exchange: Exchange | None = None
    response: int | None = None
    status: int | None = None
    original: Message | None = None
    choices: list[Json] = field(default_factory=list)
    is_void: bool = False
    sent: float = field(default_factory=time.perf_counter)
    latency: float = 0.0
    responded: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def age(self) -> float:
        """Seconds since the person acted, by the platform's clock."""
        return self.platform.clock.now() - self.made_at

    @property
    def is_expired(self) -> bool:
        """Whether the token no longer works."""
        return self.age > TOKEN_SECONDS

    @property
    def name(self) -> str:
        """The command's full name, as messages show it."""
        data = self.payload.get("data", {})
        names = [str(data.get("name", ""))]
        options = data.get("options") or ()
        while options and options[0]["type"] in (1, 2):
            names.append(options[0]["name"])
            options = options[0].get("options") or ()
        return " ".join(names)

    def metadata(self) -> Json:
        """What messages that answer it carry."""
        owners = {"0": self.channel.guild.id if self.channel.kind != "im" else "0"}
        about: Json = {
            "id": self.id, "type": self.kind, "user": self.user.public(), "authorizing_integration_owners": owners,
        }  # fmt: skip
        if self.kind == COMPONENT and self.source is not None:
            about["interacted_message_id"] = self.source.id
        found: Json = {"application_id": self.platform.app.id, "webhook_id": self.platform.app.id}
        found["interaction_metadata"] = about
        if self.kind == COMMAND:
            found["type"] = 20
            found["interaction"] = {"id": self.id, "type": 2, "name": self.name, "user": self.user.public()}
        return found

    def answered(self, message: Message) -> None:
        """Count a message as an answer, once, here and where this began."""
        if self.exchange is not None:
            self.exchange.take_answer(message)


def _check_reply(call: Call, data: Any) -> Json:
    report = Report()
    body = data if data is not None else {}
    check_message(report, body, call.files, at=("data",))
    refuse_bad(report)
    found: Json = body
    return found


def _reply(call: Call, found: Interaction, data: Any) -> Message:
    body = _check_reply(call, data)
    if is_empty(body, call.files):
        raise ApiError(400, 50006)
    return _said(call, found, body)


def _said(call: Call, found: Interaction, body: Json, *, more: Json | None = None) -> Message:
    """A message in answer: for the person alone, or for everybody."""
    only_for = found.user if int(body.get("flags") or 0) & EPHEMERAL else None
    more = found.metadata() | (more or {})
    bot = call.platform.world.bot
    return store(call.platform, found.channel, bot, body, call.files, only_for=only_for, more=more)


def _defer(call: Call, found: Interaction, data: Any) -> Message:
    flags = int((data or {}).get("flags") or 0) & EPHEMERAL
    message = _said(call, found, {"flags": flags})
    message.data["flags"] = flags | LOADING
    return message


def _update(call: Call, found: Interaction, data: Any) -> Message:
    assert found.source is not None
    if found.source.deleted:
        raise ApiError(404, 10008)
    return change(call.platform, found.source, _check_reply(call, data), call.files)


def _suggest(found: Interaction, data: Any) -> None:
    report = Report()
    choice = shape({"name": text(100), "value": anything})
    shape({"choices": array(choice, 25)})(report, ("data",), data or {})
    refuse_bad(report)
    found.choices = list(data["choices"])


def _open(call: Call, found: Interaction, data: Any) -> None:
    report = Report()
    check_modal(report, ("data",), data)
    refuse_bad(report)
    assert found.exchange is not None
    shown = {**data, "components": filled_in(data["components"])}
    view = View(found.user, found.exchange, shown, chosen=initial(shown["components"]))
    for old in call.platform.open_views(found.user):
        old.is_open = False
    call.platform.world.views.append(view)
    found.exchange.take_view(view)


def _callback(call: Call) -> Answer:
    """`POST /interactions/{id}/{token}/callback`: the first response."""
    found = call.platform.interactions.get(call.parts["token"])
    if found is None or found.id != call.parts["interaction"]:
        raise ApiError(404, 10062)
    if found.response is not None:
        raise ApiError(400, 40060)
    if found.is_void or found.age > call.platform.ack_seconds:
        raise ApiError(404, 10062)
    kind, data = call.form.get("type"), call.form.get("data")
    allowed = ALLOWED[found.kind]
    if found.kind == MODAL_SUBMIT and found.source is not None:
        allowed = (*allowed, DEFER_UPDATE, UPDATE)
    report = Report()
    one_of(*allowed)(report, ("type",), kind)
    refuse_bad(report)
    message = _act(call, found, kind, data)
    found.response, found.original = kind, message
    found.status = 200 if call.query.get("with_response") in ("1", "true") else 204
    found.latency = time.perf_counter() - found.sent
    if kind in (REPLY, UPDATE) and message is not None:
        found.answered(message)
    found.responded.set()
    return (200, _callback_answer(found, message)) if found.status == 200 else (204, None)


def _act(call: Call, found: Interaction, kind: Any, data: Any) -> Message | None:
    """Do what the response asks for; the message is what `@original` means from now on."""
    if kind == REPLY:
        return _reply(call, found, data)
    if kind == DEFER:
        return _defer(call, found, data)
    if kind == UPDATE:
        return _update(call, found, data)
    if kind == DEFER_UPDATE:
        return found.source
    if kind == CHOICES:
        _suggest(found, data)
    else:
        _open(call, found, data)
    return None


def _callback_answer(found: Interaction, message: Message | None) -> Json:
    about: Json = {"id": found.id, "type": found.kind}
    resource: Json = {"type": found.response}
    if message is not None:
        about |= {"response_message_id": message.id, "response_message_loading": message.is_thinking}
        about["response_message_ephemeral"] = message.is_ephemeral
        if found.response in (REPLY, UPDATE, DEFER):
            resource["message"] = message.data
    return {"interaction": about, "resource": resource}


# ---------------------------------------------------------------- follow-ups


def _of_token(call: Call) -> Interaction:
    found = call.platform.interactions.get(call.parts["token"])
    if found is None or call.parts["app"] != call.platform.app.id or found.response is None:
        raise ApiError(404, 10015)
    if found.is_expired:
        raise ApiError(401, 50027)
    return found


def _target(call: Call, found: Interaction) -> Message:
    if call.parts["message"] == "@original":
        message = found.original
    else:
        message = found.channel.find(call.parts["message"], ephemeral=True)
    if message is None or message.deleted:
        raise ApiError(404, 10008)
    return message


def _follow_up(call: Call) -> Answer:
    found = _of_token(call)
    # Right after a deferral Discord takes a follow-up for the answer.
    if found.response == DEFER and found.original is not None and found.original.is_thinking:
        return 200, _settle(call, found, found.original).data
    report = Report()
    check_message(report, call.form, call.files)
    refuse_bad(report)
    if is_empty(call.form, call.files):
        raise ApiError(400, 50006)
    reference = found.original.id if found.original else None
    more: Json = {}
    if reference:
        more["message_reference"] = {"type": 0, "channel_id": found.channel.id, "message_id": reference}
    message = _said(call, found, call.form, more={**more, "type": 19 if reference else 0})
    found.answered(message)
    return 200, message.data


def _settle(call: Call, found: Interaction, message: Message) -> Message:
    """New content for one of an interaction's messages; a thinking one becomes an answer."""
    before = message.data["flags"]
    message.data["flags"] = int(before) & ~LOADING
    body = {**call.form, "flags": int(call.form.get("flags") or 0) & ~EPHEMERAL}
    try:
        change(call.platform, message, body, call.files)
    except ApiError:
        message.data["flags"] = before
        raise
    if "allowed_mentions" in call.form:
        message.allowed_mentions = call.form["allowed_mentions"]
    found.answered(message)
    return message


def _edit(call: Call) -> Answer:
    found = _of_token(call)
    return 200, _settle(call, found, _target(call, found)).data


def _show(call: Call) -> Answer:
    return 200, _target(call, _of_token(call)).data


def _delete(call: Call) -> Answer:
    remove(call.platform, _target(call, _of_token(call)))
    return 204, None


_WEBHOOK = "/webhooks/{app}/{token}"
ROUTES: dict[str, Method] = {
    "POST /interactions/{interaction}/{token}/callback": _callback,
    f"POST {_WEBHOOK}": _follow_up,
    f"GET {_WEBHOOK}/messages/{{message}}": _show,
    f"PATCH {_WEBHOOK}/messages/{{message}}": _edit,
    f"DELETE {_WEBHOOK}/messages/{{message}}": _delete,
}
