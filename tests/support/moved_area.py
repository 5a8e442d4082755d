"""The example area as an area of the product: where each of its files goes by CONTRIBUTING.md, in a copy of everything.

It is called otherwise there, for the copy still has the example itself.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests/support/notes"

_CALLED = {"note": "memo", "Note": "Memo", "NOTE": "MEMO"}

_MOVED = {
    "model.py": "core/memos/model.py",
    "repository.py": "core/memos/repository.py",
    "service.py": "core/memos/service.py",
    "sheet.py": "core/memos/sheet.py",
    "storage.py": "adapters/storage/repositories/memos.py",
    "texts.py": "bot/texts/memos.py",
    "area.py": "bot/commands/memos/area.py",
    "transfer.py": "bot/commands/memos/transfer.py",
}
"""The example's modules, and where CONTRIBUTING.md says that those of an area are."""

_WRITTEN = {
    "core/memos/__init__.py": '"""Memos of a channel."""\n',
    "bot/commands/memos/__init__.py": '"""`/memo`."""\n\nfrom bot.commands.memos import transfer\n'
    'from bot.commands.memos.area import memo\n\n__all__ = ["memo", "transfer"]\n',
}

_MIGRATION = '''"""Memos.

Revision ID: {revision}
Revises: {former}
"""

from alembic import op

from adapters.storage.repositories.memos import memos

revision = "{revision}"
down_revision = "{former}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    memos.create(op.get_bind())
'''

_LINES = {
    "adapters/storage/work/placed.py": (
        (
            "REPOSITORIES: Repositories = {{",
            '{found}Kept("memos"): Placed("adapters.storage.repositories.memos", "Memos"), ',
        ),
    ),
    "adapters/storage/migrations/__init__.py": (('"{former}"', '{found}, "{revision}"'),),
    "bot/commands/__init__.py": (('    "user": ', '    "memo": "bot.commands.memos",\n{found}'),),
}
"""What is said in the lists, behind or before what stands there."""


_DECLARED = '''"""`/memo`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=tuple(f"/memo add Number {number}" for number in range(12)),
    file=b"title\\nFrom a file\\n",
    refused={"unboard": "the channel of the examples has no board"},
    any_text={"add": "whatever is typed is a title"},
    unchanging={"import": "its example only checks a file"},
    overridable={
        "list": "those of any channel",
        "show": "one that is named",
        "history": "what happened to one that is named",
        "export": "everything, where somebody left",
    },
)
'''


@dataclass(frozen=True, slots=True)
class Moved:
    """The files that an area of the product is made of: its own, and those where it has a line."""

    own: tuple[Path, ...]
    lists: tuple[Path, ...]

    @property
    def transfer(self) -> tuple[Path, ...]:
        """Return those that are there for import and export alone."""
        return tuple(path for path in self.own if path.name in ("sheet.py", "transfer.py"))


def move_in(product: Path) -> Moved:
    """Add the example to a copy of the product, and return what it took."""
    assert {path.name for path in EXAMPLE.glob("*.py")} - {"__init__.py"} == set(_MOVED), "say where it goes"
    texts = {where: _named((EXAMPLE / name).read_text(encoding="utf-8")) for name, where in _MOVED.items()}
    former, revision = _revisions(product)
    texts |= _WRITTEN | {
        f"adapters/storage/migrations/versions/{revision}_memos.py": _MIGRATION.format(revision=revision, former=former)
    }
    for where, text in texts.items():
        (product / where).parent.mkdir(parents=True, exist_ok=True)
        (product / where).write_text(text, encoding="utf-8")
    for where, additions in _LINES.items():
        _add(product / where, additions, former=former, revision=revision)
    return Moved(tuple(product / where for where in texts), tuple(product / where for where in _LINES))


def declare(product: Path) -> None:
    """Say in such a copy what the tests of all commands have to be told of the area."""
    (product / "tests/support/areas/memo.py").write_text(_DECLARED, encoding="utf-8")


def lists_copied(place: Path) -> Path:
    """Copy only the modules in which an area has a line."""
    for where in _LINES:
        (place / where).parent.mkdir(parents=True)
        shutil.copyfile(ROOT / where, place / where)
    return place


def copied(place: Path) -> Path:
    """Copy whatever the product and its tests consist of."""
    left_out = shutil.ignore_patterns(
        ".git", ".venv", ".*_cache", "__pycache__", "build", ".import_linter_cache", "*.db"
    )
    return Path(shutil.copytree(ROOT, place, ignore=left_out))


def _revisions(product: Path) -> tuple[str, str]:
    """Return the newest revision, and the next."""
    listed = (product / "adapters/storage/migrations/__init__.py").read_text(encoding="utf-8")
    former = max(re.findall(r'"(\d{4})"', listed))
    return former, f"{int(former) + 1:04}"


def _named(text: str) -> str:
    """Return a module of the example as one of the product's, under the other name."""
    for name, where in _MOVED.items():
        module = where.removesuffix(".py").replace("/", ".")
        text = text.replace(f"tests.support.notes.{name.removesuffix('.py')} ", f"{module} ")
    text = text.replace("from tests.support.notes import texts", "from bot.texts import memos as texts")
    text = text.replace("from sqlalchemy import Boolean, Column, MetaData, Row, Table", _SCHEMA)
    text = text.replace("    MetaData(),\n", "    metadata,\n")
    return re.sub("note|Note|NOTE", lambda found: _CALLED[found[0]], text)


_SCHEMA = "from sqlalchemy import Boolean, Column, Row, Table\n\nfrom adapters.storage.schema.tables import metadata"
"""Tables of the product are in its schema; those of the example join it for a test at a time."""


def _add(path: Path, additions: tuple[tuple[str, str], ...], **said: str) -> None:
    text = path.read_text(encoding="utf-8")
    for found, added in additions:
        marked = found.format(**said)
        assert text.count(marked) == 1, f"{path.name} has changed: {marked} is not there once"
        text = text.replace(marked, added.format(found=marked, **said))
    path.write_text(text, encoding="utf-8")
