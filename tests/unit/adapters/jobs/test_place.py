"""Where the state of jobs is kept."""

from pathlib import Path

import pytest

from adapters.jobs import JobsPlace, place_of

DATA = Path("/srv/quartermaster")
FILE = "sqlite+aiosqlite:////srv/quartermaster/quartermaster.db"
SQL_SERVER = "mssql+aioodbc://qm:secret@db.example/shop"
POSTGRES = "postgresql+asyncpg://qm:secret@db.example/shop"


@pytest.mark.parametrize("database", [FILE, SQL_SERVER])
def test_beside_all_but_a_postgres_it_is_a_file_of_one_process(database: str) -> None:
    place = place_of("", database, DATA)
    assert place == JobsPlace(DATA / "jobs.sqlite")
    assert not place.is_shared


@pytest.mark.parametrize(
    ("jobs", "database", "name"), [("", POSTGRES, "shop"), (f"{POSTGRES}_jobs", FILE, "shop_jobs")]
)
def test_several_processes_share_a_postgres_their_own_or_the_application_s(jobs: str, database: str, name: str) -> None:
    place = place_of(jobs, database, DATA)
    assert place.is_shared
    assert place.server is not None
    assert place.server.render_as_string(hide_password=False) == f"postgresql+psycopg://qm:secret@db.example/{name}"
    assert "secret" not in repr(place)


def test_options_are_told_in_the_words_of_its_driver() -> None:
    place = place_of("", "postgres:///shop?host=/run/postgresql&sslmode=require", DATA)
    assert place.server is not None
    assert dict(place.server.query) == {"host": "/run/postgresql", "sslmode": "require"}
