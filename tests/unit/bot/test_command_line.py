"""The small parts of the command line: words of the shell, sentences for what stops it, the doctor's report."""

import errno
import io
import os
from typing import ClassVar

import pytest
from typer.main import get_command

from bot.cli.commands import app
from bot.cli.doctor import Report
from bot.cli.exec_command import Answered, unreadable
from bot.cli.typed_line import Line, joined, read_exec
from bot.settings.model import SettingsError
from bot.texts import cli as words
from core.chat.reply import FileLink, Reply
from core.chat.text import plain
from core.ports.diagnosis import Finding, State
from core.ports.storage import StorageUnavailableError
from core.shared.errors import QuartermasterError


class NewerError(QuartermasterError):
    code: ClassVar[str] = "schema_newer"


class OddError(QuartermasterError):
    code: ClassVar[str] = "odd"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (["/task add Buy milk"], "/task add Buy milk"),
        (["/task", "add", "milk"], "/task add milk"),
        (["/task", "add", "Buy milk"], '/task add "Buy milk"'),
        (["/task", "add", "milk", "due:tomorrow 9am"], '/task add milk due:"tomorrow 9am"'),
        (["/task", "add", "at 9:00 sharp"], '/task add "at 9:00 sharp"'),
    ],
)
def test_words_of_the_shell_become_the_line_that_was_meant(typed: list[str], line: str) -> None:
    assert joined(typed) == line


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        (Line(b"/task add Caf\xe9".decode(errors="surrogateescape")), True),
        (Line("/task list", channel=b"caf\xe9".decode(errors="surrogateescape")), True),
        (Line("/task add Café \N{HOT BEVERAGE}\N{GRINNING FACE}"), False),
    ],
)
def test_bytes_that_are_no_letters_are_refused_rather_than_left_out(line: Line, *, is_refused: bool) -> None:
    problem = unreadable(line)
    assert (problem is not None) is is_refused
    assert problem is None or "not UTF-8" in problem.message


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SettingsError(("QM_PORT: no.", "QM_HOST: no.")), "QM_PORT: no.\nQM_HOST: no."),
        (StorageUnavailableError("disk_full"), "The disk of the database is full. Make room, then try again."),
        (StorageUnavailableError("anything else"), "The database does not answer. Type: quartermaster doctor"),
        (OddError("the inside"), None),
    ],
)
def test_what_stops_the_program_is_said_in_plain_words(error: QuartermasterError, said: str | None) -> None:
    assert words.failure(error) == said


def test_a_newer_database_is_explained() -> None:
    assert "newer" in str(words.failure(NewerError()))


def test_what_the_system_refused_is_named() -> None:
    error = OSError(errno.EACCES, os.strerror(errno.EACCES), "/data")
    assert words.system_failure(error) == "/data: Permission denied."
    assert words.system_failure(OSError()) == "that did not work."


def test_the_banner_says_where_and_how_to_get_in() -> None:
    alone = words.banner("127.0.0.1:8080", "http://127.0.0.1:8080/login?token=x", "127.0.0.1:8080", [])
    assert "login?token=x" in alone
    assert "Slack" not in alone
    apart = words.banner("0.0.0.0:8080", "", "0.0.0.0:8081", ["Socket Mode", "HTTP"])
    assert "console is off" in apart
    assert "0.0.0.0:8081" in apart
    assert "Socket Mode and HTTP" in apart


def test_the_report_aligns_findings_and_counts_what_is_bad() -> None:
    report = Report(
        [
            Finding("settings", State.GOOD, "They can be used."),
            Finding("data folder", State.WORTH_A_LOOK, "It is open.", "Type: chmod 700 data"),
            Finding("database", State.BAD, "It is damaged.", "Go back to a copy."),
        ]
    )
    assert not report.is_healthy
    assert report.text == (
        "ok    settings     They can be used.\n"
        "note  data folder  It is open.\n"
        "                   → Type: chmod 700 data\n"
        "BAD   database     It is damaged.\n"
        "                   → Go back to a copy.\n"
        "\n"
        "1 of these will keep it from working."
    )
    assert Report(report.findings[:2]).is_healthy


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colours_unless_they_are_unwanted() -> None:
    answered = Answered(Reply(title="Tasks", files=(FileLink("F1", "a.csv", "text/csv", 1),)))
    assert "\x1b[1mTasks" in answered.text(Terminal(), plain=False)
    assert "\x1b" not in answered.text(Terminal(), plain=True)
    assert "\x1b" not in answered.text(io.StringIO(), plain=False)


@pytest.mark.parametrize(
    "words",
    [
        ["/task list"],
        ["--json", "/task", "add", "Buy milk"],
        ["--as", "bob", "/task add", "--channel=shop", "--workspace", "two"],
        ["--as", "bob", "--as=eve", "-", "/task list"],
        ["--file", "a.csv", "/task import", "--file=b c.csv", "--save", "."],
        ["--json", "--", "--as", "bob"],
        ["--as", "--json", "/task list"],
        ["--as", "bob", "--new", "/task list"],
        ["/task list", "--limit", "25"],
        ["--no-wait", "/job run wait 2"],
        ["--wait", "/job run wait 2"],
    ],
)
def test_a_line_is_read_as_the_whole_command_line_reads_it(words: list[str]) -> None:
    command = get_command(app).commands["exec"]  # type: ignore[attr-defined]
    found = command.make_context("exec", list(words)).params
    assert read_exec(["exec", *words]) == Line(
        joined(found["command"]),
        found["user"],
        found["channel"],
        found["workspace"],
        tuple(found["file"] or ()),
        found["save"],
        found["as_json"],
        found["new"],
        found["limit"],
        found["wait"],
    )


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["serve"],
        ["exec"],
        ["exec", "--help"],
        ["exec", "-h", "/task list"],
        ["exec", "--js", "/task list"],
        ["exec", "/task list", "--as"],
        ["exec", "--json=yes", "/task list"],
        ["exec", "/task list", "--limit=0"],
        ["exec", "/task list", "--limit", "all"],
        ["--json", "exec", "/task list"],
    ],
)
def test_what_needs_explaining_is_left_to_the_whole_command_line(words: list[str]) -> None:
    assert read_exec(words) is None


def test_the_note_of_the_example_names_what_there_is_of_each_area() -> None:
    note = plain(words.demo_noted({"tasks": {12, 3}, "stock items": [7]}).text)
    assert note.startswith("Its tasks are #3, #12. Its stock items are #7. ")
    assert words.demo_numbers(note) == {"tasks": [3, 12], "stock items": [7]}
    assert words.demo_numbers(plain(words.demo_noted({}).text)) == {}
