"""`quartermaster demo`: an example that is there once."""

from tests.support.command_line_here import CommandLineHere


async def test_fills_the_workspace_once(here: CommandLineHere) -> None:
    first = await here.run("demo")
    assert (first.code, first.err) == (0, "")
    assert "40 tasks" in first.out
    again = await here.run("demo")
    assert again.code == 0
    assert "there already" in again.out

    summary = (await here.exec("/task summary channel:all")).document["fields"]
    assert summary["pending"] + summary["completed"] == 40
    assert summary["completed"] > 3
    assert summary["overdue"] > 3
    assert summary["upcoming"] > 10
    people = (await here.exec("/user list")).out
    assert [name for name in ("Ana Costa", "Ben Okafor", "Chloe Martin", "Dev Patel") if name not in people] == []


async def test_leaves_what_is_there_alone(here: CommandLineHere) -> None:
    await here.exec("/task add My own")
    assert (await here.run("demo")).code == 0
    assert (await here.exec("/task show 1")).document["title"] == "#1 My own"
