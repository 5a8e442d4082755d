"""Values of tables and fields as words people read; pure."""

from datetime import date, datetime

from adapters.platforms.slack import texts
from adapters.platforms.slack.mrkdwn import Mentions, escape, moment, mrkdwn
from core.chat.reply import Cell, ColumnKind
from core.chat.text import Moment, plain

_DAY_LENGTH = len("2026-12-01")
_DATES: tuple[ColumnKind, ...] = ("date", "moment")


def cell_words(cell: Cell, kind: ColumnKind) -> str:
    """Return a value as plain words; nothing for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return texts.YES if cell else texts.NO
    if isinstance(cell, tuple):
        return plain(cell)
    if kind in _DATES and isinstance(cell, str):
        return _date_words(cell)
    return str(cell)


def cell_mrkdwn(cell: Cell, kind: ColumnKind, mentions: Mentions) -> str:
    """Return a value as mrkdwn: an instant in each reader's own zone, people as mentions where they are such."""
    if isinstance(cell, tuple):
        return mrkdwn(cell, mentions)
    if kind in _DATES and isinstance(cell, str) and len(cell) > _DAY_LENGTH:
        at = _instant(cell)
        if at is not None:
            return moment(Moment(at, _date_words(cell)))
    return escape(cell_words(cell, kind))


def _instant(cell: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _date_words(cell: str) -> str:
    if len(cell) == _DAY_LENGTH:
        try:
            day = date.fromisoformat(cell)
        except ValueError:
            return cell
        return f"{day:%a} {day.day} {day:%b %Y}"
    at = _instant(cell)
    return f"{at:%a} {at.day} {at:%b %Y %H:%M}" if at else cell
