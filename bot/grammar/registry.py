"""The commands that exist: areas listed one by one, checked for clashes before anything is added."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.application.context import Context
from bot.application.services import ServiceFactory
from bot.grammar.declaration import Area, Command, DeclarationError, Hear, Inverse, JobKind, Upkeep
from bot.grammar.subjects import Aside, Subject
from bot.texts.background import REASONS as BACKGROUND
from bot.texts.boards import REASONS as BOARDS
from bot.texts.comments import REASONS as COMMENTS
from bot.texts.errors import SHARED, ErrorTexts
from bot.texts.groups import REASONS as GROUPS
from bot.texts.ranges import REASONS as RANGES
from bot.texts.schedules.digest_errors import REASONS as DIGESTS
from bot.texts.schedules.errors import REASONS as SCHEDULES
from bot.texts.transfer_errors import REASONS as TRANSFER
from core.chat.reply import Reply
from core.chat.spec import Catalogue
from core.ports.storage import UndoEntry
from core.shared.nearness import near_misses
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from core.reminders.model import Reminders

OF_ALL = (SHARED, BACKGROUND, BOARDS, GROUPS, COMMENTS, DIGESTS, RANGES, SCHEDULES, TRANSFER)
"""Reasons that are not those of one area."""


async def _take_back_schedule(ctx: Context, entry: UndoEntry) -> Reply:
    from bot.application import scheduling  # few ever do

    return await scheduling.take_back(ctx, entry)


INVERSES: Mapping[str, Inverse] = {"schedule.change": _take_back_schedule}
"""What takes changes back that any area makes."""
_NEAR = 60


class DuplicateDeclarationError(ValueError):
    """Two areas declare the same."""


@value_object
class Registry:
    """Every command by area and action."""

    catalogue: Catalogue
    commands: Mapping[str, Mapping[str, Command]]
    subjects: Mapping[str, Subject]
    """By noun."""
    asides: Sequence[tuple[str, Aside]]
    """By the area."""
    inverses: Mapping[str, Inverse]
    """By the kind of undo entry that each takes back."""
    jobs: Mapping[str, JobKind]
    """By the name of the kind."""
    services: Mapping[type, ServiceFactory]
    reminders: "Sequence[Reminders[Any]]"
    upkeep: Sequence[Upkeep]
    upkeep_after: frozenset[str]
    hears: Sequence[Hear]
    boards: Mapping[str, Area]
    """The areas that have boards, by name."""
    errors: ErrorTexts

    @classmethod
    def of(cls, areas: Iterable[Area], prefix: str = "") -> "Registry":
        """Collect what the areas declare, under commands that begin with `prefix`.

        Raises `DuplicateDeclarationError` or `DuplicateReasonError` for what two of them declare; nothing is kept then.
        """
        listed = list(areas)
        _refuse_repeated(area.name for area in listed)
        subjects = [area.subject for area in listed if area.subject]
        _refuse_repeated(subject.info.one for subject in subjects)
        _refuse_repeated([*INVERSES, *(kind for area in listed for kind in area.inverses)])
        _refuse_repeated(kind.__qualname__ for area in listed for kind in area.services)
        _refuse_repeated(kind.info.name for area in listed for kind in area.jobs)
        infos = [command.info for area in listed for command in area.commands]
        named = {argument.subject for info in infos for argument in info.arguments if argument.subject}
        if unknown := named - {subject.info.one for subject in subjects}:
            raise DeclarationError(f"no area keeps any {', '.join(sorted(unknown))}")
        offered = {f"{area.name} {offer.action}" for area in listed for offer in area.offers}
        if unknown := offered - {info.name for info in infos}:
            raise DeclarationError(f"offered, but not there: {', '.join(sorted(unknown))}")
        return cls(
            catalogue=Catalogue([area.info for area in listed], infos, prefix),
            commands={area.name: {command.info.action: command for command in area.commands} for area in listed},
            subjects={subject.info.one: subject for subject in subjects},
            asides=[(area.name, aside) for area in listed for aside in area.asides],
            inverses={**INVERSES, **{kind: inverse for area in listed for kind, inverse in area.inverses.items()}},
            jobs={kind.info.name: kind for area in listed for kind in area.jobs},
            services={kind: factory for area in listed for kind, factory in area.services.items()},
            boards={area.name: area for area in listed if area.boards},
            reminders=[area.reminders for area in listed if area.reminders],
            upkeep=[area.upkeep for area in listed if area.upkeep],
            hears=[area.hears for area in listed if area.hears],
            upkeep_after=frozenset(kind for area in listed for kind in area.upkeep_after),
            errors=ErrorTexts.of(
                [*OF_ALL, *(reasons for area in listed for reasons in area.reasons)],
                [area.info for area in listed],
            ),
        )

    def find(self, area: str, action: str) -> Command | None:
        """Return a command by its exact names."""
        return self.commands.get(area, {}).get(action)

    def near(self, area: str, action: str) -> Sequence[str]:
        """Return up to three commands (`area action`) that may have been meant."""
        if area in self.commands and action:
            found = near_misses(action, self.commands[area], least=_NEAR, most=3, partly=True)
            return [f"{area} {name}" for name in found]
        names = [info.name for info in self.catalogue.commands]
        return near_misses(f"{area} {action}".strip(), names, least=_NEAR, most=3)


def _refuse_repeated(names: Iterable[str]) -> None:
    given = list(names)
    if repeated := {name for name in given if given.count(name) > 1}:
        raise DuplicateDeclarationError(f"declared twice: {', '.join(sorted(repeated))}")
