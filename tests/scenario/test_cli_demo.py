"""`quartermaster demo`: an example that is there once."""

import re

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
    sold = (await here.exec("/report sales last 14 days")).document
    assert len(sold["tables"][0]["rows"]) == len(sold["charts"][0]["labels"]) > 10
    spent = (await here.exec("/customer over 100")).document["tables"][0]["rows"]
    assert {row[1] for row in spent} == {"cafe_luna", "hotel_post", "mrs_ahmed"}
    orders = (await here.exec("/order list")).cells
    assert {(row["status"], row["payment"]) for row in orders} == {
        ("Waiting for payment", "Unpaid"),
        ("Completed", "Paid"),
        ("Completed", "Partly refunded"),
        ("Cancelled", "Refunded"),
        ("Cancelled", "Unpaid"),
    }
    days = [row["at"][:10] for row in orders]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) > 5
    assert {row["sku"] for row in (await here.exec("/stock low")).cells} >= {"FLOUR", "HAMPER", "CHEESE"}
    assert {row["title"] for row in (await here.exec("/book low")).cells} == {
        "On Food and Cooking",
        "The Physiology of Taste",
    }
    people = (await here.exec("/user list")).out
    assert [name for name in ("Ana Costa", "Ben Okafor", "Chloe Martin", "Dev Patel") if name not in people] == []


async def test_asks_before_it_lies_among_tasks_and_goes_without_them(here: CommandLineHere) -> None:
    await here.exec("/task add My own")
    asked = await here.run("demo")
    assert (asked.code, asked.out) == (1, "")
    assert "demo --yes" in asked.err

    assert (await here.run("demo", "--yes")).code == 0
    assert (await here.exec("/task add Of another kind")).code == 0
    removed = await here.run("demo", "--remove")
    assert removed.code == 0
    assert removed.out.startswith(
        "Taken away: 4 customers, 8 books, 12 products, 10 orders, 40 tasks, 253 sales, 4 people and what they said."
    )
    assert "No books here" in (await here.exec("/book list")).out
    assert "No products here" in (await here.exec("/stock list")).out
    assert "No orders here" in (await here.exec("/order list")).out
    assert "No sales yet" in (await here.exec("/report sales")).out
    left = (await here.exec("/task list channel:all status:all")).cells
    assert [row["title"] for row in left] == ["My own", "Of another kind"]
    assert "Ana Costa" not in (await here.exec("/user list")).out
    assert "nothing of the example" in (await here.run("demo", "--remove")).out

    # That its people went has no way back, and what its owner takes back is their own.
    refused = (await here.exec("/qm undo")).out
    assert "`/user forget`" in refused
    before = re.search(r"/qm undo \w+", refused)
    assert before
    assert "undid /task add" in (await here.exec(before[0])).out
    left = (await here.exec("/task list channel:all status:all")).cells
    assert [row["title"] for row in left] == ["My own"]


async def test_says_whom_it_may_not_remove(here: CommandLineHere) -> None:
    await here.run("demo")
    assert (await here.exec("/user role @ana-costa owner")).code == 0
    assert (await here.exec("/user role @owner member", "--as", "Ana Costa")).code == 0
    removed = await here.run("demo", "--remove")
    assert "0 people" in removed.out
    assert "Ana Costa could not be removed: Only an admin can do that" in removed.out
