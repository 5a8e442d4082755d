"""What follows from something a person did: the acknowledgement, the answers, the errors shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.local_platform import NotShownError
from tests.support.slack import modals
from tests.support.slack.delivery import Attempt, Delivery
from tests.support.slack.elements import OPTIONS
from tests.support.slack.messages import Json, Message, View
from tests.support.slack.modals import Trigger
from tests.support.slack.response_urls import ResponseUrl, deliver
from tests.support.slack.schema import Report
from tests.support.slack.views import response_errors
from tests.support.slack.webapi import ApiError
from tests.support.slack.world import Channel, User

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass
class Watch:
    """Where an answer to a message is looked for: what the app posts there after it."""

    channel: Channel
    after: str
    thread_ts: str | None

    def found(self, user: User) -> Message | None:
        """The app's first message there that `user` can see."""
        seen = [*self.channel.messages, *(m for m in self.channel.ephemerals if m.ephemeral_to is user)]
        for message in sorted(seen, key=lambda one: float(one.ts)):
            same_thread = self.thread_ts is None or message.thread_ts == self.thread_ts
            if message.by_bot and not message.deleted and same_thread and float(message.ts) > float(self.after):
                return message
        return None


@dataclass
class Exchange:
    """One thing a person did. `error_shown` is what Slack tells the person when the app fails to acknowledge."""

    platform: SlackPlatform
    user: User
    delivery: Delivery
    trigger: Trigger | None = None
    answers_at: ResponseUrl | None = None
    watch: Watch | None = None
    submitted: View | None = None
    shown_view: View | None = None
    error_shown: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    options: list[Json] = field(default_factory=list)
    _revision: int = 0

    def __post_init__(self) -> None:
        source = self.answers_at.source if self.answers_at else None
        self._revision = len(source.revisions) if source else 0

    @property
    def payload(self) -> Json:
        """What was sent to the app."""
        return self.delivery.payload

    @property
    def ack(self) -> Attempt:
        """The first delivery's outcome."""
        return self.delivery.attempts[0]

    @property
    def status(self) -> int | None:
        """The acknowledgement's HTTP status; 200 for one over Socket Mode; None if none came."""
        return self.ack.status

    @property
    def latency(self) -> float:
        """Seconds until the acknowledgement came."""
        return self.ack.latency

    @property
    def messages(self) -> list[Message]:
        """The answers so far: the acknowledgement's body, then posts to the response address, as they came."""
        return self.answers_at.messages if self.answers_at else []

    async def start(self, take: Callable[[Attempt], None]) -> Exchange:
        """Deliver, then let Slack act on the acknowledgement."""
        take(await self.delivery.first())
        self.platform.changed()
        return self

    async def answer(self, seconds: float = 30.0) -> Message:
        """The first answer a person sees; an update of the message whose control was used counts."""
        return await self.platform.until(self._answer, seconds, f"an answer (shown so far: {self.error_shown!r})")

    async def answers(self, count: int, seconds: float = 30.0) -> list[Message]:
        """That many answers."""
        await self.platform.until(lambda: len(self.messages) >= count, seconds, f"{count} answers")
        return self.messages[:count]

    async def view(self, seconds: float = 30.0) -> View:
        """The modal that it opened, pushed or updated."""
        return await self.platform.until(self._view, seconds, f"a modal (shown so far: {self.error_shown!r})")

    async def settled(self, seconds: float = 30.0) -> list[Attempt]:
        """All deliveries, once Slack has given up or been acknowledged."""
        await self.platform.until(lambda: self.delivery.is_settled, seconds, "the end of the retries")
        return self.delivery.attempts

    def _answer(self) -> Message | None:
        if self.messages:
            return self.messages[0]
        source = self.answers_at.source if self.answers_at else None
        if source is not None and len(source.revisions) > self._revision:
            return source
        return self.watch.found(self.user) if self.watch else None

    def _view(self) -> View | None:
        return self.shown_view or (self.trigger.view if self.trigger else None)

    def take_command(self, attempt: Attempt) -> None:
        """A slash command's acknowledgement may be the answer itself."""
        if self._failed(attempt) or not attempt.body:
            return
        assert self.answers_at is not None
        body = attempt.json
        if body is None and attempt.headers.get("content-type", "").startswith("application/json"):
            self.error_shown = "invalid_command_response"
            return
        body = {"text": attempt.body} if body is None else body
        if not any(body.get(key) for key in ("text", "blocks", "attachments")):
            return
        try:
            deliver(self.platform, self.answers_at, body)
        except ApiError:
            self.error_shown = "invalid_command_response"

    def take_interaction(self, attempt: Attempt) -> None:
        """The body of an acknowledged action or shortcut is ignored."""
        self._failed(attempt)

    def take_suggestion(self, attempt: Attempt) -> None:
        """The acknowledgement of a suggestion holds the options to show, at most 100."""
        if self._failed(attempt):
            return
        body = attempt.json or {}
        found = body.get("options") or [one for group in body.get("option_groups", []) for one in group["options"]]
        report = Report()
        OPTIONS(report, "/options", found)
        if found and report.problems:
            self.error_shown = "dispatch_failed"
        else:
            self.options = found

    def take_event(self, _attempt: Attempt) -> None:
        """Nobody sees how an event is acknowledged."""

    def take_submission(self, attempt: Attempt) -> None:
        """A submission's acknowledgement closes, updates or keeps the modal."""
        view = self.submitted
        assert view is not None
        if self._failed(attempt):
            self.error_shown = TROUBLE
            return
        body = attempt.json if attempt.body else {}
        try:
            self._act(view, body)
        except (ApiError, KeyError, TypeError):
            self.error_shown = TROUBLE

    def _act(self, view: View, body: Json | None) -> None:
        if body is None:
            raise TypeError("not an object")
        action = body.get("response_action")
        installation = self.platform.world.installation(view.user.team)
        if action is None:
            view.is_open = False
        elif action == "errors":
            errors = response_errors(view.blocks, body.get("errors"))
            if errors is None:
                raise TypeError("errors must name input blocks")
            self.errors = view.errors = errors
        elif action == "update":
            modals.replace(self.platform, installation, view, body["view"])
            self.shown_view = view
        elif action == "push":
            self.shown_view = modals.show(self.platform, installation, view.user, body["view"], onto=view)
        elif action == "clear":
            for open_view in self.platform.open_views(view.user):
                open_view.is_open = False
        else:
            raise TypeError(f"unknown action {action}")

    def _failed(self, attempt: Attempt) -> bool:
        if attempt.status is None:
            timed_out = attempt.error.endswith("timeout")
            self.error_shown = "operation_timeout" if timed_out else "dispatch_failed"
        elif attempt.status != 200:
            self.error_shown = "dispatch_failed"
        return bool(self.error_shown)


def last_with(exchange: Exchange, what: str) -> Message:
    """The latest answer that shows the control `what`."""
    for message in reversed(exchange.messages):
        try:
            message.control(what)
        except NotShownError:
            continue
        return message
    raise NotShownError(f"no answer shows {what!r}")
