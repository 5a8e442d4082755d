"""Databases as earlier versions left them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import adapters.storage.migrations as migrations
from tests.support.storage import url_of

AT = "2026-11-20 12:00:00.000000"
WORKSPACE = f"""
    INSERT INTO workspaces (id, name, zone, currency, locale, created_at)
        VALUES (1, 'old', 'UTC', 'EUR', 'en', '{AT}');
    INSERT INTO spaces (id, workspace_id, platform, external_id, name, created_at)
        VALUES (1, 1, 'web', 'console', 'console', '{AT}');
    INSERT INTO channels (id, workspace_id, space_id, external_id, name, kind, created_at)
        VALUES (1, 1, 1, 'general', 'general', 'public', '{AT}');
    INSERT INTO members (id, workspace_id, name, sort_key, role, zone, locale, active, provisional, created_at)
        VALUES (1, 1, 'Ann', 'ann', 50, '', '', 1, 0, '{AT}');
"""
"""A workspace with a channel and Ann, number 1 of each."""


def at_revision(file: Path, revision: str) -> None:
    """Make an empty database of a revision."""
    file.touch()
    engine, config = create_engine(url_of(file).replace("+aiosqlite", "")), Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
