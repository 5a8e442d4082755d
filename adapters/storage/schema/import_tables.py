"""The tables of imports: those under way or lately over, their rows still to be applied, and what each step did."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, UniqueConstraint

from adapters.storage.schema.column_types import Instant, Long, Words
from adapters.storage.schema.common_columns import of_workspace
from adapters.storage.schema.tables import DELIVERY, ID, metadata

imports = Table(
    "imports",
    metadata,
    of_workspace(),
    Column("id", Words(ID), nullable=False),
    # The delivery that began it.
    Column("delivery", Words(DELIVERY), nullable=False),
    Column("state", Words(16), nullable=False),
    Column("place", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("job", Long(), nullable=False),
    # Until when its undo, or nothing any more, needs it; empty while it is under way.
    Column("over_at", Instant),
    PrimaryKeyConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "delivery"),
    Index(None, "over_at"),
)

import_rows = Table(
    "import_rows",
    metadata,
    of_workspace(),
    Column("import_id", Words(ID), nullable=False),
    Column("place", Integer, nullable=False),
    Column("cells", Long(), nullable=False),
    PrimaryKeyConstraint("workspace_id", "import_id", "place"),
)

import_effects = Table(
    "import_effects",
    metadata,
    of_workspace(),
    Column("import_id", Words(ID), nullable=False),
    Column("place", Integer, nullable=False),
    Column("effect", Long(), nullable=False),
    PrimaryKeyConstraint("workspace_id", "import_id", "place"),
)
