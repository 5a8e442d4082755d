"""The state of a thing that is watched: fine, told of, fine again, or muted.

People are told once that something is wrong, when it was so often enough in a row, and once when it is right again;
after that it begins anew. While it is muted it is watched on, and nothing is told.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from core.shared.value_objects import value_object


class AlertState(StrEnum):
    """What people know of a thing: nothing is wrong, that something is, that it was, or they do not want to know.

    What is wrong and `due` is told later, together with others.
    """

    OK = "ok"
    DUE = "due"
    ALERTED = "alerted"
    RECOVERED = "recovered"
    MUTED = "muted"


@value_object
class Subject:
    """What is watched: a kind of thing, and its number there."""

    kind: str
    number: int


@value_object
class Alert:
    """What is known of a subject: so often (`streak`) it was wrong in a row until now, first at `since`.

    `told` is the state as if it were not muted; one that was never kept has the version 0.
    """

    subject: Subject
    told: AlertState = AlertState.OK
    streak: int = 0
    since: datetime | None = None
    muted_until: datetime | None = None
    version: int = 0

    def state(self, now: datetime) -> AlertState:
        """Return its state at an instant."""
        return AlertState.MUTED if self._is_muted(now) else self.told

    def seen(self, now: datetime, *, is_wrong: bool, after: int = 1) -> "tuple[Alert, News | None]":
        """Return it after one more look, and what people are told: something is wrong from so many looks on."""
        return self._wrong(now, after) if is_wrong else self._right(now)

    def muted(self, until: datetime | None) -> "Alert":
        """Return it muted until an instant, or not muted."""
        return replace(self, muted_until=until)

    def begun_anew(self) -> "Alert":
        """Return it as if it had never been wrong; that it is muted stays."""
        return replace(self, told=AlertState.OK, streak=0, since=None)

    def put_off(self) -> "Alert":
        """Return it with what people were to be told now still due."""
        return replace(self, told=AlertState.DUE)

    def _wrong(self, now: datetime, after: int) -> "tuple[Alert, News | None]":
        wrong = replace(self, streak=self.streak + 1, since=self.since or now)
        is_known = self.told in (AlertState.ALERTED, AlertState.DUE)
        if is_known or wrong.streak < after or self._is_muted(now):
            return wrong, None
        return replace(wrong, told=AlertState.ALERTED), News(self.subject, wrong.streak, wrong.since, is_over=False)

    def _right(self, now: datetime) -> "tuple[Alert, News | None]":
        right = replace(self, streak=0, since=None)
        if self.told is not AlertState.ALERTED:
            return replace(right, told=AlertState.OK) if self.told is AlertState.DUE else right, None
        news = None if self._is_muted(now) else News(self.subject, self.streak, self.since, is_over=True)
        return replace(right, told=AlertState.RECOVERED), news

    def _is_muted(self, now: datetime) -> bool:
        return self.muted_until is not None and now < self.muted_until


@value_object
class News:
    """What people are told of a subject: that it is wrong, so often in a row since then, or that this `is_over`.

    `since` is None where that is not known any more.
    """

    subject: Subject
    streak: int
    since: datetime | None
    is_over: bool
