"""How much waits in the outbox."""

from datetime import timedelta

from core.chat.reply import Reply
from core.ports.storage import Post
from tests.contract.storage.world import NOON, Place


async def test_the_backlog_is_what_is_not_finished_and_its_oldest_post(here: Place) -> None:
    queue = here.storage.outbox
    assert await queue.backlog() == (0, None)
    async with here.storage.workspace(here.id).write() as work:
        work.outbox.add(Post(Reply(title="First"), channel_id=here.general.id), NOON)
        work.outbox.add(Post(Reply(title="Second"), channel_id=here.general.id), NOON + timedelta(minutes=1))
        await work.commit()
    assert await queue.backlog() == (2, NOON)
    (claimed,) = await queue.claim(NOON + timedelta(minutes=2), 10)
    assert await queue.backlog() == (2, NOON)
    await queue.sent(claimed.id, "1", NOON + timedelta(minutes=2))
    assert await queue.backlog() == (1, NOON + timedelta(minutes=1))
