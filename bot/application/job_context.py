"""What the function of a kind of job is given besides its arguments."""

from collections.abc import Awaitable, Callable

from bot.application.context import Context
from core.chat.reply import Reply
from core.jobs.model import Job
from core.ports.jobs import Json, Steps
from core.shared.value_objects import value_object


@value_object
class JobContext:
    """A job under way: its row as it was begun, and a context as its member has in its channel.

    There is no transaction around it: what its services write is permanent at once, and is written again if the process
    dies before the job ends. What has to be done only once is a step, or knows by itself that it was done.
    """

    job: Job
    context: Context
    ask: Callable[[str, str], Awaitable[Reply]]
    """Runs a typed line as the job's member; what has been done for that delivery is not done again."""
    tell: Callable[[int, int, str], Awaitable[None]]
    steps: Steps

    async def step(self, name: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """Do something and keep its result, which is returned if the job runs again; `name` is the step's own."""
        return await self.steps.step(name, work)

    async def progress(self, done: int, total: int, note: str = "") -> None:
        """Tell how far it is; raises `JobStoppedError` once it is to end."""
        await self.tell(done, total, note)
