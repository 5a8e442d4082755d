"""Reports are commands: each is declared in a file of its own, which says what it tells and takes.

Whatever else reports have comes with that: exports and schedules find them here by name. One that names
customers is answered to its asker alone, unless a manager asks.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from bot.application.context import Context
from bot.commands.reports.area import report
from bot.grammar.declaration import Parameter
from core.chat.reply import Reply, Visibility
from core.people.model import Role

Tell = Callable[..., Awaitable[Reply]]
"""Makes the report; its first table has all that there is to tell, and its answer says whether that is nothing."""

Arguments = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Declared:
    """A report: what makes it, and whether it names customers, given what it is asked for.

    `rows` is the argument that says how many rows it shows, where it does not show all.
    """

    name: str
    tell: Tell
    names_customers: Callable[[Arguments], bool]
    rows: str
    parameters: tuple[Parameter, ...]


DECLARED: dict[str, Declared] = {}
"""By name, in the order of help."""


def _nobody(_arguments: Arguments) -> bool:
    return False


def declared(*, names_customers: Callable[[Arguments], bool] = _nobody, rows: str = "") -> Callable[[Tell], Tell]:
    """Declare the decorated function as a report, and as a command that shows it."""

    def declare(tell: Tell) -> Tell:
        name = tell.__name__.rstrip("_").replace("_", "-")

        @wraps(tell)
        async def command(ctx: Context, **arguments: object) -> Reply:
            if names_customers(arguments) and ctx.actor.role < Role.MANAGER:
                ctx.tells_asker_alone()
            return await tell(ctx, **arguments)

        report.command(role=Role.MEMBER, visibility=Visibility.CHANNEL)(command)
        DECLARED[name] = Declared(name, tell, names_customers, rows, report.commands[-1].parameters)
        return tell

    return declare
