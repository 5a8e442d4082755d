"""`quartermaster copy`, `backup` and `restore`, and commands run on what they made."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, Ended
from tests.support.command_line_here import CommandLineHere
from tests.support.databases import fresh_database
from tests.support.many_tasks import add_tasks
from tests.support.storage import url_of
from tests.support.typed import typed
from tests.support.web import Shop

ROWS = 50
MANY, PART = 5_000, 1_000
KILLED_IN_THE_MIDDLE = f"""
import os, signal
from bot.cli import keeping
from bot.cli.main import main
from core.ports.keeping import StepKind

class Teller(keeping._Teller):
    def __call__(self, step):
        if step.kind is StepKind.PART and step.rows > {PART}:
            os.kill(os.getpid(), signal.SIGKILL)

keeping._Teller = Teller
main()
"""
"""The program, killed once it has said that a part of a table is copied."""


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    (tmp_path / "here").mkdir()
    return CommandLine(tmp_path / "here")


@pytest.fixture
def here(shell: CommandLine) -> CommandLineHere:
    """The same commands within this process."""
    return CommandLineHere(shell.folder)


def _beside(here: CommandLineHere, name: str, **settings: str) -> CommandLineHere:
    (here.folder.parent / name).mkdir(exist_ok=True)
    return CommandLineHere(here.folder.parent / name, settings)


def _plain(ended: Ended) -> None:
    for told in (ended.out, ended.err):
        assert "Traceback" not in told
        assert "secret-word" not in told


async def test_a_backup_made_while_it_serves_is_one_state_that_can_be_used(
    here: CommandLineHere, tmp_path: Path
) -> None:
    (here.folder / "tasks.csv").write_text("".join(f"Task {number},2030-05-01,High\n" for number in range(ROWS)))
    assert (await here.exec("--file", "tasks.csv", "/task import mode:good")).document["ok"]
    archive = tmp_path / "backup.tar"
    data = here.folder / "data"
    shop = Shop(data, url=url_of(data / "quartermaster.db"))
    await shop.start()
    saving = asyncio.ensure_future(here.run("backup", str(archive)))
    meanwhile = 0
    while not saving.done():
        assert (await shop.served.product.application.handle(typed("/task add Meanwhile"))).ok
        meanwhile += 1
    saved = await saving
    await shop.stop()
    _plain(saved)
    assert (saved.code, saved.err) == (0, "")
    assert "secret key" in saved.out
    async with fresh_database("postgresql", tmp_path, empty=True) as url:
        there = _beside(here, "there", QM_DATABASE_URL=url)
        restored = await there.run("restore", str(archive))
        _plain(restored)
        assert restored.code == 0, restored.err
        assert "Nothing is held back" in restored.out
        added = await there.exec("/task add After the restore")
        number = added.document["fields"]["number"]
        # Whatever was added meanwhile is there wholly or not at all: no number is missing, none comes twice.
        assert ROWS + 1 <= number <= ROWS + 1 + meanwhile
        shown = await there.exec(f"/task show {number - 1}")
        assert shown.document["ok"]
        assert not (await there.exec(f"/task show {number + 1}")).document["ok"]
        # The imported file came along.
        found = [path for path in (there.folder / "data" / "files" / "files").rglob("*") if path.is_file()]
        assert (here.folder / "tasks.csv").read_bytes() in [path.read_bytes() for path in found]

        back = await there.run("backup", "back.tar")
        assert back.code == 0, back.err
        last = _beside(here, "last")
        assert (await last.run("restore", str(there.folder / "back.tar"))).code == 0
        listed = await there.exec("/task list status:all")
        assert (await last.exec("/task list status:all")).document["tables"] == listed.document["tables"]
        assert (await last.exec("/task add One more")).document["fields"]["number"] == number + 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_copy_that_is_killed_goes_on(
    shell: CommandLine, here: CommandLineHere, tmp_path: Path, kind: str
) -> None:
    assert (await here.exec("/task add The first")).document["ok"]
    await add_tasks(url_of(here.folder / "data" / "quartermaster.db"), MANY)
    (tmp_path / "target").mkdir()
    async with fresh_database(kind, tmp_path / "target", empty=True) as url:
        program = [sys.executable, "-c", KILLED_IN_THE_MIDDLE, "copy", "--to", url]
        process = await asyncio.create_subprocess_exec(*program, cwd=shell.folder, env=shell.environment)
        assert await process.wait() == -signal.SIGKILL

        there = _beside(here, "there", QM_DATABASE_URL=url)
        early = await there.run("exec", "/task list")
        _plain(early)
        assert early.code == 1
        assert "has not come to its end" in early.err

        again = await here.run("copy", "--to", url)
        _plain(again)
        assert again.code == 0, again.err
        assert "An earlier run has copied" in again.out
        assert f"tasks: {MANY + 1:,} rows" in again.out
        assert (await there.exec(f"/task show {MANY + 1}")).document["ok"]
        assert (await there.exec("/task add Behind all")).document["fields"]["number"] == MANY + 2


async def test_what_can_not_be_done_is_one_plain_line(here: CommandLineHere, tmp_path: Path) -> None:
    nowhere = "postgresql://ann:secret-word@127.0.0.1:1/shop"
    (tmp_path / "noise.tar").write_bytes(os.urandom(2000))
    for words, said in (
        (["backup"], "QM_DATABASE_URL: there is no data"),
        (["copy", "--to", "sqlite:///x.db"], "--from: there is no data"),
        (["restore", "missing.tar"], "missing.tar: No such file"),
        (["restore", str(tmp_path / "noise.tar")], "not a backup"),
        (["held"], "no tables yet"),
    ):
        ended = await here.run(*words)
        _plain(ended)
        assert ended.code == 1
        assert said in ended.err
        assert len(ended.err.splitlines()) == 1, ended.err
    assert not [path for path in here.folder.rglob("*") if path.suffix in {".db", ".tar"}]
    await here.exec("/task add Buy milk")
    for words, said in (
        (["copy", "--to", nowhere], "--to: The database server can't be reached"),
        (["copy", "--from", nowhere, "--to", "sqlite:///x.db"], "--from: The database server can't be reached"),
        (["copy", "--to", "oracle://ann:secret-word@host/x"], "--to: this is not an address of a database"),
        (["copy", "--to", "foo"], "for example sqlite+aiosqlite:///data/quartermaster.db"),
        (["copy", "--from", "postgresql://ann:secret-word@host", "--to", "foo"], "--from: the database's name is"),
        (["copy", "--to", "sqlite:///data/quartermaster.db"], "same database"),
        (["backup", "nowhere/backup.tar"], "nowhere: No such file"),
        (["backup", "data/quartermaster.db"], "a file of that name"),
    ):
        ended = await here.run(*words)
        _plain(ended)
        assert ended.code == 1
        assert said in ended.err
        assert len(ended.err.splitlines()) == 1, ended.err
