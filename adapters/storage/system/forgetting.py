"""A name taken out of all that was answered, in small steps so that nobody waits long for the write lock."""

from collections.abc import Sequence

from adapters.storage.engine.database import Once
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.statements import Statements
from adapters.storage.repositories.people import namelessness
from adapters.storage.repositories.people.namelessness import Kept, Key
from adapters.storage.work.scope import Scoped
from core.people.namelessness import Nameless


async def leave_no_name(once: Once, dialect: Dialect, workspace_id: int, member_id: int) -> None:
    """Look into all texts of a workspace; only those in which there is something are written, a page at a time."""

    def scoped(db: Statements) -> Scoped:
        return Scoped(db, workspace_id, dialect)

    async def step(kept: Kept, nameless: Nameless, after: Key | None) -> Key | None:
        rows = await once.read(lambda db: namelessness.page(scoped(db), kept, after))
        if found := namelessness.renamed(kept, nameless, rows):
            await once.write(lambda db: namelessness.put(scoped(db), kept, found), workspace_id)
        return tuple(rows[-1][:-1]) if rows else None

    def namelesses(db: Statements) -> Sequence[Nameless]:
        return namelessness.nameless_of(scoped(db), namelessness.accounts_of(scoped(db), member_id))

    for nameless in await once.read(namelesses):
        for kept in namelessness.KEPT:
            place = await step(kept, nameless, None)
            while place:
                place = await step(kept, nameless, place)
