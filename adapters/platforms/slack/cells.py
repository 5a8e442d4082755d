"""Values of tables and fields as mrkdwn; pure."""

from adapters.platforms.cells import DATES, DAY_LENGTH, cell_words, date_words, instant
from adapters.platforms.slack.mrkdwn import Mentions, escape, moment, mrkdwn
from core.chat.reply import Cell, ColumnKind
from core.chat.text import Moment


def cell_mrkdwn(cell: Cell, kind: ColumnKind, mentions: Mentions) -> str:
    """Return a value as mrkdwn: an instant in each reader's own zone, people as mentions where they are such."""
    if isinstance(cell, tuple):
        return mrkdwn(cell, mentions)
    if kind in DATES and isinstance(cell, str) and len(cell) > DAY_LENGTH:
        at = instant(cell)
        if at is not None:
            return moment(Moment(at, date_words(cell)))
    return escape(cell_words(cell, kind))
