"""What Slack sends, acknowledged in time and answered: slash commands, controls, modals, events.

Bolt verifies and routes; nothing is looked up before an acknowledgement. Slack waits three seconds for one.
"""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from dataclasses import field
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.pressing import filled, planned
from adapters.platforms.seen import Seen
from adapters.platforms.slack import texts, translate
from adapters.platforms.slack.answers import Answers, is_public
from adapters.platforms.slack.api import SlackApi
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.forms import CALLBACK, INPUT, input_names
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.late import LateAnswers
from adapters.platforms.slack.modals import Modals
from adapters.platforms.slack.options import Timings
from adapters.platforms.slack.shortcuts import Shortcuts
from adapters.platforms.slack.talks import Talks
from adapters.platforms.slack.translate import Attach, Said
from adapters.platforms.slack.turns import Turn
from core.chat.application import Application, Ticket
from core.chat.reply import Problem, Reply, Visibility
from core.chat.request import ChannelKind, Request
from core.chat.spec import Answer, Cost, Plan
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

BOLT_LOG = "slack_bolt.quartermaster"
ANY = re.compile(r".+", re.DOTALL)
AttachOf = Callable[[str], Attach]
"""The way to make attachments with a team's token."""


@value_object
class Gateway:
    """Listens to everything that Bolt lets through."""

    application: Application
    answers: Answers
    late: LateAnswers
    modals: Modals
    talks: Talks
    shortcuts: Shortcuts
    channels: Channels
    follow_ups: FollowUps
    attach_of: AttachOf
    timings: Timings
    _seen: Seen[bool] = field(default_factory=Seen)

    async def command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer a slash command, in the acknowledgement if it is ready in time."""
        said = self._placed(translate.command(body, time.time()))
        plan = self.application.plan(said.request)
        if plan.answer is Answer.FORM and plan.form:
            await self._ask(ack, said, plan)
            return
        ticket = self.application.submit(said.request)
        reply = await self._in_time(said, ticket)
        shown = self.answers.first_version(said.place, reply) if reply else None
        if reply and shown and await self.late.turns.at_once(said.turn):
            public = is_public(said.place, reply)
            await ack(
                text=shown.text,
                blocks=list(shown.blocks),
                response_type="in_channel" if public else "ephemeral",
                unfurl_links=False,
                unfurl_media=False,
            )
            if shown.has_files:
                self.follow_ups.start(self.answers.hand_over(said.place, reply, shown), "files")
            return
        is_working = reply is None and _is_job(plan)
        if self._seen.put(said.request.delivery_id, True):
            in_channel = is_working and _is_for_channel(plan)
            patience = self.timings.patience if in_channel else None
            give = self.late.give(said, ticket, patience=patience, in_channel=in_channel)
            self.follow_ups.start(give, "command")
        await ack(texts.WORKING if is_working else "")

    async def action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Acknowledge a pressed button or a choice; what it does comes after."""
        await ack()
        said = self._placed(translate.pressed(body, time.time()))
        if self._seen.put(said.request.delivery_id, True):
            self.follow_ups.start(self._press(said), "action")

    async def view(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Run a submitted form; a mistake found in time keeps it open, with the sentence at the input."""
        team = str((body.get("team") or {}).get("id") or "")
        said = translate.submitted(body, self.attach_of(team))
        ticket = self.application.submit(said.request)
        reply = await self._in_time(said, ticket)
        errors = _form_errors(reply, body.get("view") or {})
        if errors and await self.late.turns.at_once(said.turn):
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        if self._seen.put(said.request.delivery_id, True):
            plan = self.application.plan(said.request)
            patience, in_channel = self._patience(plan), _is_for_channel(plan)
            self.follow_ups.start(self.late.give(said, ticket, patience=patience, in_channel=in_channel), "form")

    async def event(self, ack: AsyncAck, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        """Take a platform event; acknowledged once it is done with, or after two seconds."""
        retries = request.headers.get("x-slack-retry-num") or ["0"]
        await self.talks.take(body, is_repeated=retries[0] != "0")
        await ack()

    async def shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Acknowledge a shortcut used on a message; its form comes right after."""
        await ack()
        aimed = translate.aimed(body)
        self.channels.learn(aimed.team, aimed.channel)
        if self._seen.put(f"slack:{aimed.team}:{aimed.trigger}", True):
            self.follow_ups.start(self.shortcuts.make(aimed), "shortcut")

    async def other(self, ack: AsyncAck) -> None:
        """Acknowledge what needs no more, such as a modal that was closed."""
        await ack()

    def listen(self, app: AsyncApp) -> None:
        """Register with Bolt; the most frequent first, since it looks in this order."""
        app.command(ANY)(self.command)
        app.action(ANY)(self.action)
        app.view(CALLBACK)(self.view)
        app.event(ANY)(self.event)
        for entry in self.application.catalogue.menu:
            app.message_shortcut(entry.id)(self.shortcut)
        app.shortcut(ANY)(self.other)
        app.view_closed(ANY)(self.other)

    def _placed(self, said: Said) -> Said:
        """Give a channel whose name the payload hides the name that is known; remember those it tells."""
        request, team = said.request, said.place.team
        self.channels.learn(team, request.channel)
        named = self.channels.named(team, request.channel)
        if not named.name and named.kind is ChannelKind.PRIVATE:
            self.follow_ups.start(self.channels.acquaint(team, named.id), "channel")
        if named is request.channel:
            return said
        return translate.renamed(said, named)

    async def _ask(self, ack: AsyncAck, said: Said, plan: Plan) -> None:
        """Open the form that a typed command lacks arguments for, right before the acknowledgement."""
        opening = self.follow_ups.start(self._open(said, plan), "form")
        await asyncio.wait({opening}, timeout=self.timings.form)
        await ack()

    async def _press(self, said: Said) -> None:
        request, plan = await planned(self.application, said.request)
        if plan and plan.answer is Answer.FORM and plan.form:
            await self._open(said, plan, request=request)
            return
        ticket, patience = self.application.submit(request), self._patience(plan)
        await self.late.give(said, ticket, patience=patience, in_channel=_is_for_channel(plan))

    def _patience(self, plan: Plan | None) -> float | None:
        return self.timings.patience if _is_job(plan) else None

    async def _open(self, said: Said, plan: Plan, *, request: Request | None = None) -> None:
        """Open a form, unless another process does; `request` is what is stored for the button that asked for it."""
        if await self.late.turns.soon(said.turn) is Turn.OURS:
            plan = await filled(self.application, request or said.request, plan, INPUT)
            await self.modals.open_or_say(said, plan, action=said.request.action_id)

    async def _in_time(self, said: Said, ticket: Ticket) -> Reply | None:
        """Return the reply that the acknowledgement can be.

        Where another process answers by its own, Slack may get to see ours: then it is waited for a little longer.
        """
        reply = await ticket.within(self.timings.answer)
        if reply is None and await self.late.turns.soon(said.turn) is Turn.AT_ONCE:
            reply = await ticket.within(self.timings.deciding)
        return reply


class FromMemory(AsyncAuthorize):
    """Tells Bolt with whose token a request is to be served, without asking anybody."""

    def __init__(self, installations: Installations) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._installations = installations

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """Return the installation's credentials, or None where the app is not installed or was switched off."""
        found = self._installations.active(team_id or "")
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=found.bot_user_id,
            bot_token=found.token,
            bot_scopes=list(found.scopes),
        )


def make_app(gateway: Gateway, api: SlackApi, installations: Installations, signing_secret: str) -> AsyncApp:
    """Return Bolt's app around a gateway: it verifies every request and authorizes from memory."""
    # A level of its own: without one, Bolt words its debug lines, requests quoted, before they are thrown away. What it
    # warns of is told by the door, or of no concern here, such as a token in the environment.
    logger = logging.getLogger(BOLT_LOG)
    logger.setLevel(logging.ERROR)
    app = AsyncApp(
        name=BOLT_LOG,
        logger=logger,
        client=api.sender(""),
        signing_secret=signing_secret,
        # None is how Bolt is told "not installed", which its annotation of the argument leaves out.
        authorize=FromMemory(installations),  # type: ignore[arg-type]
        process_before_response=True,
        user_facing_authorize_error_message=texts.NOT_INSTALLED,
    )
    gateway.listen(app)
    app.error(_failed)
    return app


async def _failed(error: Exception) -> None:
    """Leave a trace of a listener's failure; Slack hears of it by the status 500 and tells the person."""
    if isinstance(error, translate.UnreadablePayloadError):
        log.warning("slack_payload_unreadable", lacks=str(error))
        return
    log.error("slack_listener_failed", kind=type(error).__name__, exc_info=error)


def _is_job(plan: Plan | None) -> bool:
    return plan is not None and plan.command is not None and plan.command.cost is Cost.JOB


def _is_for_channel(plan: Plan | None) -> bool:
    """Tell whether an answer that takes a while is for the channel."""
    return plan is not None and _is_job(plan) and plan.visibility is Visibility.CHANNEL


def _form_errors(reply: Reply | None, view: dict[str, Any]) -> dict[str, str]:
    """Return what is to stand at which input of a form; nothing if it is to close.

    A problem of no input in particular stands at the first: what was entered must not be lost. One that comes with
    buttons can only be shown as a message.
    """
    names = input_names(view)
    if reply is None or reply.problem is None or reply.actions or not names:
        return {}
    field = reply.problem.field
    return {field if field in names else names[0]: _sentence(reply.problem)}


def _sentence(problem: Problem) -> str:
    return f"{problem.message} {problem.hint}".strip().replace("`", "")
