"""Settings of a workspace, and the codes that join spaces."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from adapters.storage import SqlStorage
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.history.model import FieldChange
from core.people.model import Role
from core.shared.errors import NotFoundError, RefusedError
from core.workspaces.model import Space, Workspace
from core.workspaces.service import CODE_LIFE, WorkspaceService, normal_code
from tests.support.clock import NOON, HeldClock
from tests.support.storage import make_storage, secret_box


@dataclass
class Houses:
    """Two workspaces, each with a space and its administrator."""

    storage: SqlStorage
    clock: HeldClock
    here: Workspace
    there: Workspace
    space: Space

    def service(self, workspace: Workspace) -> WorkspaceService:
        return WorkspaceService(self.storage.workspace(workspace.id), self.storage.system, secret_box(), self.clock)

    def actor(self, workspace: Workspace, space_id: int = 0) -> Actor:
        return Actor(
            workspace.id,
            1,
            "Ann",
            Role.ADMIN,
            "UTC",
            "en",
            Platform.SLACK,
            space_id,
            1,
            "g",
            ChannelKind.PUBLIC,
        )


@pytest.fixture
async def houses() -> AsyncIterator[Houses]:
    clock = HeldClock()
    storage = await make_storage(clock=clock)
    system = storage.system
    here = await system.ensure_default_workspace(zone="UTC", currency="EUR", locale="en", at=NOON)
    async with storage.workspace(here.id).write() as work:
        await work.members.add("Ann", Role.ADMIN, at=NOON)
        await work.commit()
    there = await system.create_workspace("there", zone="UTC", currency="EUR", locale="en", at=NOON)
    space = await system.ensure_space(there.id, Platform.SLACK, "T2", "Second", NOON)
    yield Houses(storage, clock, here, there, space)
    await storage.close()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7k2m9qrt4x", "7K2M9QRT4X"),
        (" 7K2M9-QRT4X ", "7K2M9QRT4X"),
        ("7K2M 9QRT 4X", "7K2M9QRT4X"),
        ("oOiIlL", "001111"),
    ],
)
def test_codes_are_read_as_people_type_them(typed: str, code: str) -> None:
    assert normal_code(typed) == code


async def test_a_code_joins_a_space_once(houses: Houses) -> None:
    code = await houses.service(houses.here).offer_connection(houses.actor(houses.here))
    assert code.minutes == 15
    stranger = houses.actor(houses.there, houses.space.id)
    assert await houses.service(houses.there).connect(stranger, code.code.lower()) == "default"
    spaces = {space.external_id: space.workspace_id for space in await houses.storage.system.spaces()}
    assert spaces == {"T2": houses.here.id}
    with pytest.raises(NotFoundError):
        await houses.service(houses.there).connect(stranger, code.code)


async def test_a_code_dies_after_its_time(houses: Houses) -> None:
    code = await houses.service(houses.here).offer_connection(houses.actor(houses.here))
    houses.clock.moment += CODE_LIFE
    with pytest.raises(NotFoundError):
        await houses.service(houses.there).connect(houses.actor(houses.there, houses.space.id), code.code)


async def test_the_own_code_is_refused_and_kept(houses: Houses) -> None:
    service = houses.service(houses.here)
    code = await service.offer_connection(houses.actor(houses.here))
    with pytest.raises(RefusedError) as caught:
        await service.connect(houses.actor(houses.here), code.code)
    assert caught.value.reason == "already_connected"
    houses.clock.moment += CODE_LIFE - timedelta(seconds=1)
    assert await houses.service(houses.there).connect(houses.actor(houses.there, houses.space.id), code.code)


@pytest.mark.parametrize("typed", ["", "NOTHING", "\x00", "7K2M9QRT4X" * 100])
async def test_what_is_no_code_is_not_found(houses: Houses, typed: str) -> None:
    with pytest.raises(NotFoundError):
        await houses.service(houses.there).connect(houses.actor(houses.there, houses.space.id), typed)


async def test_settings_change_one_by_one(houses: Houses) -> None:
    service, actor = houses.service(houses.here), houses.actor(houses.here)
    await service.change_settings(actor, zone_name="asia/tokyo")
    await service.change_settings(actor, currency="jpy", locale="ja")
    found = await service.settings()
    assert (found.zone, found.currency, found.locale) == ("Asia/Tokyo", "JPY", "ja")


@pytest.mark.parametrize(
    ("zone", "currency"),
    [("Mars/Base", ""), ("", "EURO"), ("", "E1R"), ("", "ÄÖÜ"), ("", "XYZ"), ("", "XXX"), ("", "DEM")],
)
async def test_settings_that_do_not_exist_change_nothing(houses: Houses, zone: str, currency: str) -> None:
    service = houses.service(houses.here)
    with pytest.raises(RefusedError):
        await service.change_settings(houses.actor(houses.here), zone_name=zone, currency=currency)
    assert await service.settings() == houses.here


async def test_what_was_set_before_is_kept(houses: Houses) -> None:
    service, actor = houses.service(houses.here), houses.actor(houses.here)
    await service.change_settings(actor, zone_name="Europe/Berlin", currency="usd")
    await service.change_settings(actor, currency="USD")
    async with houses.storage.workspace(houses.here.id).read() as work:
        page = await work.changes.page("workspace", houses.here.id)
    assert [(entry.command, list(entry.fields)) for entry in page.items] == [
        ("qm settings", [FieldChange("zone", "UTC", "Europe/Berlin"), FieldChange("currency", "EUR", "USD")])
    ]
