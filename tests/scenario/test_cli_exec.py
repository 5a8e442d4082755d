"""`quartermaster exec`: what scripts rely on; as a process of its own where that is the question."""

import asyncio
import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.command_line import PROGRAM, CommandLine
from tests.support.command_line_here import CommandLineHere


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


async def test_a_task_is_added_listed_done_and_reopened_by_undo(here: CommandLineHere) -> None:
    added = await here.exec("/task add Buy milk due:2030-05-01 assign:@me priority:high")
    assert added.code == 0
    assert added.err == ""
    assert added.document["ok"] is True
    assert added.document["fields"]["number"] == 1
    assert added.document["fields"]["due"] == "2030-05-01"

    (listed,) = (await here.exec("/task list")).cells
    assert (listed["number"], listed["title"], listed["priority"]) == (1, "Buy milk", "high")
    assert listed["assignees"] == "Owner"

    done = await here.exec("/task done 1")
    undo = next(action["command"] for action in done.document["actions"] if action["label"] == "Undo")
    assert "tables" not in (await here.exec("/task list")).document
    assert (await here.exec(undo)).code == 0
    assert len((await here.exec("/task list")).cells) == 1


async def test_what_can_not_be_done_is_a_document_and_exit_code_one(here: CommandLineHere) -> None:
    missing = await here.exec("/task done 99")
    assert missing.code == 1
    assert missing.document["ok"] is False
    assert missing.document["error"]["code"] == "not_found"
    assert "99" in missing.document["error"]["message"]
    unknown = await here.exec("/tsk add x")
    assert unknown.document["error"]["code"] == "unknown_command"
    nothing_given = await here.exec("/task add")
    assert nothing_given.code == 1
    assert nothing_given.document["error"]["field"] == "title"


async def test_text_is_for_eyes_and_has_no_colours_in_a_pipe(here: CommandLineHere) -> None:
    await here.exec("/task add 牛乳を買う")
    listed = await here.run("exec", "/task list")
    assert listed.code == 0
    assert "牛乳を買う" in listed.out
    assert "\x1b" not in listed.out
    refused = await here.run("exec", "/task show 7")
    assert refused.code == 1
    assert refused.out == ""
    assert "There is no task #7" in refused.err


async def test_several_words_are_one_line_with_its_quotes(here: CommandLineHere) -> None:
    added = await here.exec("/task", "add", "Buy milk", "due:2030-05-01 9:00")
    assert added.document["fields"]["due"] == "2030-05-01T09:00:00+00:00"
    (listed,) = (await here.exec("/task list")).cells
    assert "Buy milk" in listed["title"]


async def test_somebody_else_asks_in_another_channel(here: CommandLineHere) -> None:
    mistyped = await here.exec("--as", "ana", "/task add Count the tins assign:@me")
    assert mistyped.code == 1
    assert mistyped.document["error"]["message"] == "`--as`: nobody here is called “ana”."
    await here.exec("--as", "ana", "--new", "--channel", "#stockroom", "/task add Count the tins assign:@me")
    assert "tables" not in (await here.exec("/task list")).document
    (listed,) = (await here.exec("--channel", "stockroom", "/task list")).cells
    assert listed["assignees"] == "ana"
    who = await here.exec("--as", "@ana", "/user whoami")
    assert "member" in json.dumps(who.document)


async def test_a_file_is_an_attachment_that_a_later_command_can_name(here: CommandLineHere) -> None:
    (here.folder / "tasks.csv").write_text("Buy milk,2030-05-01,High\nSweep,nope,low\n")
    check = await here.exec("--file", "tasks.csv", "/task import")
    assert check.code == 0
    assert check.document["fields"]["bad"] == 1
    go_on = next(action["command"] for action in check.document["actions"] if "mode:good" in action["command"])
    assert (await here.exec(go_on)).code == 0
    assert [row["title"] for row in (await here.exec("/task list")).cells] == ["Buy milk"]


async def test_files_of_an_answer_are_saved_where_asked_for(here: CommandLineHere) -> None:
    await here.exec("/task add Buy milk")
    exported = await here.exec("--save", "out", "/task export")
    (file,) = exported.document["files"]
    content = (here.folder / file["path"]).read_bytes()
    assert b"Buy milk" in content
    assert len(content) == file["size"]
    again = await here.run("exec", "--save", "out", "/task export")
    assert again.code == 0
    assert len(list((here.folder / "out").iterdir())) == 2
    assert "Saved: out/" in again.out


@pytest.mark.parametrize("name", ["missing.csv", "folder"])
async def test_a_file_that_can_not_be_read_is_one_sentence(here: CommandLineHere, name: str) -> None:
    (here.folder / "folder").mkdir()
    refused = await here.run("exec", "--file", name, "/task import")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.count("\n") == 1
    assert name in refused.err
    as_json = await here.exec("--file", name, "/task import")
    assert as_json.code == 1
    assert as_json.document["error"]["code"] == "attachment"


async def test_a_file_that_is_no_table_is_refused_in_words(here: CommandLineHere) -> None:
    (here.folder / "picture.csv").write_bytes(bytes(range(256)) * 64)
    refused = await here.exec("--file", "picture.csv", "/task import")
    assert refused.code == 1
    assert refused.document["error"]["code"] != "internal"


async def test_wrong_settings_stop_it_with_one_line_each(here: CommandLineHere) -> None:
    here.settings = {
        "QM_PORT": "many",
        "QM_DATABASE_URL": "sqlite+aiosqlite:///:memory:",
        "SLACK_BOT_TOKEN": "xapp-hush",
    }
    refused = await here.run("exec", "/task list")
    assert (refused.code, refused.out) == (1, "")
    lines = refused.err.splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == ["QM_DATABASE_URL", "QM_PORT", "SLACK_BOT_TOKEN"]
    assert "hush" not in refused.err
    assert list(here.folder.iterdir()) == []
    as_json = await here.exec("/task list")
    assert as_json.document["error"]["code"] == "settings"


async def test_a_broken_database_is_one_sentence(here: CommandLineHere) -> None:
    (here.folder / "data").mkdir()
    (here.folder / "data" / "quartermaster.db").write_bytes(b"a shopping list " * 500)
    refused = await here.run("exec", "/task list")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.splitlines()[-1].startswith("The database is damaged")
    assert "Traceback" not in refused.err


async def test_settings_come_from_a_file_beside_it(here: CommandLineHere) -> None:
    (here.folder / ".env").write_text("QM_DATA_DIR=elsewhere\nQM_TIMEZONE=Europe/Berlin\n")
    added = await here.exec("/task add x due:2030-05-01 9:00")
    assert added.document["fields"]["due"] == "2030-05-01T09:00:00+02:00"
    assert (here.folder / "elsewhere" / "quartermaster.db").exists()


async def test_processes_that_start_at_once_share_one_new_database(shell: CommandLine, here: CommandLineHere) -> None:
    ended = await asyncio.gather(*(shell.exec(f"/task add Task {number}") for number in range(3)))
    assert [one.err for one in ended if one.code] == []
    assert sorted(one.document["fields"]["number"] for one in ended) == [1, 2, 3]
    assert len((await here.exec("/task list")).cells) == 3


async def test_a_process_survives_any_bytes_reads_no_input_and_keeps_all_for_its_user(
    shell: CommandLine, here: CommandLineHere
) -> None:
    refused = await shell.run("exec", "--json", b"/task add \xff\xfe milk", stdin=b"/task add Not me\n")
    assert (refused.code, refused.document["error"]["code"]) == (1, "not_utf8")
    added = await shell.run("exec", "--json", "/task add milk", stdin=b"/task add Not me\n")
    assert (added.code, added.document["fields"]["number"]) == (0, 1)
    open_to_others = [path for path in (shell.folder / "data").rglob("*") if path.stat().st_mode & 0o077]
    assert open_to_others == []
    listed = (await here.run("exec", "/task list channel:all")).out
    assert "milk" in listed
    assert "Not me" not in listed


def test_a_reader_that_goes_away_is_no_trouble(shell: CommandLine) -> None:
    with subprocess.Popen(
        [*PROGRAM, "exec", "/qm help"],
        cwd=shell.folder,
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read().decode()
    assert err == ""


async def test_lines_of_standard_input_are_a_script_in_one_process(shell: CommandLine, here: CommandLineHere) -> None:
    script = "# the morning\n/task add 牛乳を買う\n\n/task show 99\n/task add Sweep the floor\n/task list\n"
    ended = await shell.run("exec", "-", stdin=script.encode())
    assert ended.code == 1, "one line was refused, and the others were done"
    assert "#1 牛乳を買う" in ended.out
    assert "#2" in ended.out
    assert "Sweep the floor" in ended.out
    assert "\x1b" not in ended.out
    assert ended.err.startswith("Line 4: /task show 99\n")
    assert "There is no task #99" in ended.err
    (here.folder / "tasks.csv").write_text("title\nMilk\n")
    files = ("--file", str(here.folder / "tasks.csv"))
    documents = await here.run("exec", "--json", *files, "-", stdin="/task show 1\n/task show 2\n")
    assert documents.code == 0
    assert [json.loads(line)["title"] for line in documents.out.splitlines()] == ["#1 牛乳を買う", "#2 Sweep the floor"]
    alone = await here.run("exec", "--json", "-", stdin="/task show 99")
    assert (alone.code, alone.document["error"]["code"]) == (1, "not_found")


async def test_the_version_is_printed(here: CommandLineHere) -> None:
    ended = await here.run("--version")
    assert (ended.code, ended.out) == (0, f"Quartermaster {version('quartermaster')}\n")


async def test_a_pipe_gets_all_rows_and_a_page_has_a_number(here: CommandLineHere) -> None:
    (here.folder / "many.csv").write_text("title\n" + "".join(f"Task {number:02}\n" for number in range(1, 36)))
    assert (await here.exec("--file", "many.csv", "/task import mode:good")).code == 0
    listed = await here.exec("/task list")
    assert sorted(row["number"] for row in listed.cells) == list(range(1, 36))
    assert "actions" not in listed.document
    assert listed.document["text"] == "35 tasks."
    pages = [[row["number"] for row in (await here.exec(f"/task list page:{number}")).cells] for number in (1, 2, 4)]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [row["number"] for row in listed.cells][10:20] == pages[1]
    assert (await here.exec("/task list page:5")).code == 1
    few = [(await here.exec("/task list", "--limit", number)).cells for number in ("4", "12", "99")]
    assert [len(rows) for rows in few] == [4, 12, 35]


@pytest.mark.parametrize("mode", ["", " mode:good"])
async def test_a_file_of_which_no_row_can_be_used_fails(here: CommandLineHere, mode: str) -> None:
    (here.folder / "bad.csv").write_text("title,due\nSweep,soonish\n")
    ended = await here.exec("--file", "bad.csv", f"/task import{mode}")
    assert ended.code == 1
    assert ended.document["error"]["message"] == "Nothing was imported, because no row can be."
