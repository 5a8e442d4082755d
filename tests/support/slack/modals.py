"""`views.*`, and the short-lived triggers that open modals."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.slack.blocks import fill_in, fill_texts
from tests.support.slack.chat import knows_file
from tests.support.slack.messages import Json, View
from tests.support.slack.views import check_view, state_of
from tests.support.slack.webapi import ApiError, Call
from tests.support.slack.world import Installation, User

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

DEEPEST = 3


@dataclass
class Trigger:
    """A `trigger_id`: good for a few seconds, and for one use."""

    id: str
    user: User
    made_at: float
    view: View | None = None


def make_trigger(platform: SlackPlatform, user: User) -> Trigger:
    """A fresh trigger for what `user` just did."""
    number = platform.world.id("").removeprefix("0QM")
    trigger = Trigger(f"{number}.{number}.{'0' * 26}{number}", user, platform.clock.now())
    platform.triggers[trigger.id] = trigger
    return trigger


def _exchange(call: Call) -> Trigger:
    trigger = call.platform.triggers.get(str(call.need("trigger_id")))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.view is not None:
        raise ApiError("exchanged_trigger_id")
    if call.platform.clock.now() - trigger.made_at > call.platform.trigger_seconds:
        raise ApiError("expired_trigger_id")
    return trigger


def checked(platform: SlackPlatform, installation: Installation, view: Any, kind: str) -> Json:
    """The view as stored, without what depends on where it is shown; refuses what Slack refuses."""
    problems = check_view(view, kind, lambda file: knows_file(platform, installation, file))
    if problems:
        raise ApiError("invalid_arguments", problems)
    blocks = fill_in(view["blocks"], lambda: platform.world.id("b"))
    shared: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "title": None, "close": None}
    flags: Json = {"submit": None, "clear_on_close": False, "notify_on_close": False}
    data = copy.deepcopy({**shared, **flags, **view, "blocks": blocks})
    fill_texts(data)
    return data


def show(
    platform: SlackPlatform, installation: Installation, user: User, view: Any, *, onto: View | None = None
) -> View:
    """Open a modal for `user`, on top of `onto` if given; otherwise it replaces what is open."""
    data = checked(platform, installation, view, "modal")
    _check_external_id(platform, data["external_id"], None)
    stack = platform.open_views(user)
    if onto is None:
        for old in stack:
            old.is_open = False
    elif len(stack) >= DEEPEST:
        raise ApiError("push_limit_reached")
    found = View(user, data)
    _place(platform, installation, found, onto)
    platform.world.views[found.id] = found
    platform.changed()
    return found


def _place(platform: SlackPlatform, installation: Installation, view: View, onto: View | None) -> None:
    view_id = platform.world.id("V")
    view.data |= {
        "id": view_id, "team_id": installation.team.id, "app_id": installation.bot.app_id,
        "app_installed_team_id": installation.team.id, "bot_id": installation.bot_id,
        "root_view_id": onto.data["root_view_id"] if onto else view_id, "previous_view_id": onto.id if onto else None,
        "hash": f"{platform.clock.ts()}.{view_id[-4:]}", "state": state_of(view.blocks, {}),
    }  # fmt: skip


def replace(platform: SlackPlatform, installation: Installation, view: View, new: Any) -> None:
    """New content for a view; what was entered stays where block id and action id stay."""
    data = checked(platform, installation, new, str(view.data["type"]))
    _check_external_id(platform, data["external_id"], view)
    place = ("id", "team_id", "app_id", "app_installed_team_id", "bot_id", "root_view_id", "previous_view_id")
    view.revisions.append(view.data)
    view.data = {**data, **{key: view.data[key] for key in place}}
    view.data["hash"] = f"{platform.clock.ts()}.{view.id[-4:]}"
    view.data["state"] = state_of(view.blocks, view.chosen)
    view.errors = {}
    platform.changed()


def _check_external_id(platform: SlackPlatform, external_id: str, own: View | None) -> None:
    taken = (view for view in platform.world.views.values() if view is not own and view.is_open)
    if external_id and any(view.data["external_id"] == external_id for view in taken):
        raise ApiError("duplicate_external_id")


def open_view(call: Call) -> Json:
    """`views.open`."""
    trigger = _exchange(call)
    trigger.view = show(call.platform, call.installation, trigger.user, call.need("view"))
    return {"view": trigger.view.data}


def push_view(call: Call) -> Json:
    """`views.push`: on top of the modal that is open."""
    trigger = _exchange(call)
    stack = call.platform.open_views(trigger.user)
    if not stack:
        raise ApiError("not_found")
    trigger.view = show(call.platform, call.installation, trigger.user, call.need("view"), onto=stack[-1])
    return {"view": trigger.view.data}


def update_view(call: Call) -> Json:
    """`views.update`, by view id or external id; with `hash` only if nothing has changed since."""
    wanted = call.args.get("view_id") or call.args.get("external_id") or call.need("view_id")
    views = call.platform.world.views.values()
    view = next((v for v in views if wanted in (v.id, v.data["external_id"]) and v.is_open), None)
    if view is None:
        raise ApiError("not_found")
    _check_hash(call, view)
    replace(call.platform, call.installation, view, call.need("view"))
    return {"view": view.data}


def _check_hash(call: Call, view: View) -> None:
    if call.args.get("hash") not in (None, "", view.data["hash"]):
        raise ApiError("hash_conflict")


def publish(call: Call) -> Json:
    """`views.publish`: the person's Home tab."""
    user, new = call.user(call.need("user_id")), call.need("view")
    home = call.platform.home_of(user)
    if home is None:
        home = View(user, checked(call.platform, call.installation, new, "home"))
        _place(call.platform, call.installation, home, None)
        call.platform.world.views[home.id] = home
    else:
        _check_hash(call, home)
        replace(call.platform, call.installation, home, new)
    return {"view": home.data}


METHODS: dict[str, Any] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish,
}
SCOPES: dict[str, str] = {}
