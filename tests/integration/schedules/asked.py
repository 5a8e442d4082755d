"""What is asked of schedules in these tests."""

import datetime as dt
from dataclasses import replace
from typing import Any

from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.people.model import Role
from core.schedules.grammar import parse_rule
from core.schedules.requests import NewSchedule
from core.schedules.rules import Rule
from tests.contract.storage.world import Place


def actor_of(place: Place, member_id: int = 0) -> Actor:
    """Ann, unless it is another one, in `general`."""
    return Actor(
        workspace_id=place.id,
        member_id=member_id or place.ann,
        name="Ann",
        role=Role.OWNER,
        zone="Europe/Berlin",
        locale="en",
        platform=Platform.SLACK,
        space_id=place.space.id,
        channel_id=place.general.id,
        channel_name="general",
        channel_kind=ChannelKind.PUBLIC,
    )


def rule_of(typed: str) -> Rule:
    """What that says on the Friday of the tests."""
    return parse_rule(typed, today=dt.date(2026, 11, 20))


def daily(place: Place, **fields: Any) -> NewSchedule:
    """A report each day at 9:00 in Berlin; it is 13:00 there."""
    new = NewSchedule(
        area="report",
        title="sales",
        kind="command",
        arguments={"text": "/report sales"},
        rule=rule_of("daily 9:00"),
        zone="Europe/Berlin",
        channel_id=place.general.id,
    )
    return replace(new, **fields)
