"""What areas keep records of, as the parts that know no area ask for it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from core.chat.spec import SubjectInfo
from core.ports.storage import UnitOfWork
from core.workspaces.model import Audience

Suggest = Callable[[UnitOfWork, str, Audience, int], Awaitable[Iterable[tuple[int, str]]]]
"""Finds the number and name of at most so many records that an audience may see, by what is typed of either."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an area keeps records of: its words, and how records are found while they are typed."""

    info: SubjectInfo
    suggest: Suggest
