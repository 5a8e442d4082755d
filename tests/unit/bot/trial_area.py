"""Commands that do what real ones must never do, and count what they did."""

import asyncio
from dataclasses import dataclass, field

from bot.application.context import Context
from bot.grammar.arguments import Rest
from bot.grammar.declaration import Area
from core.chat.reply import Action, Choice, Placement, Problem, Reply, Visibility
from core.chat.spec import Cost, Undo
from core.chat.text import text
from core.people.model import Role
from core.shared.errors import ConflictError
from core.tasks.requests import NewTask
from core.tasks.service import TaskService

SECRET = "xoxb-4111-of-the-owner"


@dataclass
class Trial:
    """An area of its own for each test, with a gate that holds commands back."""

    ran: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    area: Area = field(default_factory=lambda: Area("trial", "Trials"))

    def __post_init__(self) -> None:
        self.gate.set()
        for declare in (
            self._break,
            self._keep,
            self._half,
            self._wipe,
            self._offer,
            self._read,
            self._slow,
            self._odd,
        ):
            declare()

    def _break(self) -> None:
        @self.area.command(role=Role.GUEST)
        async def break_(ctx: Context, words: Rest) -> Reply:
            """Break.

            Args:
                words: what it is about
            """
            self.ran.append("break")
            await ctx.services.get(TaskService).add(ctx.actor, NewTask("half done"))
            raise RuntimeError(f"{SECRET} {words}")

    def _keep(self) -> None:
        @self.area.command(role=Role.GUEST, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
        async def keep(ctx: Context, words: Rest) -> Reply:
            """Keep words as a task.

            Args:
                words: the title
            """
            self.ran.append(words)
            self.arrived.set()
            await self.gate.wait()
            change = await ctx.services.get(TaskService).add(ctx.actor, NewTask(words))
            ctx.touched.append(f"#{change.tasks[0].number}")
            return Reply(text=text(f"kept {change.tasks[0].number}"), actions=(Action("Show", "/task list"),))

    def _half(self) -> None:
        @self.area.command(role=Role.GUEST, undo=Undo.INVERSE)
        async def half(ctx: Context) -> Reply:
            """Change something, then see that it can't be."""
            await ctx.services.get(TaskService).add(ctx.actor, NewTask("half done"))
            again = Action("Again", "/trial keep again")
            return Reply(problem=Problem("refused", "It was too much."), actions=(again,))

    def _wipe(self) -> None:
        @self.area.command(role=Role.CLERK, undo=Undo.NONE, consequence="Everything is gone.")
        async def wipe(ctx: Context, words: Rest) -> Reply:
            """Wipe.

            Args:
                words: what
            """
            self.ran.append(f"wiped {words}")
            await ctx.services.get(TaskService).add(ctx.actor, NewTask(f"wiped {words}"))
            return Reply(text=text("wiped"))

    def _offer(self) -> None:
        @self.area.command(role=Role.GUEST)
        async def offer(ctx: Context) -> Reply:
            """Offer buttons of every sort."""
            return Reply(
                actions=(
                    Action("Once", "/trial keep once", once=True),
                    Action("Often", "/trial keep often"),
                    Action("Mine", "/trial keep mine", only=ctx.actor.member_id),
                    Action("Update", "/trial read", placement=Placement.UPDATE),
                    Action("Refresh", "/trial keep x", then="/trial read"),
                    Action("Refresh by writing", "/trial keep x", then="/trial keep y"),
                    Action("Refresh in vain", "/trial keep x", then="/task show 999"),
                    Action("Pick", choices=(Choice("One", "/trial keep one"), Choice("Two", "/trial keep two"))),
                    Action("Wipe", "/trial wipe all"),
                    Action("Gone", "/trial nothing"),
                    Action("Slow", "/trial slow"),
                )
            )

    def _read(self) -> None:
        @self.area.command(role=Role.GUEST, visibility=Visibility.CHANNEL)
        async def read(ctx: Context) -> Reply:
            """Read."""
            return Reply(text=text(f"{len(self.ran)} so far"))

    def _slow(self) -> None:
        @self.area.command(role=Role.GUEST, cost=Cost.JOB)
        async def slow(ctx: Context) -> Reply:
            """Take long."""
            self.ran.append("slow")
            ctx.report_progress(0.5)
            self.arrived.set()
            await self.gate.wait()
            return Reply(text=text("done"))

    def _odd(self) -> None:
        @self.area.command(role=Role.GUEST)
        async def odd(ctx: Context) -> Reply:
            """Refuse for a reason that nobody has put into words."""
            raise ConflictError("nobody_worded_this", secret=SECRET)
