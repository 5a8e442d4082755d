"""The command line on a server, or a file: what it does by itself, and a plain line for whatever is wrong."""

import asyncio
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.command_line import CommandLine, Ended
from tests.support.command_line_here import CommandLineHere
from tests.support.postgres_outages import OwnPostgres, own_postgres

PASSWORD = "hush-hush"
ADD = ("exec", "/task add Buy milk")
LIST = ("exec", "/task list")


@pytest.fixture
def settings() -> dict[str, str]:
    return {"QM_PORT": "0"}


@pytest.fixture
def shell(tmp_path: Path, settings: dict[str, str]) -> CommandLine:
    """The program as a process of its own."""
    return CommandLine(tmp_path, settings)


@pytest.fixture
def here(tmp_path: Path, settings: dict[str, str]) -> CommandLineHere:
    """The program's commands in this process, with the same settings."""
    return CommandLineHere(tmp_path, settings)


@asynccontextmanager
async def _database(settings: dict[str, str], *, empty: bool = False) -> AsyncIterator[str]:
    """Have the program use a fresh database."""
    settings["QM_DATABASE_URL"] = url = await postgres.fresh_database(empty=empty)
    try:
        yield url.split("@/")[1].partition("?")[0]
    finally:
        await postgres.drop_database(url)


@pytest.fixture
async def migrated(settings: dict[str, str]) -> AsyncIterator[str]:
    async with _database(settings) as name:
        yield name


@pytest.fixture
async def empty(settings: dict[str, str]) -> AsyncIterator[str]:
    async with _database(settings, empty=True) as name:
        yield name


@pytest.fixture(scope="module")
def own() -> Iterator[OwnPostgres]:
    with own_postgres() as server:
        yield server


def _told(ended: Ended) -> str:
    """Return the one line of a refusal."""
    assert (ended.code, ended.out) == (1, "")
    (line,) = ended.err.splitlines()
    assert PASSWORD not in line
    return line


# ------------------------------------------------------------ what opens nothing


@contextmanager
def _listening() -> Iterator[tuple[str, socket.socket]]:
    """Listen where a database would, and answer nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        yield f"postgresql://ann:{PASSWORD}@127.0.0.1:{listener.getsockname()[1]}/qm", listener


def _nobody_came(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except BlockingIOError:
        return True
    return False


@pytest.mark.parametrize("words", [["--help"], ["serve", "--help"], ["manifest", "slack"], ["manifest", "discord"]])
async def test_who_only_asks_what_there_is_does_not_reach_the_database(here: CommandLineHere, words: list[str]) -> None:
    with _listening() as (url, listener):
        here.settings |= {"QM_DATABASE_URL": url, "DISCORD_BOT_TOKEN": "MTIz.x.y"}
        ended = await here.run(*words)
        assert ended.code == 0, ended.err
        assert _nobody_came(listener)
    assert PASSWORD not in ended.out + ended.err


def test_a_process_that_loads_its_modules_again_does_not_reach_the_database(shell: CommandLine) -> None:
    program = (
        "import sys;"
        "load = lambda: __import__('bot.cli.serve') and __import__('adapters.storage.engine.dialects.postgres');"
        "load(); from bot.settings.model import load_settings; load_settings();"
        "[sys.modules.pop(n) for n in list(sys.modules) if n.split('.')[0] in ('bot', 'adapters', 'core')];"
        "load(); from bot.settings.model import load_settings; load_settings()"
    )
    with _listening() as (url, listener):
        shell.settings["QM_DATABASE_URL"] = url
        subprocess.run([sys.executable, "-c", program], env=shell.environment, cwd=shell.folder, check=True)
        assert _nobody_came(listener)


# ------------------------------------------------------------ the schema


async def test_tables_on_a_server_are_only_made_by_migrate(
    shell: CommandLine, here: CommandLineHere, empty: str
) -> None:
    told = [_told(await shell.run("serve")), *[_told(await here.run(*words)) for words in (LIST, ["demo"])]]
    assert set(told) == {"The database has no tables yet. Type: quartermaster migrate"}
    found = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    assert await postgres.shared_server().say(found, database=empty) == 0


async def test_after_migrate_everything_works(here: CommandLineHere, empty: str) -> None:
    looked = await here.run("doctor")
    assert looked.code == 1
    assert "no tables yet" in looked.out
    migrated = await here.run("migrate")
    assert (migrated.code, migrated.out, migrated.err) == (0, "The database is up to date.\n", "")
    assert (await here.run(*ADD)).code == 0
    assert "Buy milk" in (await here.run(*LIST)).out
    assert (await here.run("migrate")).code == 0
    looked = await here.run("doctor")
    assert looked.code == 0, looked.out
    assert "PostgreSQL" in looked.out
    assert "schema is up to date" in looked.out


async def test_of_several_that_migrate_at_once_one_does(shell: CommandLine, empty: str) -> None:
    ended = await asyncio.gather(*(shell.run("migrate") for _ in range(3)))
    assert [(one.code, one.out, one.err) for one in ended] == [(0, "The database is up to date.\n", "")] * 3
    assert await postgres.shared_server().say("SELECT count(*) FROM alembic_version", database=empty) == 1


async def test_an_older_schema_is_told_with_the_way_out(
    shell: CommandLine, here: CommandLineHere, migrated: str
) -> None:
    await postgres.shared_server().say("UPDATE alembic_version SET version_num = '0001' RETURNING 1", database=migrated)
    told = [_told(await shell.run("serve")), *[_told(await here.run(*words)) for words in (LIST, ["demo"])]]
    (line,) = set(told)
    assert line.endswith("older Quartermaster. Make a copy, then type: quartermaster migrate")
    assert "schema is older" in (await here.run("doctor")).out


async def test_a_newer_schema_is_left_alone(here: CommandLineHere, migrated: str) -> None:
    await postgres.shared_server().say("UPDATE alembic_version SET version_num = '9999' RETURNING 1", database=migrated)
    (line,) = {_told(await here.run(*words)) for words in (LIST, ["demo"], ["migrate"])}
    assert "made by a newer Quartermaster" in line
    assert "newer Quartermaster" in (await here.run("doctor")).out


# ------------------------------------------------------------ what is wrong


async def _refused(here: CommandLineHere) -> set[str]:
    """Return the lines of everything that needs the database, and look at the doctor's too."""
    told = {_told(await here.run(*words)) for words in (LIST, ["migrate"])}
    as_json = await here.run("exec", "--json", "/task list")
    assert as_json.code == 1
    assert as_json.document["error"]["code"] == "storage_unavailable"
    looked = await here.run("doctor")
    assert looked.code == 1
    assert "BAD" in looked.out
    assert "Traceback" not in looked.out + looked.err + as_json.err
    assert PASSWORD not in looked.out + looked.err + as_json.out + as_json.err
    return told


async def test_a_wrong_password_is_told_without_it(here: CommandLineHere, own: OwnPostgres) -> None:
    await own.say("CREATE USER ann PASSWORD 'right'", "SELECT 1")
    await own.ask_for_passwords_of("ann")
    here.settings["QM_DATABASE_URL"] = own.url_as("ann", PASSWORD)
    assert await _refused(here) == {"The database server refuses the user or password of QM_DATABASE_URL."}
    here.settings["QM_DATABASE_URL"] = own.url_as("nobody", PASSWORD)
    assert "refuses the user or password" in _told(await here.run(*LIST))


async def test_a_database_that_is_not_there_is_told(here: CommandLineHere, own: OwnPostgres) -> None:
    here.settings["QM_DATABASE_URL"] = own.url_as("postgres", PASSWORD, "nowhere")
    (line,) = await _refused(here)
    assert line.startswith("The database server has no database of that name.")


async def test_a_server_that_can_not_be_reached_is_told(here: CommandLineHere) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        here.settings["QM_DATABASE_URL"] = f"postgresql://ann:{PASSWORD}@127.0.0.1:{port}/qm"
        (line,) = await _refused(here)
    assert line.startswith("The database server can't be reached.")


async def test_a_server_that_is_none_is_told(here: CommandLineHere) -> None:
    here.settings["QM_DATABASE_URL"] = f"postgresql://ann:{PASSWORD}@no-such-host.invalid/qm"
    assert "can't be reached" in _told(await here.run(*LIST))


async def test_a_driver_that_is_missing_is_told(here: CommandLineHere) -> None:
    address = f"mssql+aioodbc://sa:{PASSWORD}@127.0.0.1:1/qm?driver=A+driver+that+nobody+has"
    here.settings["QM_DATABASE_URL"] = address
    (line,) = await _refused(here)
    assert line.startswith("The database's driver is missing.")


async def test_a_database_that_takes_no_changes_is_told(here: CommandLineHere, own: OwnPostgres) -> None:
    await own.say("CREATE DATABASE frozen", "SELECT 1")
    here.settings["QM_DATABASE_URL"] = own.url_as("postgres", PASSWORD, "frozen")
    assert (await here.run("migrate")).code == 0
    assert (await here.run(*ADD)).code == 0
    await own.say("ALTER DATABASE frozen SET default_transaction_read_only = on", "SELECT 1")
    refused = await here.run(*ADD)
    assert refused.code == 1
    assert refused.out == ""
    assert refused.err.startswith("The database can't be written to.")
    assert len(refused.err.splitlines()) == 1
    assert "Traceback" not in refused.out + refused.err
    assert PASSWORD not in refused.out + refused.err
    assert "It takes no changes." in (await here.run("doctor")).out


async def test_a_user_without_rights_is_told(here: CommandLineHere, own: OwnPostgres) -> None:
    await own.say(f"CREATE USER bob PASSWORD '{PASSWORD}'", "CREATE DATABASE of_others", "SELECT 1")
    here.settings["QM_DATABASE_URL"] = own.url_as("bob", PASSWORD, "of_others")
    assert "may not do that" in _told(await here.run("migrate"))
    looked = await here.run("doctor")
    assert looked.code == 1
    assert "lacks rights" in looked.out
    here.settings["QM_DATABASE_URL"] = own.url_as("postgres", PASSWORD, "of_others")
    assert (await here.run("migrate")).code == 0
    here.settings["QM_DATABASE_URL"] = own.url_as("bob", PASSWORD, "of_others")
    assert "may not do that" in _told(await here.run(*LIST))
    assert (await here.run("doctor")).code == 1


async def test_a_server_with_no_connection_left_is_told(here: CommandLineHere, own: OwnPostgres) -> None:
    await own.say(f"CREATE USER few PASSWORD '{PASSWORD}' CONNECTION LIMIT 0", "SELECT 1")
    here.settings["QM_DATABASE_URL"] = own.url_as("few", PASSWORD)
    (line,) = await _refused(here)
    assert line.startswith("The database server has no connection left.")


async def test_letters_that_the_database_can_not_hold_are_foretold(here: CommandLineHere, own: OwnPostgres) -> None:
    await own.say("CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0", "SELECT 1")
    here.settings["QM_DATABASE_URL"] = own.url_as("postgres", PASSWORD, "narrow")
    looked = await here.run("doctor")
    assert looked.code == 1
    assert "encoding is LATIN1" in looked.out


# ------------------------------------------------------------ a file


def _spoil(file: Path) -> None:
    file.write_bytes(b"a shopping list " * 500)


def _make_newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_spoil, "The database is damaged, or is no database."),
        (_make_newer, "The database was made by a newer Quartermaster."),
        (_make_folder, "The database can't be opened."),
    ],
)
async def test_a_file_that_can_not_be_used_is_told(
    here: CommandLineHere, spoil: Callable[[Path], None], told: str
) -> None:
    file = here.folder / "data" / "quartermaster.db"
    assert (await here.run("migrate")).code == 0
    for beside in file.parent.glob("quartermaster.db-*"):
        beside.unlink()
    spoil(file)
    for words in (LIST, ["migrate"], ["demo"]):
        assert _told(await here.run(*words)).startswith(told)
    looked = await here.run("doctor")
    assert looked.code == 1
    assert "BAD" in looked.out


async def test_a_file_that_another_program_holds_is_told(
    here: CommandLineHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.storage.schema.file.LOCK_SECONDS", 0.01)
    assert (await here.run("migrate")).code == 0
    with closing(sqlite3.connect(here.folder / "data" / "quartermaster.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for words in (LIST, ["migrate"]):
            assert _told(await here.run(*words)).startswith("The database is locked by another program.")
        assert "Another program has locked it." in (await here.run("doctor")).out
    assert (await here.run(*LIST)).code == 0
