"""The installed product answers: one command, then the server's health."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.patience import patience, until

QUARTERMASTER = Path(sys.executable).with_name("quartermaster")
SETTINGS = ("QM_", "SLACK_", "DISCORD_", "STRIPE_", "SMTP_", "MAIL_")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of someone who has set nothing but the data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return kept | {"QM_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def port() -> int:
    """A port that nothing else uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path, environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`quartermaster serve`, on that port."""
    with (tmp_path / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [QUARTERMASTER, "serve"],
            cwd=tmp_path,
            env=environment | {"QM_PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def execute(command: str, environment: dict[str, str], folder: Path) -> tuple[int, dict[str, Any]]:
    """One command's exit code and its answer."""
    done = subprocess.run(
        [QUARTERMASTER, "exec", "--json", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience(30),
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


async def health(server: subprocess.Popen[bytes], port: int, log: Path) -> int:
    """The status that /healthz answers with, once there is an answer."""

    def look() -> int:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=patience(5)) as answer:
                return int(answer.status)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0

    return await until(look, 30, "an answer")


def test_a_task_added_on_the_command_line_is_listed(tmp_path: Path, environment: dict[str, str]) -> None:
    code, added = execute("/task add Buy milk due:tomorrow", environment, tmp_path)
    assert (code, added["ok"]) == (0, True), added
    code, listed = execute("/task list", environment, tmp_path)
    assert (code, listed["ok"]) == (0, True), listed
    assert "Buy milk" in json.dumps(listed)


def test_a_wrong_command_says_so_and_exits_with_1(tmp_path: Path, environment: dict[str, str]) -> None:
    code, answer = execute("/task shwo 1", environment, tmp_path)
    assert (code, answer["ok"]) == (1, False)
    assert answer["error"]["message"]


async def test_the_server_answers_and_stops_when_asked(
    server: subprocess.Popen[bytes], port: int, tmp_path: Path
) -> None:
    log = tmp_path / "serve.log"
    assert await health(server, port, log) == 200
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=patience(30)) == 0, log.read_text(encoding="utf-8")
