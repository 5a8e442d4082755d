"""For whom something is worded."""

from collections.abc import Sequence
from datetime import datetime

from bot.identity.directory import Directory
from bot.texts.common import listed
from core.chat.actor import Actor
from core.shared.value_objects import value_object


@value_object
class View:
    """For whom and when something is worded: the actor (whose zone is used), the workspace's names, the instant."""

    actor: Actor
    directory: Directory
    now: datetime

    def people(self, members: Sequence[int]) -> str:
        """Return members' names, separated by commas."""
        return ", ".join(self.directory.name(member) for member in members)

    def people_words(self, members: Sequence[int]) -> str:
        """Return members' names as a sentence has them; the actor is `you` nowhere, for others read it too."""
        return listed([self.directory.name(member) for member in members])
