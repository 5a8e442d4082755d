"""What a copy knows of Discord's servers while another one has the connection: the same, asked over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.chat.reply import Reply
from core.chat.request import Platform
from core.ports.platform import Destination, Messenger, PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.workspaces.model import Space
from tests.support.discord import Channel, DiscordPlatform, Permission, Person
from tests.support.discord_product import DiscordShop
from tests.support.patience import until
from tests.support.product_process import ready


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        yield platform


@pytest.fixture
def anna(discord: DiscordPlatform) -> Person:
    return discord.person(discord.world.user("anna", is_admin=True))


@pytest.fixture
def ben(discord: DiscordPlatform) -> Person:
    return discord.person(discord.world.user("ben"))


@pytest.fixture
def office(discord: DiscordPlatform, ben: Person) -> Channel:
    return discord.world.channel("office", [ben.user], private=True)


@pytest.fixture
async def shop(discord: DiscordPlatform, office: Channel, anna: Person, tmp_path: Path) -> AsyncIterator[DiscordShop]:
    general = discord.world.channel("general", [anna.user])
    opened = DiscordShop(discord, tmp_path)
    await opened.start()
    await (await anna.command("/task list", channel=general)).answer()
    yield opened
    await opened.stop()


def _messenger(shop: DiscordShop) -> Messenger:
    return shop.served.product.identities.messengers[Platform.DISCORD]


async def _space(shop: DiscordShop) -> Space:
    (space,) = [one for one in await shop.served.product.identities.all_spaces() if one.platform is Platform.DISCORD]
    return space


async def test_a_copy_that_is_not_connected_is_ready_all_the_same(shop: DiscordShop, discord: DiscordPlatform) -> None:
    await shop.served.product.jobs.step_down()
    await discord.until(lambda: not discord.gateway.connections, what="the end of the connection")
    await ready(shop.origin)
    await shop.served.product.jobs.leadership.start()
    assert len(discord.gateway.connections) == 1
    await ready(shop.origin)


async def test_what_people_see_and_may_is_the_same_without_the_connection(
    shop: DiscordShop, office: Channel, anna: Person, ben: Person
) -> None:
    messenger, space = _messenger(shop), await _space(shop)
    people = (anna.user.id, ben.user.id)
    channels = [await messenger.private_channels(space, user) for user in people]
    profiles = [await messenger.profile(space, user) for user in people]
    assert [office.id in seen for seen in channels] == [True, True]
    assert [profile.is_admin for profile in profiles] == [True, False]
    await shop.served.product.jobs.step_down()
    assert [await messenger.private_channels(space, user) for user in people] == channels
    assert [await messenger.profile(space, user) for user in people] == profiles


async def test_who_is_not_let_in_sees_nothing_without_the_connection_either(
    shop: DiscordShop, discord: DiscordPlatform, office: Channel
) -> None:
    carla = discord.world.user("carla")
    await shop.served.product.jobs.step_down()
    assert office.id not in await _messenger(shop).private_channels(await _space(shop), carla.id)


async def test_a_server_that_takes_the_app_back_while_another_copy_listens_is_posted_to(
    shop: DiscordShop, discord: DiscordPlatform, office: Channel
) -> None:
    messenger, where = _messenger(shop), Destination(await _space(shop), channel=office.id)
    discord.changes.uninstall(discord.world.home)
    await _refused(messenger, where)
    await shop.served.product.jobs.step_down()
    discord.changes.install(discord.world.home)
    await messenger.post(where, Reply(title="hello again"), "key")
    assert ["hello again" in message.shown for message in discord.messages(office)] == [True]


async def _refused(messenger: Messenger, where: Destination) -> None:
    """Return once a place is not served any more."""

    async def look() -> bool:
        try:
            await messenger.is_in(where)
        except PostRejectedError:
            return True
        return False

    await until(look)


async def test_a_person_whose_conversation_cannot_be_opened_leaves_no_doubt(
    shop: DiscordShop, discord: DiscordPlatform, ben: Person
) -> None:
    messenger, where = _messenger(shop), Destination(await _space(shop), user=ben.user.id)
    discord.faults.add("POST /users/@me/channels", status=403, code=50007)
    with pytest.raises(PostRejectedError):
        await messenger.find(where, "key")
    discord.faults.add("POST /users/@me/channels", status=429, retry_after=60.0, times=None)
    with pytest.raises(PostDelayedError) as delayed:
        await messenger.find(where, "key")
    assert delayed.value.seconds == 60


async def test_a_history_that_may_not_be_read_is_not_taken_for_an_empty_one(
    shop: DiscordShop, discord: DiscordPlatform, office: Channel
) -> None:
    messenger, where = _messenger(shop), Destination(await _space(shop), channel=office.id)
    await shop.served.product.jobs.step_down()
    assert await messenger.post(where, Reply(title="hello"), "key") == await messenger.find(where, "key")
    office.set_overwrite(discord.world.bot, Permission(0), Permission.READ_MESSAGE_HISTORY)
    await shop.stop()
    await shop.start()
    await shop.served.product.jobs.step_down()
    with pytest.raises(PostOutcomeUnknownError):
        await _messenger(shop).find(where, "key")
