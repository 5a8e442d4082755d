"""Looking at what is watched, in the unit of work that also queues what is told of it: so it is told once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from core.alerts.model import Alert, News, Subject
from core.alerts.repository import ALERTS
from core.ports.storage import UnitOfWork


async def observe(
    work: UnitOfWork, kind: str, wrong: Mapping[int, bool], now: datetime, *, after: int = 1, later: bool = False
) -> Sequence[News]:
    """Keep whether something is wrong with each subject of a kind, by number, and return what is news, by number.

    It is news from so many looks on that something is wrong; what is to be told `later` is due until `take_due`. What
    is as it was is not written.
    """
    found = await work.of(ALERTS).of(kind, wrong)
    told: list[News] = []
    for number, is_wrong in sorted(wrong.items()):
        before = found.get(Subject(kind, number), Alert(Subject(kind, number)))
        alert, news = before.seen(now, is_wrong=is_wrong, after=after)
        alert = alert.put_off() if later and is_wrong and news else alert
        if alert != before and await work.of(ALERTS).keep(alert) and news:
            told.append(news)
    return told


async def take_due(work: UnitOfWork, kind: str, until: datetime) -> Sequence[int]:
    """Return the subjects of a kind with which something has been wrong since then or longer and is yet to be told.

    That is for whoever asks to tell, in this unit of work.
    """
    numbers = [alert.subject.number for alert in await work.of(ALERTS).due(kind, until)]
    if numbers:
        await work.of(ALERTS).settle(kind, numbers)
    return numbers


async def mute(work: UnitOfWork, subject: Subject, until: datetime | None) -> datetime | None:
    """Tell nothing of a subject until an instant, None ends that; return until when nothing was told before."""
    return (await _change(work, subject, lambda alert: alert.muted(until))).muted_until


async def begin_anew(work: UnitOfWork, subject: Subject) -> None:
    """Forget that a subject was wrong: when it is again, that is told again."""
    await _change(work, subject, Alert.begun_anew)


async def _change(work: UnitOfWork, subject: Subject, step: Callable[[Alert], Alert]) -> Alert:
    """Change an alert and return it as it was."""
    found = await work.of(ALERTS).of(subject.kind, [subject.number])
    before = found.get(subject, Alert(subject))
    if step(before) != before:
        await work.of(ALERTS).keep(step(before))
    return before
