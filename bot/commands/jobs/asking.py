"""What is asked of a kind of job: which one, and with what."""

from collections.abc import Mapping

from bot.application.context import Context
from bot.grammar.binding import Binding, bind
from bot.grammar.declaration import JobKind
from bot.grammar.parser import parse_arguments
from bot.grammar.tokens import tokenise
from core.chat.spec import ArgumentKind
from core.jobs.kinds import COMMAND, IMPORT, LINE
from core.jobs.model import JobValue
from core.shared.errors import ForbiddenError, InvalidArgumentError
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
    is also the command of another kind, and an import without its file.
    """
    name, arguments = wanted.info.name, _arguments(wanted, typed, ctx, command)
    if not wanted.info.runs_command:
        return name, arguments
    line = str(arguments[LINE])
    found = ctx.catalogue.job_of(line)
    if name not in (COMMAND, found):
        usage = f"{command} {wanted.info.usage}"
        raise InvalidArgumentError("with", "line_of_other_kind", line=line, kind=name, usage=usage)
    check_line(ctx, line)
    return found, arguments


def check_line(ctx: Context, line: str) -> None:
    """Refuse an import of no file: a job is started by a line, which can name a file and not bring one along."""
    asked = ctx.catalogue.command_of(line)
    if asked is None or asked.job != IMPORT:
        return
    rest = line.partition(asked.action)[2]
    given = parse_arguments(rest, tokenise(rest), asked.arguments, ctx.now)
    if not any(given.get(argument.name) for argument in asked.arguments if argument.kind is ArgumentKind.FILE):
        raise InvalidArgumentError("with", "import_without_file", commands=(asked.name,))


def check_right(ctx: Context, kind: str, arguments: Mapping[str, JobValue]) -> None:
    """Refuse to set going again, with the rights of whoever it is for, what the actor may not do.

    Raises `ForbiddenError`. Of a kind or a command that is no more it is told when the job runs.
    """
    if found := ctx.services.supplies.jobs.get(kind):
        found.info.require(ctx.actor.role)
    command = ctx.catalogue.command_of(str(arguments.get(LINE, "")))
    if command and ctx.actor.role < command.role:
        raise ForbiddenError(command.role.label, ctx.actor.role.label)


def _arguments(kind: JobKind, typed: str, ctx: Context, command: str) -> dict[str, JobValue]:
    info = kind.info
    found = parse_arguments(typed, tokenise(typed), info.arguments, ctx.now)
    if info.name == IMPORT and not any(found.get(LINE, ())):
        imports = (one.name for one in ctx.catalogue.commands if one.job == IMPORT and one.role <= ctx.actor.role)
        raise InvalidArgumentError("with", "import_without_file", commands=tuple(imports))
    for argument in info.arguments:
        if argument.required and not any(found.get(argument.name, ())):
            raise InvalidArgumentError("with", "missing_of_job", name=argument.name, usage=f"{command} {info.usage}")
    values = bind(kind, found, Binding(ctx.actor, ctx.directory, ctx.request, ctx.now))
    if kind.check:
        kind.check(**values)
    return {name: " ".join(values) for name, values in found.items()}
