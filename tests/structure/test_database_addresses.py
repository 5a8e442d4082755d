"""The settings check a database's address without knowing the drivers; whoever opens it has to be of the same mind."""

import pytest

from adapters.storage import DatabaseAddressError, Kind, read_address
from adapters.storage.engine.addresses import file_of
from bot.settings.database import database_url
from bot.settings.values import BadValueError

TAKEN = {
    "sqlite+aiosqlite:///data/quartermaster.db": Kind.SQLITE,
    "sqlite+aiosqlite:////srv/with space/ä.db": Kind.SQLITE,
    "postgres://bob:hush@db/qm": Kind.POSTGRES,
    "postgresql://db/qm": Kind.POSTGRES,
    "postgresql+asyncpg://bob:hush@db.example:5432/qm": Kind.POSTGRES,
    "POSTGRESQL://bob:hush@db/qm": Kind.POSTGRES,
    "postgresql://bob:hush@db/qm?sslmode=require": Kind.POSTGRES,
    "postgresql://bob:hush@db/qm?ssl=verify-full&target_session_attrs=primary": Kind.POSTGRES,
    "postgresql+asyncpg://bob@/qm?host=/run/postgresql": Kind.POSTGRES,
    "postgresql://bob:hush@[::1]:5432/qm": Kind.POSTGRES,
    "postgresql://bob:hu%40sh%2F@db/qm": Kind.POSTGRES,
    "postgresql://bob:hu/sh@db/qm": Kind.POSTGRES,
    "mssql://sa:hush@db/qm": Kind.MSSQL,
    "mssql+aioodbc://sa:hush@db:1433/qm?driver=FreeTDS&TDS_Version=7.4": Kind.MSSQL,
    "mssql+pyodbc://sa:hush@db/qm?driver=ODBC+Driver+18+for+SQL+Server&TrustServerCertificate=yes": Kind.MSSQL,
}
REFUSED = [
    "",
    "hush",
    "://",
    "sqlite+aiosqlite://",
    "sqlite+aiosqlite:///:memory:",
    "mysql://bob:hush@db/qm",
    "oracle+oracledb://bob:hush@db/qm",
    "postgresql+psycopg2://bob:hush@db/qm",
    "postgresql+psycopg://bob:hush@db/qm",
    "mssql+pymssql://bob:hush@db/qm",
    "postgresql://bob:hush@db",
    "postgresql://bob:hush@db/",
    "postgresql://bob:hush@db:many/qm",
    "postgresql://bob:hush@db:70000/qm",
    "postgresql://bob:hu@sh@db/qm",
    "postgresql://bob:hush@db/qm?sslmode=yes",
    "postgresql://bob:hush@db/qm?channel_binding=require",
    "postgresql://bob:hush@db/qm?password=hush",
    "mssql://sa:hush@db",
    "mssql://sa:hush@/qm",
    "mssql+aioodbc:///?odbc_connect=DRIVER%3Dx%3BPWD%3Dhush",
]


@pytest.mark.parametrize("url", TAKEN)
def test_what_the_settings_take_can_be_opened(url: str) -> None:
    assert read_address(database_url(url))[0] is TAKEN[url]


@pytest.mark.parametrize("url", REFUSED)
def test_what_could_not_be_opened_is_refused_by_the_settings_without_repeating_it(url: str) -> None:
    with pytest.raises(BadValueError) as caught:
        database_url(url)
    assert "hush" not in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(DatabaseAddressError) as refused:
        file_of(url) if url.startswith("sqlite") else read_address(url)
    assert "hush" not in str(refused.value)


def test_what_everybody_else_calls_sslmode_reaches_the_driver_by_its_own_name() -> None:
    _, address = read_address("postgres://bob:hush@db/qm?sslmode=require")
    assert dict(address.query) == {"ssl": "require"}
    assert address.drivername == "postgresql+asyncpg"


def test_sql_server_is_reached_by_microsoft_s_driver_unless_another_is_named() -> None:
    assert read_address("mssql://sa:hush@db/qm")[1].query["driver"] == "ODBC Driver 18 for SQL Server"
    assert read_address("mssql://sa:hush@db/qm?driver=FreeTDS")[1].query["driver"] == "FreeTDS"
