"""`quartermaster demo`: an example that is there once."""

from pathlib import Path

from tests.support.command_line import CommandLine


async def test_fills_the_workspace_once(tmp_path: Path) -> None:
    shell = CommandLine(tmp_path)
    first = await shell.run("demo")
    assert (first.code, first.err) == (0, "")
    assert "40 tasks" in first.out
    again = await shell.run("demo")
    assert again.code == 0
    assert "there already" in again.out

    summary = (await shell.exec("/task summary channel:all")).document["fields"]
    assert summary["pending"] + summary["completed"] == 40
    assert summary["completed"] > 3
    assert summary["overdue"] > 3
    assert summary["upcoming"] > 10
    people = (await shell.exec("/user list")).out
    assert [name for name in ("Ana Costa", "Ben Okafor", "Chloe Martin", "Dev Patel") if name not in people] == []


async def test_leaves_what_is_there_alone(tmp_path: Path) -> None:
    shell = CommandLine(tmp_path)
    await shell.exec("/task add My own")
    assert (await shell.run("demo")).code == 0
    assert (await shell.exec("/task show 1")).document["title"] == "#1 My own"
