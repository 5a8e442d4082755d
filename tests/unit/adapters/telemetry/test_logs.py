"""The log's lines: their form, and what they leave out."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from adapters.telemetry import configure_logs
from core.ports.storage import StorageUnavailableError
from tests.support.logs import logs_put_back


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    with logs_put_back():
        yield


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_has_one_object_a_line_with_time_level_and_fields(stream: io.StringIO) -> None:
    configure_logs("json", stream=stream)
    structlog.contextvars.bind_contextvars(request="R1")
    structlog.get_logger("bot.x").info("command", command="task add", milliseconds=1.5)
    (entry,) = entries(stream)
    assert entry["event"] == "command"
    assert entry["level"] == "info"
    assert (entry["command"], entry["milliseconds"], entry["request"]) == ("task add", 1.5, "R1")
    assert entry["timestamp"].endswith("Z")


def test_text_is_one_line_even_with_hostile_values(stream: io.StringIO) -> None:
    configure_logs("text", stream=stream)
    structlog.get_logger().warning("odd", value="a\nINFO forged \x1b[31m", empty="")
    (line,) = stream.getvalue().splitlines()
    assert "warning" in line
    assert "\x1b" not in line
    assert 'empty=""' in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_database_that_is_away_is_one_line(stream: io.StringIO, form: str) -> None:
    configure_logs(form, stream=stream)
    try:
        raise StorageUnavailableError("cannot_connect") from OSError("postgresql://ann:hush@db/qm")
    except StorageUnavailableError:
        structlog.get_logger().exception("page_failed")
    (line,) = stream.getvalue().splitlines()
    assert "cannot_connect" in line
    assert "hush" not in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_shows_where_but_not_what_it_said(stream: io.StringIO, form: str) -> None:
    configure_logs(form, stream=stream)
    try:
        try:
            raise KeyError("secret of Ana")
        except KeyError as cause:
            raise ValueError("Buy milk for Ana") from cause
    except ValueError:
        structlog.get_logger().exception("command_failed", reference="R1")
    text = stream.getvalue()
    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_logs.py" in text
    assert "Ana" not in text
    assert "R1" in text


def test_what_the_system_said_of_a_file_is_kept_without_its_name(stream: io.StringIO) -> None:
    configure_logs("text", stream=stream)
    try:
        open("/nowhere/ana.txt")  # noqa: SIM115
    except OSError:
        structlog.get_logger().exception("failed")
    assert "No such file or directory" in stream.getvalue()
    assert "ana.txt" not in stream.getvalue()


def test_lines_of_libraries_pass_through_the_same_steps(stream: io.StringIO) -> None:
    configure_logs("json", stream=stream)
    logging.getLogger("some.library").warning("could not reach %s\nbody: Buy milk", "https://bob:hush@x.example")
    logging.getLogger("slack_sdk.web").info("Sending a request: Buy milk")
    (entry,) = entries(stream)
    assert entry["logger"] == "some.library"
    assert entry["event"] == "library"
    assert "hush" not in stream.getvalue()
    assert "milk" not in stream.getvalue()


def test_an_exception_group_names_what_is_within(stream: io.StringIO) -> None:
    configure_logs("json", stream=stream)
    try:
        raise ExceptionGroup("several", [ValueError("Ana"), OSError("Ben")])
    except ExceptionGroup as error:
        structlog.get_logger().error("failed", exc_info=error)
    (entry,) = entries(stream)
    assert entry["exception"][0]["within"] == ["ValueError", "OSError"]
    assert "Ana" not in stream.getvalue()


def test_configuring_twice_does_not_double_the_lines(stream: io.StringIO) -> None:
    configure_logs("json", stream=io.StringIO())
    configure_logs("json", stream=stream)
    structlog.get_logger().info("once")
    assert len(entries(stream)) == 1


def test_the_level_keeps_details_out(stream: io.StringIO) -> None:
    configure_logs("json", stream=stream, level=logging.WARNING)
    structlog.get_logger().info("detail")
    structlog.get_logger().warning("told")
    assert [entry["event"] for entry in entries(stream)] == ["told"]


def test_warnings_go_to_the_log(stream: io.StringIO) -> None:
    configure_logs("json", stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert entries(stream)[0]["logger"] == "py.warnings"


def test_a_log_that_can_not_be_written_disturbs_nothing() -> None:
    closed = io.StringIO()
    configure_logs("text", stream=closed)
    closed.close()
    structlog.get_logger().info("lost")


def test_the_same_trouble_is_told_once_a_second(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("adapters.telemetry.seldom.time.monotonic", lambda: now[0])
    configure_logs("json", stream=stream)
    said_by_asyncio, full = "socket.accept() out of system resource\nsocket: x", OSError(24, "x")
    for _ in range(300):
        logging.getLogger("asyncio").error(said_by_asyncio, exc_info=full)
        structlog.get_logger().warning("slack_request_refused", reason="unsigned")
    structlog.get_logger().warning("slack_request_refused", reason="signature")
    structlog.get_logger().info("command")
    structlog.get_logger().info("command")
    now[0] = 1.5
    logging.getLogger("asyncio").error(said_by_asyncio, exc_info=full)
    structlog.get_logger().warning("slack_request_refused", reason="unsigned")
    said = [(entry["event"], entry.get("reason"), entry.get("repeated")) for entry in entries(stream)]
    assert said == [
        ("library", None, None),
        ("slack_request_refused", "unsigned", None),
        ("slack_request_refused", "signature", None),
        ("command", None, None),
        ("command", None, None),
        ("library", None, None),
        ("slack_request_refused", "unsigned", 299),
    ]
    assert entries(stream)[-2]["message"] == "socket.accept() out of system resource (repeated 299 times)"
