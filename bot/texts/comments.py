"""What people said about a thing, and the answers to their saying it: the same for every kind of thing."""

from collections.abc import Iterator, Sequence

from bot.texts.answers import written
from bot.texts.common import moment
from bot.texts.errors import Reasons
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Reply, Visibility
from core.chat.text import Bold, Code, Text, lines, text
from core.history.model import Comment, Discussion

REASONS = Reasons(
    arguments={
        "comment_empty": lambda _w: (
            "There is nothing in that comment.",
            "Put what you have to say behind the number.",
        ),
        "comment_too_long": lambda w: (
            f"That comment has {w['length']:,} characters; at most {w['limit']:,} fit.",
            "Shorten it, or say it in several.",
        ),
    }
)


def commented(name: Text, words: str, undo_id: str, view: View) -> Reply:
    """Say who said what about the thing that is called so."""
    said = text(f"{view.actor.name} commented on ", name, ":")
    return written(lines(said, words), undo_id)


def withdrawn(name: Text, command: str, view: View) -> Reply:
    """Say that a comment is gone again."""
    gone = text("The comment on ", name, " is gone again.")
    return Reply(text=lines(undid(command, view), gone), visibility=Visibility.CHANNEL)


def latest(discussion: Discussion, command: str, view: View) -> Text:
    """Return the latest of what was said, in the order in which it was; `command` shows what was said before."""
    before = text("Earlier comments: ", Code(command)) if discussion.total > len(discussion.latest) else ()
    return lines(before, *_said(discussion.latest, view))


def _said(comments: Sequence[Comment], view: View) -> Iterator[Text]:
    for comment in reversed(comments):
        who = Bold(view.directory.name(comment.author_id or 0))
        yield text(who, ", ", moment(comment.created_at, view.actor.zone), f": {comment.text}")
