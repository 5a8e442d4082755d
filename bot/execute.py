"""The innermost step: convert the arguments and call the command function."""

from dataclasses import dataclass, replace

import structlog

from bot.binding import Binding, bind
from bot.context import Context
from bot.plan import Planner
from bot.run import Run
from core.chat.reply import Placement, Reply, Visibility
from core.chat.spec import Answer, Plan, Undo
from core.shared.errors import InvalidArgumentError, UserError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Execute:
    """Runs the planned command, and after a button the command that refreshes the message it was in."""

    planner: Planner

    async def __call__(self, run: Run) -> Reply:
        """Return the command's answer, as visible as its declaration says."""
        plan, context = run.known_plan, run.context
        if context is None:
            raise LookupError("the run has no context yet")
        if plan.answer is Answer.FORM or plan.problem:
            return Reply(problem=plan.problem, form=plan.form)
        reply = await self._call(plan, context)
        if run.action is None:
            return reply
        if run.action.action.placement is Placement.UPDATE:
            return replace(reply, placement=Placement.UPDATE)
        return await self._refreshed(run.action.action.then, reply, context)

    async def _call(self, plan: Plan, context: Context) -> Reply:
        if plan.command is None:
            raise InvalidArgumentError("", "missing")
        command = self.planner.registry.find(plan.command.area, plan.command.action)
        if command is None:
            raise LookupError(plan.command.name)
        binding = Binding(context.actor, context.directory, context.request, context.now)
        reply = await command.function(context, **bind(command, plan.arguments, binding))
        visibility = Visibility.PRIVATE if context.is_confidential else plan.visibility
        return replace(reply, visibility=visibility)

    async def _refreshed(self, then: str | None, reply: Reply, context: Context) -> Reply:
        """Add what the message that held the button shows now, if that changes nothing and can still be shown."""
        if not then or reply.problem:
            return reply
        plan = self.planner.plan(replace(context.request, text=then, arguments={}))
        if plan.command is None or plan.problem or context.actor.role < plan.command.role:
            return reply
        if plan.command.undo is not Undo.NOT_NEEDED:
            return reply
        try:
            return replace(reply, original=await self._call(plan, context))
        except UserError as error:
            log.debug("message_not_refreshed", code=error.code)
            return reply
