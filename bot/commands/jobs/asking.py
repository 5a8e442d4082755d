"""What is asked of a kind of job: which one, and with what."""

from bot.application.context import Context
from bot.grammar.binding import Binding, bind
from bot.grammar.declaration import JobKind
from bot.grammar.parser import parse_arguments
from bot.grammar.tokens import tokenise
from core.jobs.model import JobValue
from core.shared.errors import InvalidArgumentError
from core.shared.nearness import near_misses

_NEAR = 60


def asked_kind(ctx: Context, typed: str) -> JobKind:
    """Return the kind of job that is meant.

    Raises `InvalidArgumentError` (`unknown_job_kind`), and `ForbiddenError` for one that the actor may not start.
    """
    known = ctx.services.supplies.jobs
    found = known.get(typed.strip().lower())
    if found is None:
        near = near_misses(typed.lower(), list(known), least=_NEAR, most=1)
        about = {"near": near[0] if near else "", "kinds": tuple(sorted(known))}
        raise InvalidArgumentError("kind", "unknown_job_kind", value=typed, **about)
    found.info.require(ctx.actor.role)
    return found


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
    bind(kind, found, Binding(ctx.actor, ctx.directory, ctx.request, ctx.now))
    return {name: " ".join(values) for name, values in found.items()}
