"""An administrator's look past who may see what: asked for by name, answered to them alone, kept in the audit trail."""

from collections.abc import Sequence
from dataclasses import replace

from bot.application.run import Next, Run
from core.chat.reply import Action, Reply, Visibility
from core.chat.spec import OVERRIDE, ArgumentKind, CommandInfo
from core.people.model import Role
from core.shared.errors import ForbiddenError, InvalidArgumentError

_WORDS = {"yes": True, "y": True, "true": True, "on": True, "1": True, "no": False, "n": False, "false": False}
_NAMED = (ArgumentKind.REFERENCE, ArgumentKind.CHANNEL)


async def override(run: Run, proceed: Next) -> Reply:
    """Let an administrator see everything for one command that only looks; raises `ForbiddenError` for others.

    It stands around the audit. The answer keeps only those buttons that ask for the same again: the others would
    run without it.
    """
    plan, context = run.known_plan, run.context
    if plan.command is None or context is None or not _is_wanted(plan.command, plan.arguments.get(OVERRIDE.name, ())):
        return await proceed(run)
    if context.actor.role < Role.ADMIN:
        raise ForbiddenError(Role.ADMIN.label, context.actor.role.label)
    context.override = context.is_confidential = True
    named = [argument.name for argument in plan.command.arguments if argument.kind in _NAMED]
    context.touched.extend(f"{name}:{value}" for name in named for value in plan.arguments.get(name, ()))
    reply = await proceed(run)
    tables = tuple(
        replace(table, rows=tuple(replace(row, actions=_same_again(row.actions)) for row in table.rows))
        for table in reply.tables
    )
    return replace(reply, visibility=Visibility.PRIVATE, tables=tables, actions=_same_again(reply.actions))


def _is_wanted(command: CommandInfo, values: Sequence[str]) -> bool:
    if not command.overridable or not values:
        return False
    wanted = _WORDS.get(values[0].strip().lower())
    if wanted is None:
        raise InvalidArgumentError(OVERRIDE.name, "not_yes_or_no", value=values[0])
    return wanted


def _same_again(actions: Sequence[Action]) -> tuple[Action, ...]:
    return tuple(action for action in actions if f" {OVERRIDE.name}:yes" in action.command)
