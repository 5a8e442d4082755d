"""What is asked of a kind of job: which one, and with what."""

from collections.abc import Mapping

from bot.application.context import Context
from bot.grammar.binding import Binding, bind
from bot.grammar.declaration import JobKind
from bot.grammar.parser import parse_arguments
from bot.grammar.tokens import tokenise
from core.jobs.kinds import COMMAND, LINE
from core.jobs.model import JobValue
from core.shared.errors import InvalidArgumentError
from core.shared.nearness import known_by


def known_kind(typed: str, kinds: Mapping[str, JobKind]) -> JobKind:
    """Return the kind of that name; raises `InvalidArgumentError` (`unknown_job_kind`)."""
    return known_by(typed, dict(sorted(kinds.items())), "kind", "unknown_job_kind")


def asked_kind(ctx: Context, typed: str) -> JobKind:
    """Return the kind of job that is meant.

    Raises `InvalidArgumentError` (`unknown_job_kind`), and `ForbiddenError` for one that the actor may not start.
    """
    found = known_kind(typed, ctx.services.supplies.jobs)
    found.info.require(ctx.actor.role)
    return found


def asked_job(ctx: Context, wanted: JobKind, typed: str, command: str) -> tuple[str, dict[str, JobValue]]:
    """Return the kind and the arguments of the job that is asked for behind a command.

    One that runs any command is of that command's kind. Raises `InvalidArgumentError` for what it does not take, which
    is also the command of another kind.
    """
    name, arguments = wanted.info.name, _arguments(wanted, typed, ctx, command)
    if not wanted.info.runs_command:
        return name, arguments
    line = str(arguments[LINE])
    found = ctx.catalogue.job_of(line)
    if name not in (COMMAND, found):
        usage = f"{command} {wanted.info.usage}"
        raise InvalidArgumentError("with", "line_of_other_kind", line=line, kind=name, usage=usage)
    return found, arguments


def _arguments(kind: JobKind, typed: str, ctx: Context, command: str) -> dict[str, JobValue]:
    info = kind.info
    found = parse_arguments(typed, tokenise(typed), info.arguments, ctx.now)
    for argument in info.arguments:
        if argument.required and not any(found.get(argument.name, ())):
            raise InvalidArgumentError("with", "missing_of_job", name=argument.name, usage=f"{command} {info.usage}")
    values = bind(kind, found, Binding(ctx.actor, ctx.directory, ctx.request, ctx.now))
    if kind.check:
        kind.check(**values)
    return {name: " ".join(values) for name, values in found.items()}
