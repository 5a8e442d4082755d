"""The words of boards."""

from datetime import datetime

from core.shared.value_objects import value_object


@value_object
class Board:
    """The board of an area (by its name) in a channel, which has one of each area at most.

    That of a person's conversation with the bot may have a `member_id`: it shows what concerns that member, wherever
    that is, in place of the channel's. `grouping` is one of the area's words for how what is on it is grouped.
    `id` is new each time the board is put up, and what its message is posted under. `message` is the platform's id of
    that message, empty until it is there; `retired` are ids of former ones, still to be taken away. `digest` tells what
    the message showed when that was last kept. A board that is not `is_on` has only its messages left to lose.
    """

    id: str
    workspace_id: int
    channel_id: int
    area: str
    grouping: str
    made_by: int
    created_at: datetime
    message: str = ""
    retired: tuple[str, ...] = ()
    digest: str = ""
    is_on: bool = True
    member_id: int | None = None

    @property
    def messages(self) -> tuple[str, ...]:
        """Return the ids of all messages that this board has in the channel."""
        return (*self.retired, self.message) if self.message else self.retired
