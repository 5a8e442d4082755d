"""What an import does is kept with each task, as what anybody does."""

from core.history.model import FieldChange
from tests.support.task_files import Desk


async def test_what_an_import_did_is_found_in_the_history_of_each_task(desk: Desk) -> None:
    await desk.run("title\nBuy milk\nCall Ben\n")
    await desk.run("number,title\n1,Buy oat milk\n2,Call Ben\n")
    async with desk.transactions.read() as work:
        first, second = [await work.changes.page("task", number) for number in (1, 2)]
    assert [(entry.command, list(entry.fields)) for entry in first.items] == [
        ("task import", [FieldChange("title", "Buy milk", "Buy oat milk")]),
        ("task import", []),
    ]
    assert second.total == 1
    assert {entry.member_id for entry in first.items} == {desk.ann.member_id}
