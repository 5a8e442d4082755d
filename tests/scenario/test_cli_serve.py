"""`quartermaster serve`, as a process of its own: started, looked at, stopped."""

import json
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


async def test_it_starts_is_ready_lets_its_owner_in_once_and_stops_cleanly(
    shell: CommandLine, here: CommandLineHere
) -> None:
    shell.settings |= {"QM_PORT": "0", "QM_PUBLIC_PORT": "0", "QM_LOG_FORMAT": "json", "QM_PROT": "9000"}
    async with shell.serving() as served:
        assert await get(f"{served.url}/healthz") == (200, {"status": "ok"})
        status, ready = await get(f"{served.url}/readyz")
        assert ready["parts"].pop("jobs") in {"off", "starting", "ready"}  # They come up behind the rest.
        assert (status, ready) == (200, {"status": "ready", "parts": {"database": "ok"}})
        status, figures = await get(f"{served.url}/metrics")
        assert status == 200
        assert "quartermaster_storage_connections" in figures
        assert "quartermaster_jobs_engine" in figures
        # Other machines see whether it is well, and nothing else.
        for page, expected in (("readyz", 200), ("", 404), ("metrics", 404)):
            assert (await get(f"{served.public_url}/{page}"))[0] == expected

        link = served.sign_in_url
        assert (await get(f"{served.url}/"))[0] == 401
        for expected in (200, 401):
            async with visitor() as session, session.get(link) as response:
                assert response.status == expected
        assert (await here.exec("/task add While it serves")).code == 0
        assert len((await here.exec("/task list")).cells) == 1

        assert await served.stop(signal.SIGTERM) == 0
        log = await served.end()
    assert all(isinstance(json.loads(line), dict) for line in log.splitlines())
    assert link.partition("token=")[2] not in log
    assert "Did you mean QM_PORT?" in log
    assert "Traceback" not in log
    assert "stopped" in log


async def test_off_this_machine_only_the_console_stays_off(shell: CommandLine) -> None:
    shell.settings["QM_HOST"] = "0.0.0.0"
    async with shell.serving() as served:
        assert any("console is off" in line for line in served.lines)
        url = served.url.replace("0.0.0.0", "127.0.0.1")
        assert (await get(f"{url}/readyz"))[0] == 200
        assert (await get(f"{url}/"))[0] == 403
        assert await served.stop(signal.SIGINT) == 0
        log = await served.end()
    assert "Traceback" not in log
    assert "stopped" in log


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
