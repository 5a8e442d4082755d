"""Looking at what is watched, in the unit of work that also queues what is told of it: so it is told once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from core.alerts.model import Alert, News, Subject
from core.alerts.repository import ALERTS
from core.ports.storage import UnitOfWork


async def observe(
    work: UnitOfWork, kind: str, wrong: Mapping[int, bool], now: datetime, *, after: int = 1
) -> Sequence[News]:
    """Keep whether something is wrong with each subject of a kind, by number, and return what is news, by number.

    It is news from so many looks on that something is wrong. What is as it was is not written.
    """
    found = await work.of(ALERTS).of(kind, wrong)
    told: list[News] = []
    for number, is_wrong in sorted(wrong.items()):
        before = found.get(Subject(kind, number), Alert(Subject(kind, number)))
        alert, news = before.seen(now, is_wrong=is_wrong, after=after)
        if alert != before and await work.of(ALERTS).keep(alert) and news:
            told.append(news)
    return told


async def mute(work: UnitOfWork, subject: Subject, until: datetime | None) -> None:
    """Tell nothing of a subject until an instant; None ends that."""
    await _change(work, subject, lambda alert: alert.muted(until))


async def begin_anew(work: UnitOfWork, subject: Subject) -> None:
    """Forget that a subject was wrong: when it is again, that is told again."""
    await _change(work, subject, Alert.begun_anew)


async def _change(work: UnitOfWork, subject: Subject, step: Callable[[Alert], Alert]) -> None:
    found = await work.of(ALERTS).of(subject.kind, [subject.number])
    before = found.get(subject, Alert(subject))
    if step(before) != before:
        await work.of(ALERTS).keep(step(before))
