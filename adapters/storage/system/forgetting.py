"""All that was answered put in other words, in small steps so that nobody waits long for the write lock."""

from collections.abc import Sequence

from adapters.storage.engine.database import Once
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.statements import Statements
from adapters.storage.repositories.people.namelessness import accounts_of, nameless_of
from adapters.storage.work import kept_texts
from adapters.storage.work.kept_texts import Kept
from adapters.storage.work.scope import Key, Scoped
from core.chat.rewriting import Rewriting
from core.people.namelessness import Nameless


async def leave_no_name(once: Once, dialect: Dialect, workspace_id: int, member_id: int) -> None:
    """Take a name out of all texts of a workspace."""

    def namelesses(db: Statements) -> Sequence[Nameless]:
        scoped = Scoped(db, workspace_id, dialect)
        return nameless_of(scoped, accounts_of(scoped, member_id))

    for nameless in await once.read(namelesses):
        await rewrite(once, dialect, workspace_id, nameless)


async def rewrite(once: Once, dialect: Dialect, workspace_id: int, way: Rewriting) -> None:
    """Look into all texts of a workspace; only those in which there is something are written, a page at a time."""

    def scoped(db: Statements) -> Scoped:
        return Scoped(db, workspace_id, dialect)

    async def step(kept: Kept, after: Key | None) -> Key | None:
        rows = await once.read(lambda db: kept_texts.page(scoped(db), kept, after))
        if found := kept_texts.reworded(kept, way, rows):
            await once.write(lambda db: kept_texts.put(scoped(db), kept, found), workspace_id)
        return tuple(rows[-1][:-1]) if rows else None

    for kept in kept_texts.KEPT:
        place = await step(kept, None)
        while place:
            place = await step(kept, place)
