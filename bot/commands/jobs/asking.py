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
    """Return the kind of job that is meant; of those that run commands the command itself says which it is.

    Raises `InvalidArgumentError` (`unknown_job_kind`), and `ForbiddenError` for one that the actor may not start.
    """
    kinds = ctx.services.supplies.jobs
    known = {name: kind for name, kind in kinds.items() if name == COMMAND or not kind.info.runs_command}
    found = known_kind(typed, known)
    found.info.require(ctx.actor.role)
    return found


def kind_of(ctx: Context, wanted: JobKind, arguments: Mapping[str, JobValue]) -> str:
    """Return the name of the kind that a job is of: one that runs a command is of that command's."""
    return ctx.catalogue.job_of(str(arguments[LINE])) if wanted.info.runs_command else wanted.info.name


def asked_arguments(kind: JobKind, typed: str, ctx: Context, command: str = "/job run") -> dict[str, JobValue]:
    """Return what was typed for a kind of job, by name, behind a command.

    Raises `InvalidArgumentError` for what it does not take.
    """
    info = kind.info
    found = parse_arguments(typed, tokenise(typed), info.arguments, ctx.now)
    for argument in info.arguments:
        if argument.required and not any(found.get(argument.name, ())):
            usage = f"{command} {info.name} {argument.name}:{argument.example}"
            raise InvalidArgumentError("with", "missing_of_job", name=argument.name, usage=usage)
    values = bind(kind, found, Binding(ctx.actor, ctx.directory, ctx.request, ctx.now))
    if kind.check:
        kind.check(**values)
    return {name: " ".join(values) for name, values in found.items()}
