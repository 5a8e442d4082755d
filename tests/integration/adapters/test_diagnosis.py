"""What the doctor looks at: folder, keys, database, addresses, Slack; each finding with what to do."""

import socket
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.diagnosis import (
    SlackAccess,
    examine_address,
    examine_database,
    examine_folder,
    examine_jobs,
    examine_keys,
    examine_slack,
    examine_stripe,
)
from adapters.http import Address, Health, HttpServer
from adapters.jobs import place_of
from adapters.payments.stripe import StripeOptions
from adapters.secrets import KEY_FILE, load_keys
from adapters.storage import migrate
from adapters.telemetry.checkup import PartsCheckup
from core.ports.diagnosis import State
from tests.support.slack import SlackPlatform
from tests.support.stripe import StripePlatform


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def state_of_database(path: Path) -> tuple[State, str]:
    found = [finding for finding in await examine_database(url_of(path)) if finding.part == "database"]
    return found[0].state, found[0].sentence


def test_a_folder_that_is_not_there_yet_is_fine_and_is_not_made(tmp_path: Path) -> None:
    assert examine_folder(tmp_path / "a" / "b").state is State.GOOD
    assert not (tmp_path / "a").exists()


def test_a_folder_open_to_others_is_worth_a_look(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    found = examine_folder(tmp_path)
    assert found.state is State.WORTH_A_LOOK
    assert "chmod 700" in found.fix
    tmp_path.chmod(0o700)
    assert examine_folder(tmp_path).state is State.GOOD


def test_a_file_in_the_way_is_bad(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert examine_folder(tmp_path / "file" / "data").state is State.BAD


def test_keys_are_looked_at_without_making_any(tmp_path: Path) -> None:
    assert examine_keys((), tmp_path).state is State.GOOD
    assert not list(tmp_path.iterdir())
    assert "2 keys" in examine_keys(("a" * 32, "b" * 32), tmp_path).sentence
    load_keys((), tmp_path)
    assert examine_keys((), tmp_path).state is State.GOOD
    (tmp_path / KEY_FILE).chmod(0o644)
    assert examine_keys((), tmp_path).fix.startswith("Type: chmod 600")
    (tmp_path / KEY_FILE).write_text("short")
    assert examine_keys((), tmp_path).state is State.BAD


async def test_a_database_that_is_not_there_is_fine_and_is_not_made(tmp_path: Path) -> None:
    assert (await state_of_database(tmp_path / "qm.db"))[0] is State.GOOD
    assert not list(tmp_path.iterdir())


async def test_a_database_up_to_date_or_of_another_version(tmp_path: Path) -> None:
    path = tmp_path / "qm.db"
    await migrate(url_of(path))
    assert await state_of_database(path) == (State.GOOD, "It answers, and its schema is up to date.")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
    connection.close()
    assert await state_of_database(path) == (State.BAD, "It was made by a newer Quartermaster.")


async def test_what_is_no_database_is_bad(tmp_path: Path) -> None:
    (tmp_path / "qm.db").write_bytes(b"this is a shopping list, not a database" * 100)
    assert (await state_of_database(tmp_path / "qm.db"))[0] is State.BAD


async def test_the_library_is_new_enough() -> None:
    (library,) = [
        finding for finding in await examine_database("sqlite+aiosqlite:////nowhere/x") if finding.part == "SQLite"
    ]
    assert library.state is State.GOOD


async def test_a_free_address_is_fine() -> None:
    assert (await examine_address(Address("127.0.0.1", 0))).state is State.GOOD


async def test_an_address_that_another_program_uses_is_bad() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = await examine_address(Address("127.0.0.1", taken.getsockname()[1], "QM_PUBLIC_PORT"))
    assert found.state is State.BAD
    assert "QM_PUBLIC_PORT" in found.fix


async def test_an_address_where_quartermaster_answers_is_fine() -> None:
    server = HttpServer(
        main=Address("127.0.0.1", 0),
        public=None,
        console=[],
        gateways=[],
        health=Health(PartsCheckup({})),
        metrics=lambda: (b"", "text/plain"),
        sees_metrics=lambda _request: True,
    )
    await server.start()
    try:
        found = await examine_address(server.main)
    finally:
        await server.stop()
    assert (found.state, found.sentence) == (State.GOOD, "Quartermaster answers there already.")


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
async def test_an_address_of_another_machine_is_bad(host: str) -> None:
    found = await examine_address(Address(host, 0))
    assert found.state is State.BAD
    assert "QM_HOST" in found.fix


@pytest.fixture
async def slack() -> AsyncIterator[SlackPlatform]:
    async with SlackPlatform() as platform:
        yield platform


def access(slack: SlackPlatform, *, scopes: set[str], token: str = "", app_token: str = "") -> SlackAccess:
    return SlackAccess(scopes, token or slack.bot_token, app_token or slack.app.app_token, slack.api_url)


async def test_good_tokens_with_every_scope(slack: SlackPlatform) -> None:
    bot, app = await examine_slack(access(slack, scopes=set(slack.installation.scopes)))
    assert (bot.state, app.state) == (State.GOOD, State.GOOD)
    assert "Acme" in bot.sentence


async def test_a_missing_scope_is_named_with_what_to_do(slack: SlackPlatform) -> None:
    bot, _ = await examine_slack(access(slack, scopes={*slack.installation.scopes, "made:up"}))
    assert bot.state is State.BAD
    assert "lacks: made:up." in bot.sentence
    assert "reinstall" in bot.fix


async def test_refused_tokens_are_explained_without_showing_them(slack: SlackPlatform) -> None:
    found = await examine_slack(access(slack, scopes=set(), token="xoxb-hush", app_token="xapp-hush"))
    assert [finding.state for finding in found] == [State.BAD, State.BAD]
    assert "hush" not in str(found)
    slack.installation.is_revoked = True
    (revoked, _) = await examine_slack(access(slack, scopes=set()))
    assert revoked.state is State.BAD


async def test_a_slack_out_of_reach_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/api/"
        (found,) = await examine_slack(SlackAccess((), bot_token="xoxb-1", api_url=url))
    assert (found.state, found.sentence) == (State.BAD, "Slack can't be reached.")


async def test_without_tokens_slack_is_not_asked() -> None:
    assert await examine_slack(SlackAccess(())) == []


async def test_stripe_s_key_is_tried() -> None:
    async with StripePlatform() as stripe:
        good = await examine_stripe(StripeOptions(stripe.api_key, stripe.url, retries=0))
        bad = await examine_stripe(StripeOptions("sk_live_hush", stripe.url, retries=0))
    gone = await examine_stripe(StripeOptions(stripe.api_key, stripe.url, retries=0))
    assert (good.state, "no money is moved" in good.sentence) == (State.GOOD, True)
    assert (bad.state, "does not accept it" in bad.sentence, "hush" in f"{bad}") == (State.BAD, True, False)
    assert (gone.state, gone.sentence) == (State.BAD, "Stripe can't be reached.")


SHOP, JOBS = "postgresql+asyncpg://qm:hush@127.0.0.1:9/shop", "postgresql+asyncpg://qm:hush@127.0.0.1:9/jobs"


@pytest.mark.parametrize(
    ("database", "jobs", "state"),
    [
        ("", "", State.GOOD),
        (SHOP, "", State.GOOD),
        ("mssql+aioodbc://qm:hush@db/shop", "", State.WORTH_A_LOOK),
        ("", JOBS, State.BAD),
    ],
)
async def test_the_place_of_jobs_is_looked_at(tmp_path: Path, database: str, jobs: str, state: State) -> None:
    found = await examine_jobs(place_of(jobs, database, tmp_path), jobs, is_server=bool(database))
    assert found.state is state
    assert "hush" not in f"{found}"
    assert bool(found.fix) is (state is not State.GOOD)
    assert not list(tmp_path.iterdir())


async def test_a_new_python_with_an_old_sqlite_can_not_run_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.version_info", (3, 12, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 41, 9))
    found = await examine_jobs(place_of("", "", tmp_path), "", is_server=False)
    assert (found.state, "3.42.0" in found.sentence) == (State.BAD, True)
