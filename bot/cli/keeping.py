"""`quartermaster copy`, `backup`, `restore` and `held`: what they say while they work, and how they end."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

from bot.settings.database import database_url
from bot.settings.model import Settings
from bot.settings.values import SQLITE, BadValueError
from bot.texts import keeping as words
from bot.wiring import keeping
from core.ports.keeping import Step, StepKind
from core.shared.clock import Clock, SystemClock
from core.shared.errors import QuartermasterError

Say = Callable[[str], None]

PART = 20_000
"""Rows of a table after which it is told how far it is."""

SHOWN = 10
"""Held things of each kind that are shown."""

_SQLITE = re.compile(r"^sqlite(?:\+pysqlite)?:///")
_COPY_SIDES = {"from": "--from", "to": "--to"}
_BACKUP_SIDES = {"from": "QM_DATABASE_URL", "to": "The copy within the backup"}
_RESTORE_SIDES = {"from": "The backup's database", "to": "QM_DATABASE_URL"}


class KeepingError(QuartermasterError):
    """It did not work; the text is a plain sentence for whoever typed it."""

    code: ClassVar[str] = "keeping"


HeldAction = Literal["show", "release", "drop"]
"""What is to become of what is held back."""


@dataclass(slots=True)
class _Teller:
    """Says what happens, large tables in parts; tables with nothing in them are not worth a line."""

    say: Say
    _parts: int = field(default=0)

    def __call__(self, step: Step) -> None:
        """Say a step, if it is worth it."""
        if step.kind is StepKind.TABLE:
            self._parts = 0
        if step.kind is StepKind.PART:
            if step.rows // PART == self._parts or step.rows == step.total:
                return
            self._parts = step.rows // PART
        if step.rows or step.kind is not StepKind.TABLE:
            self.say(words.told(step))


@contextmanager
def _in_plain_words(sides: Mapping[str, str]) -> Iterator[None]:
    try:
        yield
    except QuartermasterError as error:
        said = words.refused(error, sides)
        if said is None:
            raise
        raise KeepingError(said) from error


async def copy(settings: Settings, source: str, target: str, say: Say, *, replace: bool = False) -> None:
    """Copy a database (by default that of the settings) into another; raises `KeepingError`."""
    _check_address(source or settings.storage.database_url, _COPY_SIDES["from"])
    _check_address(target, _COPY_SIDES["to"])
    with _in_plain_words(_COPY_SIDES):
        say(words.COPYING)
        copied = await keeping.copy_database(settings, source, target, replace=replace, tell=_Teller(say))
    say(words.copied(len(copied.tables), copied.rows))
    say(words.COPIED_NEXT)


def _check_address(address: str, side: str) -> None:
    """Refuse what is no address of a database, with what is wrong; SQLite may be named without its driver."""
    try:
        database_url(_SQLITE.sub(SQLITE, address))
    except BadValueError as error:
        raise KeepingError(f"{side}: {error}") from error


async def back_up(settings: Settings, target: Path | None, say: Say, clock: Clock | None = None) -> Path:
    """Make a backup and return where it is; raises `KeepingError`."""
    clock = clock or SystemClock()
    path = target or Path(f"quartermaster-{clock.now():%Y-%m-%dT%H%M%SZ}.tar")
    with _in_plain_words(_BACKUP_SIDES):
        say(words.BACKING_UP)
        made = await keeping.back_up(settings, path, clock, _Teller(say))
    rows = sum(count for count, _ in made.manifest.tables.values())
    say(words.backed_up(path, made.size, rows, made.manifest.files, made.manifest.missing))
    return path


async def restore(
    settings: Settings, archive: Path, say: Say, clock: Clock | None = None, *, replace: bool = False
) -> None:
    """Bring back a backup; raises `KeepingError`."""
    with _in_plain_words(_RESTORE_SIDES):
        say(words.EXAMINING)
        now = (clock or SystemClock()).now()
        back = await keeping.restore(settings, archive, now, _Teller(say), replace=replace)
    say(words.restored(back.manifest.made_at, back.copied.rows, back.manifest.files, back.manifest.missing))
    say(words.held(back.held))


async def held(settings: Settings, action: HeldAction, say: Say, clock: Clock | None = None) -> None:
    """Say what is held back since a restore, or what becomes of it; raises `KeepingError`."""
    now = (clock or SystemClock()).now()
    with _in_plain_words(_RESTORE_SIDES):
        async with keeping.held_back(settings) as back:
            amount = await back.count()
            if amount.total and action == "release":
                say(words.released(await back.release(now)))
            elif amount.total and action == "drop":
                say(words.dropped(await back.drop(now)))
            else:
                say(words.held(amount))
                items = await back.first(SHOWN)
                for item in items:
                    say(words.held_item(item))
                if amount.total > len(items):
                    say(words.held_more(amount.total - len(items)))
