"""A message being put together within Slack's limits; what does not fit goes into files that come with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.platforms.documents import Documents
from adapters.platforms.slack import blocks
from adapters.platforms.slack.blocks import Block

_NOTE_CHARACTERS = 900
_NOTE_BLOCKS = 1


@dataclass(slots=True)
class Sheet(Documents):
    """The blocks so far, with room kept for what has to stand at the end: `tail` and one line of notes."""

    tail: Sequence[Block] = ()
    shown: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _characters: int = 0

    def __post_init__(self) -> None:
        """Keep room for the end."""
        self._characters = _NOTE_CHARACTERS + sum(blocks.size(block) for block in self.tail)

    def add(self, *new: Block) -> bool:
        """Add blocks that belong together, or none of them; tell whether there was room."""
        cost = sum(blocks.size(block) for block in new)
        most = blocks.MESSAGE_BLOCKS - len(self.tail) - _NOTE_BLOCKS
        if len(self.shown) + len(new) > most or self._characters + cost > blocks.MESSAGE_CHARACTERS:
            return False
        self.shown.extend(new)
        self._characters += cost
        return True

    def note(self, sentence: str) -> None:
        """Add a sentence to the small print, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def finished(self) -> list[Block]:
        """Return all blocks in order."""
        small_print = [blocks.context(blocks.cut(" ".join(self.notes), _NOTE_CHARACTERS - 100))] if self.notes else []
        return [*self.shown, *self.tail, *small_print]
