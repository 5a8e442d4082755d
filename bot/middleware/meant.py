"""Where there is no record of that name, those that may have been meant are offered."""

from bot.application.run import Next, Run
from bot.texts.errors import ErrorTexts
from core.chat.reply import Action, Reply
from core.shared.errors import NotFoundError
from core.shared.value_objects import value_object


@value_object
class Meant:
    """Answers with a button for each of them, which does what was asked with all that was typed or filled in.

    It stands within the transaction, which keeps the buttons.
    """

    texts: ErrorTexts

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Go on, or ask which was meant."""
        try:
            return await proceed(run)
        except NotFoundError as error:
            if not error.instead:
                raise
            buttons = tuple(Action(name, command) for name, command in error.instead.items())
            return Reply(problem=self.texts.problem_of(error), actions=buttons)
