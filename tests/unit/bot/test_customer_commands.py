"""`/customer`, as people type it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from core.chat.reply import Cell, Reply, Visibility
from core.chat.request import Attachment
from core.chat.text import plain
from core.people.model import Role
from core.sales.model import SaleLine
from core.sales.repository import SALES
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import Stage, button, done, refused, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


async def said(stage: Stage, line: str, by: str = "owner") -> str:
    reply = await done(stage, line, by=by)
    assert reply.visibility is Visibility.PRIVATE, "who customers are is for the asker alone"
    return plain(reply.text)


async def names(stage: Stage, line: str) -> list[Cell]:
    return [row.cells[1] for table in (await stage.type(line)).tables for row in table.rows]


def fields(reply: Reply) -> dict[str, Cell]:
    return {field.key: field.value for field in reply.fields}


async def register(stage: Stage, *usernames: str) -> None:
    for name in usernames:
        await said(stage, f"/customer register {name} {name}@example.org 30")


async def test_somebody_registers_is_shown_and_changed(stage: Stage) -> None:
    line = '/customer register ann_b Ann@Example.org 30 address:"3 Mill Lane"'
    assert await said(stage, line) == "Owner registered ann_b Ann@example.org."
    shown = fields(await stage.type("/customer show ann@example.ORG"))
    assert (shown["email"], shown["age"], shown["address"]) == ("Ann@example.org", 30, "3 Mill Lane")
    assert await said(stage, "/customer update ANN_B age:31 address:none") == (
        "Owner changed the age and address of ann_b Ann@example.org."
    )
    assert "already" in await said(stage, "/customer update #1 age:31")
    assert "address" not in fields(await stage.type("/customer show 1"))


async def test_whatever_is_wrong_is_named_at_once_and_beside_its_field(stage: Stage) -> None:
    reply = await stage.type("/customer register ab user@ 17")
    assert reply.problem is not None
    assert reply.problem.message == (
        "`username` takes 3 to 20 characters, not 2. `email` is no e-mail address: “user@”. "
        "`age` has to be 18 or more, not 17."
    )
    assert reply.problem.field == "username"
    assert await names(stage, "/customer list") == []


async def test_names_and_addresses_that_are_taken_are_named_at_once(stage: Stage) -> None:
    await register(stage, "ann_b", "ben")
    assert (await refused(stage, "/customer register ANN_B Ben@example.org 30")).message == (
        "`username` can't be “ANN_B”: that is another customer's. "
        "`email` can't be “Ben@example.org”: that is another customer's."
    )
    assert "another customer's" in (await refused(stage, "/customer update ben username:Ann_B")).message
    assert (
        await said(stage, "/customer update ben username:Ben") == "Owner changed the username of Ben ben@example.org."
    )


async def test_they_are_listed_sorted_and_found(stage: Stage) -> None:
    await register(stage, "carla", "ann_b", "ben")
    assert await names(stage, "/customer list") == ["ann_b", "ben", "carla"]
    assert await names(stage, "/customer list sort:newest") == ["ben", "ann_b", "carla"]
    assert await names(stage, "/customer find EN@") == ["ben"]
    assert "No customer has that" in await said(stage, "/customer find zoe")


async def test_a_list_goes_on_page_by_page(stage: Stage) -> None:
    await register(stage, *(f"buyer{number}" for number in range(10, 22)))
    first = await stage.type("/customer find buyer")
    assert plain(first.text).startswith("1–10 of 12 customers")
    second = await stage.press(button(first, "Next"))
    assert plain(second.text).startswith("11–12 of 12 customers")


async def test_a_removed_one_comes_back_by_undo_unless_their_name_is_taken(stage: Stage) -> None:
    await register(stage, "ann_b")
    gone = await stage.type("/customer remove ann_b")
    assert await names(stage, "/customer list") == []
    back = await stage.press(button(gone, "Undo"))
    assert plain(back.text) == "Owner undid /customer remove.\nann_b ann_b@example.org is as before."
    gone = await stage.type("/customer remove ann_b")
    await register(stage, "ANN_B")
    refusal = await stage.press(button(gone, "Undo"))
    assert refusal.problem is not None
    assert "taken by another one" in refusal.problem.message


async def test_history_tells_who_changed_what(stage: Stage) -> None:
    await register(stage, "ann_b")
    await stage.type("/customer update ann_b age:31")
    reply = await stage.type("/customer history ann_b")
    assert [row.cells[3:] for row in reply.tables[0].rows] == [("Age", "30", "31"), ("New customer", "", "")]


async def test_who_bought_for_more_than_a_sum_comes_largest_first(stage: Stage) -> None:
    await register(stage, "small", "middle", "large")
    lines = [("small", 100), ("middle", 300), ("large", 250), ("#3", 350)]
    async with stage.parts.storage.workspace(1).write() as work:
        work.of(SALES).add(
            [
                SaleLine(NOW.date(), Decimal(amount), Decimal(1), Decimal(amount), "EUR", "order", customer=name)
                for name, amount in lines
            ]
        )
        await work.commit()
    reply = await stage.type("/customer over 150")
    assert [row.cells[-1] for row in reply.tables[0].rows] == ["600.00", "300.00"]
    assert await names(stage, "/customer over 300") == ["large"]
    assert await said(stage, "/customer over 600") == "Nobody bought for more than 600.00 EUR."
    assert "`total`" in (await refused(stage, "/customer over -1")).message


async def test_who_is_forgotten_is_gone_for_good_and_what_they_bought_counts(stage: Stage) -> None:
    await register(stage, "ann_b", "ben")
    await stage.type("/customer update ann_b age:31")
    gone = await stage.type("/customer remove ann_b")
    async with stage.parts.storage.workspace(1).write() as work:
        for name in ("ann_b", "#1", "ben"):
            line = SaleLine(NOW.date(), Decimal(100), Decimal(1), Decimal(100), "EUR", "order", customer=name)
            work.of(SALES).add([line])
        await work.commit()
    asked = await stage.type("/customer forget #1")
    assert asked.problem is not None
    assert "nobody can bring them back" in asked.problem.message
    assert (
        await said(stage, "/customer forget #1 confirm:yes")
        == "That customer is forgotten. What they bought still counts."
    )
    assert (await stage.press(button(gone, "Undo"))).problem is not None
    assert "ann_b" not in str(await stage.type("/customer history #1"))
    assert (await refused(stage, "/customer forget #1")).code == "not_found"
    told = await stage.type("/report top-customers")
    assert [row.cells[:2] for row in told.tables[0].rows] == [("#1", None), ("#2", "ben")]


async def test_who_is_to_be_forgotten_is_asked_about_by_any_name_and_stays_the_one_who_was_meant(stage: Stage) -> None:
    await register(stage, "ann_b", "ben")
    assert (await refused(stage, "/customer forget zoe")).code == "not_found"
    asked = await stage.type("/customer forget Ann_B@example.org")
    assert asked.problem is not None
    assert asked.problem.message.startswith("Customer Ann_B@example.org (#1): their username")
    await said(stage, "/customer update ann_b username:ann_c email:c@example.org")
    await said(stage, "/customer update ben username:ann_b email:ann_b@example.org")
    done = await stage.press(button(asked, "Yes, go ahead"))
    assert done.problem is None
    assert await names(stage, "/customer list") == ["ann_b"]
    assert fields(await stage.type("/customer show ann_b"))["email"] == "ann_b@example.org"


async def hand_in(stage: Stage, text: str) -> Reply:
    async def content() -> AsyncIterator[bytes]:
        yield text.encode()

    request = stage.request("/customer import mode:good")
    file = Attachment("customers.csv", "text/csv", None, content)
    return await stage.product.application.handle(replace(request, attachments=(file,)))


async def test_customers_come_from_a_file_each_row_new_or_by_its_number(stage: Stage) -> None:
    await register(stage, "ann_b", "ben")
    reply = await hand_in(
        stage,
        "number,username,email,age,address\n"
        "1,ann_b,ann_b@example.org,31,3 Mill Lane\n"
        ",carla,carla@example.org,40,\n"
        ",BEN,user@,17,\n"
        ",dora,Ben@Example.org,50,\n",
    )
    assert "1 new, 1 changed and 2 left out" in plain(reply.text), plain(reply.text)
    assert reply.visibility is Visibility.PRIVATE
    assert await names(stage, "/customer list") == ["ann_b", "ben", "carla"]
    assert fields(await stage.type("/customer show ann_b"))["age"] == 31
    told = str([row.cells for table in reply.tables for row in table.rows])
    for sentence in ("Write an e-mail address", "18 or older", "Customer #2 has this email already"):
        assert sentence in told, told
    back = await stage.press(button(reply, "Undo"))
    assert back.problem is None
    assert await names(stage, "/customer list") == ["ann_b", "ben"]
    assert fields(await stage.type("/customer show ann_b"))["age"] == 30


async def test_an_import_whose_names_were_taken_since_is_not_taken_back(stage: Stage) -> None:
    await register(stage, "ann_b")
    reply = await hand_in(stage, "number,username\n1,ann_c\n")
    await said(stage, "/customer register ANN_B other@example.org 30")
    back = await stage.press(button(reply, "Undo"))
    assert back.problem is not None
    assert "taken by another one" in back.problem.message
    assert await names(stage, "/customer list") == ["ANN_B", "ann_c"]


async def test_an_export_can_be_imported_again_and_changes_nothing(stage: Stage) -> None:
    await said(stage, '/customer register ann_b Ann@example.org 30 address:"3 Mill Lane"')
    await register(stage, "ben")
    exported = await stage.type("/customer export")
    checked = await stage.type(f"/customer import file:{exported.files[0].id}")
    assert "2 unchanged" in plain(checked.text), plain(checked.text)
    assert exported.visibility is Visibility.PRIVATE


@pytest.mark.parametrize(
    ("line", "least"),
    [
        ("/customer list", Role.MEMBER),
        ("/customer find ann", Role.MEMBER),
        ("/customer show 1", Role.MEMBER),
        ("/customer history 1", Role.MEMBER),
        ("/customer over 10", Role.MEMBER),
        ("/customer register ben b@example.org 30", Role.CLERK),
        ("/customer update 1 age:31", Role.CLERK),
        ("/customer remove 1", Role.MANAGER),
        ("/customer export", Role.MANAGER),
    ],
)
async def test_members_look_clerks_change_and_managers_remove(stage: Stage, line: str, least: Role) -> None:
    await register(stage, "ann_b")
    await stage.type("/task list", by="ben")
    for role in (Role(least - 1), least):
        assert (await stage.type(f"/user role @ben {role.label}")).problem is None
        reply = await stage.type(line, by="ben")
        assert (reply.problem.code if reply.problem else "ok") == ("ok" if role is least else "forbidden")


async def test_undo_answers_nobody_but_who_asks(stage: Stage) -> None:
    gone = await stage.type("/customer register ann_b ann@example.org 30")
    back = await stage.press(button(gone, "Undo"))
    assert back.visibility is Visibility.PRIVATE
    assert "is taken away again" in plain(back.text)
