"""What can't be undone is done once its consequence is known."""

from dataclasses import replace

from bot.application.references import with_numbers
from bot.application.run import Next, Run
from bot.grammar.binding import Binding, bind
from bot.grammar.command_text import command_text
from bot.grammar.parser import CONFIRM
from bot.texts.common import listed
from bot.texts.errors import ErrorTexts
from core.chat.reply import Action, Reply, Style
from core.chat.spec import ArgumentKind, Undo
from core.shared.errors import ConfirmationNeededError
from core.shared.value_objects import value_object

_YES_BUTTON = "Yes, go ahead"
_YES = frozenset({"yes", "y", "true", "on", "1"})


@value_object
class Confirm:
    """Answers a command without undo with its consequence and a button, unless it is confirmed.

    It stands within the transaction, which keeps the button; a plan with a problem or a form is let through.
    """

    texts: ErrorTexts

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Ask, or go on."""
        plan = run.known_plan
        if run.command is None or plan.problem is not None:
            return await proceed(run)
        info = run.command.info
        given = {name: values for name, values in plan.arguments.items() if name != CONFIRM.name}
        is_confirmed = any(value.strip().lower() in _YES for value in plan.arguments.get(CONFIRM.name, ()))
        is_harmless = bool(info.consequence_of) and info.consequence_of not in given
        if not info.consequence or is_harmless or is_confirmed:
            return await proceed(run)
        # What can be undone, mostly, has to be confirmed only where its check names a consequence.
        consequence = info.consequence if info.undo is Undo.NONE else ""
        if run.context and not any("<@&" in value for values in given.values() for value in values):
            # What can't be is said before anybody is asked whether it should be; a record stays the one that was meant.
            context = run.context
            typed, given = given, {**await with_numbers(info, given, context)}
            values = bind(run.command, given, Binding(context.actor, context.directory, context.request, context.now))
            if run.command.check:
                consequence = await run.command.check(context, **values) or consequence
            if not consequence:
                return await proceed(run)
            people = [values.get(one.name) for one in info.arguments if one.kind is ArgumentKind.MEMBER]
            named = [context.directory.name(member) for member in people if isinstance(member, int) and member]
            named += [
                f"{one.subject} {' '.join(typed[one.name])} ({' '.join(given[one.name])})"
                for one in info.arguments
                if one.kind is ArgumentKind.REFERENCE and typed.get(one.name) != given.get(one.name)
            ]
            consequence = f"{listed(named)}: {consequence[:1].lower()}{consequence[1:]}" if named else consequence
        if not consequence:
            return await proceed(run)
        command = command_text(info, given)
        problem = self.texts.problem_of(ConfirmationNeededError(command, consequence))
        if not run.request.text:
            # What a platform has as fields of its own, or a form, has none to confirm with.
            problem = replace(problem, hint=f"To go ahead, press “{_YES_BUTTON}”.")
        go_ahead = Action(_YES_BUTTON, f"{command} {CONFIRM.name}:yes", style=Style.DANGER, once=True)
        return Reply(problem=problem, actions=(go_ahead,))
