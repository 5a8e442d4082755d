"""`quartermaster serve`, as a process of its own: started, looked at, stopped."""

import signal
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.command_line import CommandLine
from tests.support.command_line_here import CommandLineHere
from tests.support.web import Shop, visitor


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


async def get(url: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.json() if "json" in response.content_type else await response.text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_starts_is_ready_and_stops_cleanly(shell: CommandLine, number: signal.Signals) -> None:
    async with shell.serving() as served:
        assert await get(f"{served.url}/healthz") == (200, {"status": "ok"})
        assert await get(f"{served.url}/readyz") == (200, {"status": "ready", "parts": {"database": "ok"}})
        status, figures = await get(f"{served.url}/metrics")
        assert status == 200
        assert "quartermaster_storage_connections" in figures
        assert await served.stop(number) == 0
        log = await served.end()
    assert "Traceback" not in log
    assert "stopped" in log


async def test_the_link_signs_in_once(shell: CommandLine) -> None:
    async with shell.serving() as served, aiohttp.ClientSession() as session:
        assert (await get(f"{served.url}/"))[0] == 401
        async with session.get(served.sign_in_url) as response:
            assert response.status == 200
        assert (await get(served.sign_in_url))[0] == 401


async def test_commands_from_the_side_are_seen(shell: CommandLine, here: CommandLineHere) -> None:
    async with shell.serving():
        added = await here.exec("/task add While it serves")
        assert added.code == 0
        assert len((await here.exec("/task list")).cells) == 1


async def test_health_may_be_bound_apart_from_the_console(shell: CommandLine) -> None:
    shell.settings = {"QM_PUBLIC_PORT": "0", "QM_PORT": "0"}
    async with shell.serving() as served:
        assert (await get(f"{served.public_url}/readyz"))[0] == 200
        assert (await get(f"{served.public_url}/"))[0] == 404
        assert (await get(f"{served.public_url}/metrics"))[0] == 404


async def test_off_this_machine_only_the_console_stays_off(shell: CommandLine) -> None:
    shell.settings["QM_HOST"] = "0.0.0.0"
    async with shell.serving() as served:
        assert any("console is off" in line for line in served.lines)
        url = served.url.replace("0.0.0.0", "127.0.0.1")
        assert (await get(f"{url}/readyz"))[0] == 200
        assert (await get(f"{url}/"))[0] == 403


async def test_a_taken_port_is_one_sentence(shell: CommandLine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        shell.settings["QM_PORT"] = str(taken.getsockname()[1])
        ended = await shell.run("serve")
    assert ended.code == 1
    assert ended.out == ""
    assert "is in use" in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err


async def test_json_logs_are_one_object_a_line_without_the_link(shell: CommandLine) -> None:
    shell.settings["QM_LOG_FORMAT"] = "json"
    async with shell.serving() as served:
        link = served.sign_in_url
        await get(link)
        await served.stop()
        log = await served.end()
    assert link.partition("token=")[2] not in log
    assert all(line.startswith("{") and line.endswith("}") for line in log.splitlines())


async def test_settings_without_effect_are_told_in_the_log(shell: CommandLine) -> None:
    shell.settings["QM_PROT"] = "9000"
    async with shell.serving() as served:
        await served.stop()
        assert "Did you mean QM_PORT?" in await served.end()


async def test_a_link_of_the_command_line_signs_in_once_at_whoever_serves(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    await shop.start()
    try:
        shell = CommandLineHere(tmp_path, {"QM_DATA_DIR": str(tmp_path), "QM_PORT": shop.origin.rpartition(":")[2]})
        said = await shell.run("login")
        assert (said.code, said.err) == (0, "")
        link = said.out.split()[-1]
        for status in (200, 401):
            async with visitor() as session, session.get(link) as response:
                assert response.status == status
    finally:
        await shop.stop()
    unknown = await CommandLineHere(tmp_path, {"QM_PORT": "0"}).run("login")
    assert (unknown.code, unknown.out) == (1, "")
    assert "QM_PORT" in unknown.err
