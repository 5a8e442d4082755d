"""Runs migrations on the connection, and in the transaction, that `schema` hands over."""

from alembic import context

from adapters.storage.schema.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by building another one.
    render_as_batch=True,
)
context.run_migrations()
