"""What Discord sends, responded to in time and answered: commands, controls, modals, suggestions, messages.

Discord waits three seconds for the first response to an interaction, and takes a form as that only. A message waits for
nothing and opens no form.
"""

import asyncio
from dataclasses import field, replace

import structlog

from adapters.platforms.discord import controls, texts, translate
from adapters.platforms.discord.answers import MODAL, SUGGEST, UPDATE, Answers, Exchange, State
from adapters.platforms.discord.commands import MESSAGE_MENU
from adapters.platforms.discord.controls import FORM, Home, Pressed
from adapters.platforms.discord.events import Event, Kind
from adapters.platforms.discord.forms import INPUT, Forms, FormState, filled_in
from adapters.platforms.discord.guilds import Guilds
from adapters.platforms.discord.messages import Messages
from adapters.platforms.discord.options import Timings
from adapters.platforms.discord.translate import UnreadablePayloadError
from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.pressing import filled, planned
from adapters.platforms.seen import Seen
from core.chat.application import Application, Ticket
from core.chat.reply import Form, Problem, Reply, Visibility
from core.chat.request import Request
from core.chat.spec import Answer, Plan
from core.ports.storage import Storage, StorageUnavailableError
from core.shared.clock import Clock
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)


@value_object
class Gateway:
    """Answers every interaction and every message to the app, each once."""

    application: Application
    storage: Storage
    clock: Clock
    answers: Answers
    messages: Messages
    guilds: Guilds
    follow_ups: FollowUps
    timings: Timings
    forms: Forms = field(default_factory=Forms)
    _seen: Seen[bool] = field(default_factory=Seen)

    def take(self, event: Event) -> None:
        """Begin to serve an interaction or a message; one that was replayed is not served again."""
        if self._seen.put(event.id, True):
            self.follow_ups.start(self._serve(event), "message" if event.said else "interaction")

    async def _serve(self, event: Event) -> None:
        pressed = controls.pressed(event.custom_id, event.data.get("values") or ())
        state = self.forms.state(event.custom_id) if event.kind == Kind.MODAL else None
        home = pressed.home if pressed else state.home if state else Home("")
        guild = event.guild or await self.guilds.home(event.user, home.guild)
        if guild and not event.guild and home.channel:
            event = replace(event, about=await self.guilds.room(guild, home.channel, event.user))
        exchange = Exchange(event, guild, State.VOID if event.said else State.NEW)
        self.guilds.learn(event)
        try:
            if not guild and event.kind != Kind.AUTOCOMPLETE:
                await self.answers.say(exchange, texts.NOT_SURE_WHERE)
            elif event.kind == Kind.MESSAGE:
                await self._talk(exchange)
            elif event.kind == Kind.COMMAND and event.data.get("type") == MESSAGE_MENU:
                await self._make(exchange)
            elif event.kind == Kind.COMMAND:
                await self._command(exchange)
            elif event.kind == Kind.AUTOCOMPLETE:
                await self._suggest(exchange)
            elif event.kind == Kind.COMPONENT:
                await self._component(exchange, pressed)
            elif event.kind == Kind.MODAL:
                await self._submitted(exchange, state)
        except UnreadablePayloadError as error:
            log.warning("discord_payload_unreadable", what=str(error))

    async def _command(self, exchange: Exchange) -> None:
        """Answer a command: at once if it is ready, by a form if it lacks something, else after a deferral."""
        catalogue = self.application.catalogue
        request = translate.command(exchange.event, exchange.guild, catalogue, self.messages.attachment)
        plan = self.application.plan(request)
        if plan.answer is Answer.FORM and plan.form:
            form = await self._begun(request, plan, _unscolded(plan.form))
            state = FormState(exchange.home, form.command, fixed=form.fixed, attachments=request.attachments)
            await self._open(exchange, state, form, plan)
            return
        await self._run(exchange, request, plan)

    async def _talk(self, exchange: Exchange) -> None:
        """Answer what was said to the app."""
        if exchange.event.data.get("names_role"):
            told = Reply(text=(texts.NOT_THE_ROLE,), visibility=Visibility.CHANNEL)
            await self.answers.deliver(exchange, told, exchange.event.id)
            return
        request = translate.talk(exchange.event, exchange.guild, self.messages.attachment)
        reply = await self.application.submit(request).reply()
        await self._answer(exchange, reply)

    async def _make(self, exchange: Exchange) -> None:
        """Open the form of what is made from a message."""
        request, origin = translate.made_from(exchange.event, exchange.guild, self.application.catalogue)
        plan = self.application.plan(request)
        if plan.form is None:
            await self._run(exchange, request, plan)
            return
        form = _unscolded(plan.form)
        await self._open(exchange, FormState(exchange.home, form.command, fixed=form.fixed, origin=origin), form, plan)

    async def _component(self, exchange: Exchange, pressed: Pressed | None) -> None:
        event = exchange.event
        if pressed is None:
            return
        if pressed.wants_choices:
            await self._show_choices(exchange, pressed)
            return
        if pressed.action_id.startswith(f"{FORM}:"):
            await self._open_again(exchange, pressed.action_id.removeprefix(f"{FORM}:"))
            return
        request = translate.pressed(event, exchange.guild, pressed.action_id)
        request, plan = await planned(self.application, request, self.timings.form)
        if plan and plan.answer is Answer.FORM and plan.form:
            form = await self._begun(request, plan, plan.form)
            # Without any argument a button would ask once more, and nothing may have been changed.
            fixed = form.fixed if any(one.stays for one in form.fields) else {}
            await self._open(exchange, FormState(exchange.home, action=pressed.action_id, fixed=fixed), form, plan)
            return
        await self._run(exchange, request, plan)

    async def _submitted(self, exchange: Exchange, state: FormState | None) -> None:
        """Run a submitted form; a mistake is told together with the button that opens the form once more."""
        if state is None:
            await self.answers.say(exchange, texts.FORGOTTEN)
            return
        request = translate.submitted(exchange.event, state, self.messages.attachment)
        request, plan = await planned(self.application, request, self.timings.form)
        form = state.form or await self._form_of(state, plan, request)
        await self._run(exchange, request, plan, replace(state, form=form))

    async def _run(
        self, exchange: Exchange, request: Request, plan: Plan | None, state: FormState | None = None
    ) -> None:
        ticket = self.application.submit(request)
        passed = asyncio.get_running_loop().time() - exchange.event.at
        reply = await ticket.within(max(self.timings.answer - passed, 0.0))
        if reply is None:
            await self.answers.defer(exchange, is_public=_will_be_public(plan))
            reply = await self._meanwhile(exchange, ticket)
        if state and await self._ask_again(exchange, request, state, reply):
            return
        await self._answer(exchange, reply)

    async def _answer(self, exchange: Exchange, reply: Reply) -> None:
        """Show an answer, and what there is besides to whoever asked."""
        if exchange.state is State.NEW:
            await self.answers.answer_at_once(exchange, reply)
        else:
            await self.answers.deliver(exchange, reply, exchange.event.id)
        if reply.besides:
            await self.answers.deliver(exchange, reply.besides, f"{exchange.event.id}/besides")

    async def _meanwhile(self, exchange: Exchange, ticket: Ticket) -> Reply:
        """Wait for a reply, and show how far it is as often as that changes."""
        told = None
        while (reply := await ticket.within(self.timings.progress)) is None:
            if ticket.progress is not None and ticket.progress != told:
                told = ticket.progress
                await self.answers.show_progress(exchange, told)
        return reply

    async def _ask_again(self, exchange: Exchange, request: Request, state: FormState, reply: Reply) -> bool:
        """Tell of a mistake in a form, with the button to correct it; tell whether there was one."""
        problem, form = reply.problem, state.form
        if problem is None or not problem.field or form is None:
            return False
        if problem.field not in [one.name for one in form.fields]:
            return False
        corrected = filled_in(form, request.arguments, problem.field, problem.message)
        kept = self.forms.keep(replace(state, form=corrected, attachments=request.attachments))
        row = controls.again(texts.FILL_IN, kept, exchange.home)
        await self.answers.say(exchange, _words(problem), tuple(row))
        return True

    async def _open_again(self, exchange: Exchange, form_id: str) -> None:
        state = self.forms.kept(form_id)
        if state is None or state.form is None:
            await self.answers.say(exchange, texts.FORGOTTEN)
            return
        await self._open(exchange, replace(state, form=None), state.form, None)

    async def _begun(self, request: Request, plan: Plan, form: Form) -> Form:
        """Return a form with what its record has now, where that can be told in time."""
        return (await filled(self.application, request, replace(plan, form=form), INPUT)).form or form

    async def _open(self, exchange: Exchange, state: FormState, form: Form, plan: Plan | None) -> None:
        """Open a form; where that fails, say how to type the command."""
        if await self.answers.respond(exchange, MODAL, self.forms.modal(state, form, exchange.event.user)):
            exchange.state = State.DONE
            return
        usage = plan.command.usage if plan and plan.command else f"/{form.command}"
        if exchange.state is not State.ELSEWHERE:
            await self.answers.say(exchange, texts.form_refused(usage))

    async def _show_choices(self, exchange: Exchange, pressed: Pressed) -> None:
        """Put the choices of the chosen row's action below the select that named the row."""
        event = exchange.event
        try:
            async with asyncio.timeout(self.timings.form):
                stored = await self.storage.system.action(pressed.action_id, self.clock.now())
        except (StorageUnavailableError, TimeoutError) as error:
            log.warning("discord_choices_not_read", cause=type(error).__name__)
            await self.answers.say(exchange, texts.BUSY)
            return
        if stored is None or not stored.action.choices:
            await self.answers.say(exchange, texts.GONE)
            return
        value = str((event.data.get("values") or [""])[0])
        shown = controls.expanded(event.components, event.custom_id, stored.action, pressed.home, value)
        if await self.answers.respond(exchange, UPDATE, {"components": shown}):
            exchange.state = State.DONE

    async def _suggest(self, exchange: Exchange) -> None:
        """Answer a half-typed option from memory; nothing at all rather than too late."""
        found: list[dict[str, str]] = []
        try:
            async with asyncio.timeout(self.timings.suggest):
                found = await self._suggestions(exchange)
        except (QuartermasterError, TimeoutError, UnreadablePayloadError) as error:
            log.info("discord_suggestions_missed", cause=type(error).__name__)
        await self.answers.respond(exchange, SUGGEST, {"choices": found})

    async def _suggestions(self, exchange: Exchange) -> list[dict[str, str]]:
        asked = translate.asked(exchange.event, self.application.catalogue)
        focused = asked.focused
        command = next((one for one in self.application.catalogue.commands if one.name == asked.command), None)
        if not exchange.guild or focused is None or command is None:
            return []
        argument = next((one for one in command.arguments if one.name == focused.get("name")), None)
        if argument is None:
            return []
        line, kept = translate.suggestion_line(asked, argument)
        request = translate.person(exchange.event, exchange.guild)
        found = await self.application.complete(request, line, len(line))
        return translate.suggestions(found, line, kept, str(focused.get("value") or ""), argument)

    async def _form_of(self, state: FormState, plan: Plan | None, request: Request) -> Form | None:
        """Return the form of a modal that was not remembered, made once more from what it ran."""
        if plan is not None and plan.form is not None:
            return plan.form
        fixed = {} if state.action else state.fixed
        bare = replace(request, arguments=fixed, attachments=())
        _, again = await planned(self.application, bare, self.timings.form)
        return again.form if again else None


def _will_be_public(plan: Plan | None) -> bool:
    return plan is not None and plan.visibility is Visibility.CHANNEL


def _unscolded(form: Form) -> Form:
    """Return a form that comes up for the first time: nothing in it is wrong yet."""
    return replace(form, fields=tuple(replace(one, error="") for one in form.fields))


def _words(problem: Problem) -> str:
    return "\n".join(filter(None, (problem.message.replace("`", ""), problem.hint.replace("`", ""), texts.TRY_FORM)))
