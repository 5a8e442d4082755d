"""The innermost step: convert the arguments and call the command function."""

from dataclasses import replace

import structlog

from bot.application.context import Context
from bot.application.references import with_numbers
from bot.application.run import Run
from bot.grammar.binding import Binding, bind, refuse_choice
from bot.grammar.plan import Planner
from bot.identity.groups import Groups
from core.chat.reply import Placement, Reply, Visibility
from core.chat.spec import Answer, Plan, Undo
from core.chat.text import lines
from core.shared.errors import InvalidArgumentError, UserError
from core.shared.value_objects import value_object

log = structlog.get_logger()


@value_object
class Execute:
    """Runs the planned command, and after a button the command that refreshes the message it was in."""

    planner: Planner
    groups: Groups

    async def __call__(self, run: Run) -> Reply:
        """Return the command's answer, as visible as its declaration says."""
        plan, context = run.known_plan, run.context
        if context is None:
            raise LookupError("the run has no context yet")
        # A form that lacks nothing was for those who can fill it in: here the command itself says what it is for.
        self._refuse_choice(plan, context)
        if plan.problem or (plan.answer is Answer.FORM and context.request.ask):
            return Reply(problem=plan.problem, form=plan.form)
        takes_place = run.action is not None and run.action.action.placement is Placement.UPDATE
        refresh = None if run.action is None or takes_place else self._refresh(run.action.action.then, context)
        if refresh is not None:
            # What the refresh may show is asked of the platform before the command has the write lock, not after.
            await context.audience()
        reply = await self._call(plan, context)
        if takes_place:
            return replace(reply, placement=Placement.UPDATE)
        return reply if refresh is None or reply.problem else await self._refreshed(refresh, reply, context)

    def _refuse_choice(self, plan: Plan, context: Context) -> None:
        if plan.problem and plan.command:
            command = self.planner.registry.find(plan.command.area, plan.command.action)
            if command is not None:
                refuse_choice(command, plan.arguments, context.directory)

    async def _call(self, plan: Plan, context: Context) -> Reply:
        if plan.command is None:
            raise InvalidArgumentError("", "missing")
        command = self.planner.registry.find(plan.command.area, plan.command.action)
        if command is None:
            raise LookupError(plan.command.name)
        expanded = await self.groups.expand(command.info, plan.arguments, context)
        binding = Binding(context.actor, context.directory, context.request, context.now)
        arguments = await with_numbers(command.info, expanded.arguments, context)
        context.actor = replace(context.actor, others=command.info.others)
        reply = await command.function(context, **bind(command, arguments, binding))
        visibility = Visibility.PRIVATE if context.is_confidential else plan.visibility
        zone = reply.zone or context.actor.zone
        return replace(reply, visibility=visibility, text=lines(reply.text, *expanded.notes), zone=zone)

    def _refresh(self, then: str | None, context: Context) -> Plan | None:
        """Return the plan of what shows the message that held the button anew, if the presser may and it only looks."""
        if not then:
            return None
        plan = self.planner.plan(replace(context.request, text=then, arguments={}))
        if plan.command is None or plan.problem or context.actor.role < plan.command.role:
            return None
        return plan if plan.command.undo is Undo.NOT_NEEDED else None

    async def _refreshed(self, plan: Plan, reply: Reply, context: Context) -> Reply:
        """Add what the message that held the button shows now, if it can still be shown."""
        try:
            return replace(reply, original=await self._call(plan, context))
        except UserError as error:
            log.debug("message_not_refreshed", code=error.code)
            return reply
