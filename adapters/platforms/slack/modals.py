"""Opening the modals that ask for what a command still needs."""

import asyncio

import structlog

from adapters.platforms.pressing import marks
from adapters.platforms.slack import texts
from adapters.platforms.slack.answers import Answers
from adapters.platforms.slack.api import SlackApi, told_apart
from adapters.platforms.slack.forms import FormState, FormTooLargeError, modal
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.options import Timings
from adapters.platforms.slack.translate import Said
from core.chat.reply import Form
from core.chat.spec import Plan
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)


@value_object
class Modals:
    """Opens forms at once: what allows it is spent after three seconds."""

    api: SlackApi
    installations: Installations
    answers: Answers
    timings: Timings

    async def open_or_say(self, said: Said, plan: Plan, *, action: str = "") -> None:
        """Open a plan's form; where that fails, say how to type the command."""
        if plan.form is None:
            return
        try:
            async with asyncio.timeout(self.timings.form):
                await self._open(said, plan.form, action)
        except (PostRejectedError, PostDelayedError, PostOutcomeUnknownError, FormTooLargeError, TimeoutError) as error:
            reason = getattr(error, "reason", type(error).__name__)
            log.warning("slack_form_not_opened", reason=reason)
            usage = plan.command.usage if plan.command else f"/{plan.form.command}"
            await self.answers.say(said.place, texts.form_refused(usage), said.request.delivery_id)

    async def _open(self, said: Said, form: Form, action: str) -> None:
        place, channel, came = said.place, said.request.channel, marks(form)
        state = FormState(
            command=form.command,
            # Without any argument a button would ask once more, and nothing may have been changed.
            fixed={} if action and not came else form.fixed,
            channel=channel.id,
            kind=channel.kind.value,
            name=channel.name,
            action=action,
            thread=place.thread,
            response_url=place.response_url,
            since=place.since,
            message=place.message,
            in_home=place.in_home,
            origin=said.request.origin,
            clearable=form.clearable,
            came=came,
        )
        token = self.installations.token(place.team)
        async with told_apart():
            await self.api.sender(token).views_open(trigger_id=said.trigger, view=modal(form, state, place.user))
