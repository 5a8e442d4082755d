"""What people submit: run once however often a page sends it, with line and answer kept as messages."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import structlog

from adapters.platforms.pressing import planned
from adapters.platforms.web import texts
from adapters.platforms.web.frames import Place, Submit
from adapters.platforms.web.render import Json, Prove, action_set, render_form, render_message, render_problem
from adapters.platforms.web.translate import Reader, delivery_id, spelled, submitted_request
from adapters.platforms.web.uploads import UploadGoneError, Uploads
from core.chat.application import Application, Ticket
from core.chat.reply import Form, Placement, Problem, Reply, Visibility
from core.chat.request import Request
from core.chat.spec import Answer, Plan
from core.messages.model import Message
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.shared.errors import LeftOverFilesError
from core.shared.value_objects import value_object
from core.workspaces.model import Channel

PROMPT_SECONDS = 0.25
"""An answer ready by then is posted together with its line, in one transaction."""

PROGRESS_SECONDS = 1.0
MAX_RUNNING = 200
DRAIN_SECONDS = 30.0

Tell = Callable[[str, Json], None]
"""Sends a frame to a page by its id."""

_log = structlog.get_logger(__name__)


@value_object
class Submission:
    """A frame with whose it is and from where."""

    frame: Submit
    reader: Reader
    member_id: int
    channel: Channel
    page_id: str

    @property
    def delivery(self) -> str:
        """Return the delivery id."""
        return delivery_id(self.reader, self.frame.id)


class Conversation:
    """Runs submissions as tasks of its own, so that closing a page stops nothing."""

    def __init__(
        self,
        *,
        application: Application,
        storage: Storage,
        uploads: Uploads,
        clock: Clock,
        workspace_id: int,
        prove: Prove,
        tell: Tell,
    ) -> None:
        self._application = application
        self._storage = storage
        self._uploads = uploads
        self._clock = clock
        self._workspace_id = workspace_id
        self._prove = prove
        self._tell = tell
        self._running: dict[str, asyncio.Task[None]] = {}
        self._listeners: defaultdict[str, set[str]] = defaultdict(set)
        self._turns: WeakValueDictionary[tuple[object, ...], asyncio.Lock] = WeakValueDictionary()

    def submit(self, submission: Submission) -> None:
        """Start a submission, or listen to it if it is under way already."""
        delivery = submission.delivery
        if delivery not in self._running and len(self._running) >= MAX_RUNNING:
            self._tell(submission.page_id, {"type": "failed", "id": submission.frame.id, "message": texts.BUSY})
            return
        self._listeners[delivery].add(submission.page_id)
        if delivery not in self._running:
            self._running[delivery] = asyncio.create_task(self._guarded(submission, self._run(submission)))

    async def close(self) -> None:
        """Wait for what is under way, within limits."""
        if self._running:
            await asyncio.wait(self._running.values(), timeout=DRAIN_SECONDS)

    async def _guarded(self, submission: Submission, work: Coroutine[Any, Any, Message | None]) -> None:
        delivery = submission.delivery
        try:
            answer = await work
            self._notify(submission, {"type": "done", **({"answer": self._answer(answer)} if answer else {})})
        except UploadGoneError:
            self._notify(submission, {"type": "failed", "message": texts.FILE_GONE})
        except Exception:  # why: one submission's fault, also of storage, must reach the person as one sentence
            _log.exception("console.submission.failed", delivery=delivery)
            self._notify(submission, {"type": "failed", "message": texts.INTERNAL})
        finally:
            self._running.pop(delivery, None)
            self._listeners.pop(delivery, None)

    def _notify(self, submission: Submission, frame: Json) -> None:
        for page_id in self._listeners[submission.delivery]:
            self._tell(page_id, {**frame, "id": submission.frame.id})

    async def _run(self, submission: Submission) -> Message | None:
        """Do what was submitted; return the message that a pressed button was answered by, if it was one of its own."""
        frame = submission.frame
        attachments = [self._uploads.attachment(token, submission.reader.user) for token in frame.files]
        request = submitted_request(frame, submission.reader, submission.channel, attachments)
        if request is None:
            await self._post_line(submission, frame.text, only=None)
            return None
        if frame.action:
            is_taken, answer = await self._press(submission, request)
        else:
            is_taken, answer = await self._command(submission, request), None
        if is_taken:
            await self._uploads.discard(frame.files)
        return answer

    async def _command(self, submission: Submission, request: Request) -> bool:
        """Run a typed line or a filled-in form; tell whether it ran, rather than asked for (more of) a form."""
        plan = self._application.plan(request)
        if plan.answer is Answer.FORM and (form := await self._application.filled(request, plan)):
            self._show_form(submission, form, plan.problem if request.command else None)
            return False
        if plan.problem is not None and plan.problem.code == LeftOverFilesError.code:
            self._show_problem(submission, plan.problem)
            return False
        async with self._turn("line", submission.member_id, submission.channel.id):
            ticket = self._application.submit(request)
            reply = await ticket.within(PROMPT_SECONDS)
            if reply is not None and reply.problem is not None and request.command:
                self._show_problem(submission, reply.problem)
                return False
            if reply is not None and reply.form is not None and not _says_something(reply):
                self._show_form(submission, reply.form, None)
                return False
            line = submission.frame.text or self._spell(request, plan)
            visibility = reply.visibility if reply is not None else plan.visibility
            only = submission.member_id if visibility is Visibility.PRIVATE else None
            seq = await self._post_line(submission, line, only=only, reply=reply)
        if reply is None:
            reply = await self._wait(submission, ticket)
            await self._post_reply(submission, reply, answers=seq)
        self._show_form_of(submission, reply)
        return True

    async def _press(self, submission: Submission, request: Request) -> tuple[bool, Message | None]:
        """Run a pressed button; tell whether it ran, rather than asked for (more of) a form, and what answered it."""
        place = self._proven(submission, submission.frame.place)
        request, plan = await planned(self._application, request)
        if plan and plan.answer is Answer.FORM and (form := await self._application.filled(request, plan)):
            self._show_form(submission, form, plan.problem if request.arguments else None)
            return False, None
        async with self._turn("message", submission.channel.id, place):
            ticket = self._application.submit(request)
            reply = await ticket.within(PROMPT_SECONDS)
            if reply is None:
                reply = await self._wait(submission, ticket)
            if reply.problem is not None and request.arguments:
                self._show_problem(submission, reply.problem)
                return False, None
            answer = await self._put(submission, reply, place)
        self._show_form_of(submission, reply)
        return True, answer

    async def _wait(self, submission: Submission, ticket: Ticket) -> Reply:
        """Wait for work that takes longer, telling the page now and then how far it is."""
        reply = None
        while reply is None:
            self._notify(submission, {"type": "working", "progress": ticket.progress})
            reply = await ticket.within(PROGRESS_SECONDS)
        return reply

    async def _put(self, submission: Submission, reply: Reply, place: int | None) -> Message | None:
        """Put an answer to a button in place of its message, beside it, or both; return the one beside it."""
        in_place = reply if reply.placement is Placement.UPDATE and reply.ok else reply.original
        if place is not None and in_place is not None:
            async with self._storage.workspace(self._workspace_id).write() as work:
                shown = replace(in_place, original=None, form=None)
                replaced = await work.messages.replace(submission.channel.id, place, shown, self._clock.now())
                await work.commit()
            if replaced is not None and in_place is reply:
                return None
        return await self._post_reply(submission, reply, answers=None)

    async def _post_line(
        self, submission: Submission, line: str, *, only: int | None, reply: Reply | None = None
    ) -> int:
        """Post what a person said, and the answer if it is there, at once; return the line's number."""
        async with self._storage.workspace(self._workspace_id).write() as work:
            message = await work.messages.post(
                submission.channel.id,
                author_id=submission.member_id,
                text=line,
                only=only,
                key=f"{submission.delivery}:line",
                at=self._clock.now(),
            )
            if reply is not None and _says_something(reply):
                await work.messages.post(
                    submission.channel.id,
                    author_id=None,
                    reply=replace(reply, original=None, form=None),
                    only=only,
                    answers=message.seq,
                    key=f"{submission.delivery}:reply",
                    at=self._clock.now(),
                )
            # Before the commit, so that the page knows the line for its own when it comes back as a message.
            self._notify(submission, {"type": "posted", "channel": submission.channel.id, "seq": message.seq})
            await work.commit()
        return message.seq

    async def _post_reply(self, submission: Submission, reply: Reply, *, answers: int | None) -> Message | None:
        if not _says_something(reply):
            return None
        private = reply.visibility is Visibility.PRIVATE
        async with self._storage.workspace(self._workspace_id).write() as work:
            message = await work.messages.post(
                submission.channel.id,
                author_id=None,
                reply=replace(reply, original=None, form=None),
                only=submission.member_id if private else None,
                answers=answers,
                key=f"{submission.delivery}:reply",
                at=self._clock.now(),
            )
            await work.commit()
        return message

    def _show_form(self, submission: Submission, form: Form, problem: Problem | None) -> None:
        shown: dict[str, object] = {"type": "form", "form": render_form(form), "action": submission.frame.action}
        if problem is not None:
            shown["problem"] = render_problem(problem)
        self._notify(submission, shown)

    def _show_form_of(self, submission: Submission, reply: Reply) -> None:
        if reply.form is not None:
            self._show_form(submission, reply.form, None)

    def _show_problem(self, submission: Submission, problem: Problem) -> None:
        """Say in the form what was wrong with it."""
        self._notify(submission, {"type": "problem", "problem": render_problem(problem)})

    def _answer(self, message: Message) -> Json:
        """Return an answer with its buttons, so that the page can offer one of them where the answer was asked for."""
        return {"channel": message.channel_id, "message": render_message(message, self._prove)}

    def _proven(self, submission: Submission, place: Place | None) -> int | None:
        """Return the message that an answer may replace: only one that held the pressed button."""
        if place is None:
            return None
        proof = self._prove(submission.channel.id, place.seq, action_set(submission.frame.action))
        return place.seq if proof == place.proof else None

    def _spell(self, request: Request, plan: Plan) -> str:
        return spelled(request.command, request.arguments, plan.command, self._application.catalogue.prefix)

    def _turn(self, *key: object) -> asyncio.Lock:
        """Return the lock that keeps a person's lines, or a message's replacements, in order."""
        return self._turns.setdefault(key, asyncio.Lock())


def _says_something(reply: Reply) -> bool:
    shown: Sequence[object] = (
        reply.title,
        reply.text,
        reply.fields,
        reply.tables,
        reply.charts,
        reply.files,
        reply.actions,
        reply.problem,
        reply.progress is not None,
    )
    return any(shown)
