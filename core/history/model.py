"""Entries of a history, and what was said meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.shared.paging import Page
from core.shared.value_objects import value_object

NOBODY = 0
"""Stands for somebody who was forgotten."""

COMMENT = "comment"
"""The field in which an entry names a comment: that came (`after`) or was taken back (`before`)."""

COMMENT_LIMIT = 2000
"""Characters of a comment."""


@value_object
class FieldChange:
    """A field before and after, as JSON-ready data; None is nothing.

    Where the field holds people, `person` is the one who came (`after`) or went (`before`), each a change of its own.
    """

    field: str
    before: object
    after: object
    person: int | None = None


@value_object
class ChangeEntry:
    """What one command did to the thing of that kind and number; without fields, it is how the thing came to be.

    `member_id` is None once whoever did it was forgotten.
    """

    kind: str
    number: int
    at: datetime
    member_id: int | None
    command: str
    fields: Sequence[FieldChange] = ()


@value_object
class Comment:
    """What somebody said about the thing of that kind and number; `author_id` is None once they were forgotten."""

    id: str
    kind: str
    number: int
    author_id: int | None
    text: str
    created_at: datetime
    removed_at: datetime | None = None


@value_object
class Discussion:
    """How much was said about a thing (counted as pages are), and the latest of it, the newest first."""

    total: int = 0
    latest: Sequence[Comment] = ()


@value_object
class History:
    """A page of what happened to a thing, the newest first, and the comments that it names, by their ids."""

    page: Page[ChangeEntry]
    comments: Mapping[str, Comment]
