"""Whatever goes wrong becomes words for people: their mistake with a hint, ours with a reference number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from bot.application.run import Next, Run
from bot.grammar.forms import form_for
from bot.texts.errors import ErrorTexts, internal_problem, unavailable_problem, with_reference
from core.chat.reply import Form, Problem, Reply
from core.chat.spec import CommandInfo
from core.ports.storage import StorageUnavailableError
from core.shared.errors import BrokenOffError, GoesOnError, UserError
from core.shared.value_objects import value_object

log = structlog.get_logger()


@value_object
class Errors:
    """Answers every failure; nothing gets past this but cancellation, and what a job is to be tried again for."""

    texts: ErrorTexts

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Return the answer, or what went wrong with it."""
        try:
            return await self._refusing(run, proceed)
        except StorageUnavailableError as error:
            if run.is_job:
                raise
            log.warning("storage_unavailable", reason=error.reason)
            return Reply(problem=unavailable_problem(error.reason))
        except Exception as error:  # the last line of defence: people get neutral words, the log gets the cause
            log.exception("command_failed", kind=type(error).__name__, reference=run.reference)
            return Reply(problem=internal_problem(run.reference))

    async def _refusing(self, run: Run, proceed: Next) -> Reply:
        try:
            return await proceed(run)
        except UserError as error:
            if run.is_job and isinstance(error.__cause__, StorageUnavailableError):
                raise error.__cause__ from None
            run.goes_on = isinstance(error, GoesOnError)
            log.debug("refused", code=error.code, field=error.field)
            refusal = self._refusal(run, error)
            return _referred(run, refusal, error) if isinstance(error, BrokenOffError) else refusal

    def _refusal(self, run: Run, error: UserError) -> Reply:
        problem, at_fault = self.texts.problem_of(error), self.texts.problems_of(error)
        info = run.command.info if run.command else None
        if info and run.request.command and error.field:
            return Reply(problem=problem, form=_form_again(info, run.request.arguments, at_fault))
        return Reply(problem=problem)


def _referred(run: Run, refusal: Reply, error: BrokenOffError) -> Reply:
    """Tell the log the cause of what is our own fault, and people what to quote."""
    if (cause := error.__cause__) is None:
        return refusal  # told before, and only asked again
    log.error("broken_off", kind=type(cause.__cause__ or cause).__name__, reference=run.reference, exc_info=cause)
    return replace(refusal, problem=refusal.problem and with_reference(refusal.problem, run.reference))


def _form_again(info: CommandInfo, given: Mapping[str, str], at_fault: Sequence[Problem]) -> Form:
    errors = {problem.field or "": problem.message for problem in at_fault}
    return form_for(info, {name: (value,) for name, value in given.items()}, errors=errors)
