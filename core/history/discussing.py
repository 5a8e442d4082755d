"""What people say about a thing: kept beside it, found in its history, and taken back as any change is."""

from datetime import datetime

from core.chat.actor import Actor
from core.history.model import COMMENT, COMMENT_LIMIT, ChangeEntry, Comment, FieldChange, History
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import ConflictError, InvalidArgumentError
from core.shared.ids import new_id
from core.shared.readable import several_lines
from core.undo.keeping import TAKING_BACK, add_entry


def clean_comment(raw: str) -> str:
    """Return a comment as readable text of at most `COMMENT_LIMIT` characters.

    Raises `InvalidArgumentError` with reason `comment_empty`, or `comment_too_long` (details `length`, `limit`).
    """
    words = several_lines(raw)
    if not words:
        raise InvalidArgumentError("text", "comment_empty")
    if len(words) > COMMENT_LIMIT:
        raise InvalidArgumentError("text", "comment_too_long", length=len(words), limit=COMMENT_LIMIT)
    return words


def say(work: UnitOfWork, actor: Actor, command: str, about: tuple[str, int], words: str, now: datetime) -> str:
    """Keep what the actor says about a thing of a kind and number, and return the id of the undo entry.

    That is of the kind `task.comment` for a task, and so on.
    """
    kind, number = about
    comment = Comment(new_id(now), kind, number, actor.member_id, words, now)
    work.comments.add(comment)
    came = (FieldChange(COMMENT, None, comment.id),)
    work.changes.add(ChangeEntry(kind, number, now, actor.member_id, command, came))
    return add_entry(work, actor, command, f"{kind}.comment", {"comment": comment.id}, now)


async def withdraw(work: UnitOfWork, actor: Actor, entry: UndoEntry, now: datetime) -> Comment:
    """Take back what an entry of `say` records, and return it; raises `ConflictError` (`undo_used`)."""
    comment_id = str(entry.payload["comment"])
    comment = (await work.comments.named([comment_id])).get(comment_id)
    if comment is None or not await work.comments.withdraw(comment_id, now):
        raise ConflictError("undo_used")
    gone = (FieldChange(COMMENT, comment_id, None),)
    work.changes.add(ChangeEntry(comment.kind, comment.number, now, actor.member_id, TAKING_BACK, gone))
    return comment


async def history_of(work: UnitOfWork, kind: str, number: int, *, cursor: str, limit: int) -> History:
    """Return a page of what happened to a thing, with what was said about it.

    Raises `InvalidArgumentError` with reason `cursor` for a cursor that is none.
    """
    page = await work.changes.page(kind, number, cursor=cursor, limit=limit)
    said = (change.after for entry in page.items for change in entry.fields if change.field == COMMENT)
    return History(page, await work.comments.named([str(comment) for comment in said if comment]))
