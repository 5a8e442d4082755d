"""`/book`, as people type it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.chat.reply import Cell, Reply
from core.chat.request import Attachment
from core.chat.text import plain
from core.files.service import file_key
from core.sales.repository import SALES
from tests.structure.test_house_rules import ROOT
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import Stage, button, field_of, refused, said, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


async def column(stage: Stage, line: str, key: str = "title") -> list[Cell]:
    (table,) = (await stage.type(line)).tables or (None,)
    place = [one.key for one in table.columns].index(key) if table else 0
    return [row.cells[place] for row in table.rows] if table else []


async def test_a_library_needs_title_author_and_year_alone(stage: Stage) -> None:
    assert await said(stage, '/book add Dune "Frank Herbert" 1965') == ("Owner added 'Dune' by Frank Herbert (1965).")
    assert await said(stage, "/book add The Hobbit by J.R.R. Tolkien 1937") == (
        "Owner added 'The Hobbit' by J.R.R. Tolkien (1937)."
    )
    assert await said(stage, "/book add The Odyssey by Homer -720") == "Owner added 'The Odyssey' by Homer (-720)."
    assert await said(stage, "/book add Emma Jane Austen") == "Owner added 'Emma' by Jane Austen."
    assert await column(stage, "/book list") == ["Dune", "Emma", "The Hobbit", "The Odyssey"]
    assert await column(stage, "/book list sort:author") == ["Dune", "The Odyssey", "The Hobbit", "Emma"]
    assert await column(stage, "/book list sort:year") == ["The Odyssey", "The Hobbit", "Dune", "Emma"]
    assert field_of(await stage.type("/book show hobbit"), "title") == "The Hobbit", "the article goes without saying"
    assert await said(stage, "/book remove emma") == "Owner removed 'Emma' by Jane Austen."
    assert (await refused(stage, "/book remove emma")).message == "There is no book “emma”."
    assert (await refused(stage, "/book show #77")).message.startswith("There is no book #77")


@pytest.mark.parametrize(
    "line",
    ['/book add " dune" "FRANK herbert" 1984', '/book add "Dune Chronicles" "Frank Herbert" isbn:0-441-17271-7'],
)
async def test_the_same_book_is_offered_and_not_added_twice(stage: Stage, line: str) -> None:
    await stage.type('/book add Dune "Frank Herbert" 1965 isbn:9780441172719')
    reply = await stage.type(line)
    assert reply.problem is not None
    assert reply.problem.message.startswith("There is 'Dune' by Frank Herbert (1965) already")
    shown = await stage.press(button(reply, "Show it"))
    assert (shown.title, field_of(shown, "isbn"), field_of(shown, "isbn10")) == (
        "'Dune' by Frank Herbert (1965)",
        "9780441172719",
        "0441172717",
    )
    assert await column(stage, "/book list") == ["Dune"]


async def test_a_book_goes_by_its_isbn_in_either_form_its_title_or_its_number(stage: Stage) -> None:
    await stage.type('/book add "1984" "George Orwell" 1949 isbn:0451524934')
    for word in ("1984", "9780451524935", "0451524934", "451524934", "978-0-451-52493-5", "#1", "1"):
        assert field_of(await stage.type(f"/book show {word}"), "title") == "1984", word
    offered = await stage.product.application.complete(stage.request(), "/book show orw", 15)
    assert [(one.label, one.detail, one.insert) for one in offered] == [("#1", "1984", "1 ")]


async def test_leading_zeros_that_were_eaten_are_put_back_and_people_are_told(stage: Stage) -> None:
    assert await said(stage, '/book add "The Hunger Games" "Suzanne Collins" isbn:439023483') == (
        "Owner added 'The Hunger Games' by Suzanne Collins.\n"
        "Its ISBN had lost digits to a spreadsheet: kept as 9780439023481."
    )


async def test_what_is_no_isbn_can_be_kept_as_ones_own_code(stage: Stage) -> None:
    reply = await stage.type(
        '/book add "Reading Lolita in Tehran" "Azar Nafisi" 2003 isbn:812971060 genre:"true stories"'
    )
    assert reply.problem is not None
    assert reply.problem.field == "isbn"
    assert reply.problem.message == (
        "“812971060” is no ISBN: its last digit, which checks the others, does not fit them."
    )
    assert await column(stage, "/book list") == []
    await stage.press(button(reply, "Keep as our own code"))
    shown = await stage.type("/book show 812971060")
    assert [field_of(shown, key) for key in ("title", "year", "isbn", "code", "genre")] == [
        *("Reading Lolita in Tehran", 2003, None, "812971060", "true stories"),
    ]
    reply = await stage.type("/book edit #1 isbn:9.78E+12 year:2004")
    assert reply.problem is not None
    assert "last digits are gone" in reply.problem.message
    await stage.press(button(reply, "Keep as our own code"))
    assert field_of(await stage.type("/book show 9.78E+12"), "year") == 2004


async def test_a_change_says_what_was_and_can_be_taken_back(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert" 1965 genre:novels')
    reply = await stage.type('/book edit dune title:"Dune Messiah" year:1969 genre:none')
    assert plain(reply.text) == (
        "Owner changed the title, year and genre of 'Dune Messiah' by Frank Herbert (1969).\n"
        "It was 'Dune' by Frank Herbert (1965)."
    )
    back = await stage.press(button(reply, "Undo"))
    assert plain(back.text) == "Owner undid /book edit.\n'Dune' by Frank Herbert (1965) is as before."
    assert field_of(await stage.type("/book show dune"), "genre") == "novels"
    await stage.type('/book add Emma "Jane Austen"')
    message = (await refused(stage, '/book edit emma title:dune author:"frank herbert"')).message
    assert message == "That would make it the same as 'Dune' by Frank Herbert (1965), so nothing was changed."
    removed = await stage.type("/book remove dune")
    await stage.type('/book add Dune "Frank Herbert"')
    taken = await stage.press(button(removed, "Undo"))
    assert taken.problem is not None
    assert len(await column(stage, "/book list")) == 2


async def test_a_new_book_is_taken_away_by_undo(stage: Stage) -> None:
    reply = await stage.type('/book add Dune "Frank Herbert"')
    assert plain((await stage.press(button(reply, "Undo"))).text).endswith("is taken away again.")
    assert await column(stage, "/book list") == []


async def test_a_list_is_narrowed_to_a_genre_and_sorted_by_a_select(stage: Stage) -> None:
    for number in range(12):
        await stage.type(f'/book add "Book {number:02}" "Author {20 - number}" genre:{"ab"[number % 2]}')
    assert await column(stage, "/book list genre:A") == [f"Book {number:02}" for number in range(0, 12, 2)]
    reply = await stage.type("/book list")
    assert plain(reply.text) == "1–10 of 12 books."
    (select,) = [action for action in reply.actions if action.sorts]
    by_author = await stage.type(next(choice.command for choice in select.choices if choice.label == "Author"))
    assert by_author.tables[0].rows[0].cells[1] == "Book 10"
    rest = await stage.press(button(by_author, "Next"))
    assert plain(rest.text) == "11–12 of 12 books."


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ('/book add "" "Frank Herbert"', "title"),
        ('/book add Dune " "', "author"),
        ('/book add Dune "Frank Herbert" 19650', "year"),
        (f'/book add {"x" * 301} "Frank Herbert"', "title"),
        ('/book add Dune "Frank Herbert" isbn:9780441172718', "isbn"),
        ("/book search -", "text"),
        ("/book edit #1", "book"),
    ],
)
async def test_what_can_not_be_is_refused_with_the_argument(stage: Stage, line: str, at: str) -> None:
    await stage.type("/book add Emma Jane Austen")
    assert (await refused(stage, line)).field == at


async def test_members_look_and_managers_keep(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert"')
    await stage.type("/book list", by="Ben")
    assert "only a manager" in (await refused(stage, '/book add Emma "Jane Austen"', by="Ben")).message.lower()


GOODBOOKS = ROOT / "tests/data/books/books_1000.csv"


async def dropped(stage: Stage, content: bytes, line: str = "/book import") -> Reply:
    async def pieces() -> AsyncIterator[bytes]:
        yield content

    request = replace(stage.request(line), attachments=(Attachment("books.csv", "text/csv", None, pieces),))
    return await stage.product.application.handle(request)


def problems(reply: Reply) -> list[tuple[Cell, ...]]:
    """What is said of bad rows: the line, the column and the value."""
    return [row.cells[:3] for table in reply.tables if table.title.startswith("Rows that") for row in table.rows]


async def test_a_thousand_books_of_a_spreadsheet_come_in(stage: Stage) -> None:
    checked = await dropped(stage, GOODBOOKS.read_bytes())
    assert [field_of(checked, key) for key in ("rows", "new", "bad", "mended")] == [1000, 997, 3, 752]
    named = [
        (261, "isbn13", "9.78067172365e+12"),
        (800, "isbn13", "9.7804251888e+12"),
        (917, "isbn", "812971060"),
    ]
    assert problems(checked) == named
    assert "752 ISBNs had lost leading zeros to a spreadsheet: they are put back." in plain(checked.text)
    done = await stage.press(button(checked, "Import valid rows"))
    assert problems(done) == named
    shown = await stage.type("/book list sort:year")
    assert plain(shown.text).endswith("of 997 books.")
    assert shown.tables[0].rows[0].cells[1:4] == (
        "The Iliad",
        "Homer, Robert Fagles, Frédéric Mugler, Bernard Knox",
        -750,
    )
    books = [line.split(",")[0] for line in await exported(stage)]
    assert (len(books), sum(map(bool, books))) == (997, 976)
    assert field_of(await stage.type("/book show 439023483"), "isbn") == "9780439023481"
    again = await dropped(stage, GOODBOOKS.read_bytes())
    assert [field_of(again, key) for key in ("new", "updated", "unchanged", "bad")] == [0, 0, 997, 3]
    kept = await stage.press(button(done, "Keep as our own codes"))
    assert [field_of(kept, key) for key in ("new", "bad")] == [3, 0]
    await stage.press(button(kept, "Import 3 rows"))
    assert field_of(await stage.type('/book show "Reading Lolita in Tehran"'), "code") == "812971060"
    await stage.press(button(done, "Undo"))
    assert len(await column(stage, "/book list")) == 3


async def exported(stage: Stage) -> list[str]:
    """The rows of an export as they stand in its file."""
    (file,) = (await stage.type("/book export")).files
    content = b"".join([piece async for piece in stage.parts.files.read(file_key(1, file.id))])
    return content.decode("utf-8-sig").splitlines()[1:]


@pytest.mark.parametrize(
    ("row", "at", "value"),
    [
        ("9.78E+12,,Emma,Jane Austen,1815", "isbn", "9.78E+12"),
        (",9780441172718,Emma,Jane Austen,1815", "isbn13", "9780441172718"),
        ("0441172717,9780439023481,Emma,Jane Austen,1815", "isbn13", "9780439023481"),
        (",,Emma,Jane Austen,1815.5", "year", "1815.5"),
        (",,Emma,Jane Austen,19999", "year", "19999"),
        (",,,Jane Austen,1815", "title", ""),
        (",,Emma,,1815", "author", ""),
        (",,DUNE,Frank  Herbert,1965", "isbn", "DUNE"),
    ],
)
async def test_a_row_that_can_not_be_is_named(stage: Stage, row: str, at: str, value: str) -> None:
    file = f"isbn,isbn13,title,author,year\n,,Dune,Frank Herbert,1965\n{row}\n"
    assert problems(await dropped(stage, file.encode())) == [(3, at, value)]


async def test_a_file_names_each_isbn_once_whatever_the_title(stage: Stage) -> None:
    file = b"isbn,title,author\n0441172717,Dune,Frank Herbert\n978-0-441-17271-9,Dune Chronicles,Frank Herbert\n"
    done = await dropped(stage, file, "/book import mode:good")
    assert problems(done) == [(3, "isbn", "9780441172719")]
    assert "This book stands on line 2 already." in str(done)
    assert await column(stage, "/book list") == ["Dune"]


@pytest.mark.parametrize(
    ("row", "isbn", "year"),
    [
        ("0441172717,9.78044E+12,Dune,Frank Herbert,1965.0", "9780441172719", 1965),
        ("0441172717,76783609419.0,Dune,Frank Herbert,", "9780441172719", None),
        ("441172717.0,,Dune,Frank Herbert,-430.0", "9780441172719", -430),
        ("n/a,978-0-441-17271-9,Dune,Frank Herbert,", "9780441172719", None),
        ("9780441172719,,Dune,Frank Herbert,−1", "9780441172719", -1),
    ],
)
async def test_what_a_spreadsheet_did_to_a_row_is_seen_through(
    stage: Stage, row: str, isbn: str, year: int | None
) -> None:
    file = f"isbn,isbn13,title,authors,original_publication_year\n{row}"
    done = await dropped(stage, file.encode(), "/book import mode:good")
    assert done.problem is None
    shown = await stage.type("/book show dune")
    assert (field_of(shown, "isbn"), field_of(shown, "year")) == (isbn, year)


async def test_a_row_is_about_the_book_of_its_title_and_author_or_else_of_its_isbn(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert" 1965')
    await stage.type('/book add Hobbit "J.R.R. Tolkien" isbn:0261102214')
    file = "isbn,title,author,genre\n0441172717,DUNE,frank herbert,novels\n0261102214,The Hobbit,J.R.R. Tolkien,\n"
    done = await dropped(stage, file.encode(), "/book import mode:good")
    assert [field_of(done, key) for key in ("new", "updated")] == [0, 2]
    assert await column(stage, "/book list") == ["DUNE", "The Hobbit"]
    assert field_of(await stage.type("/book show 9780441172719"), "genre") == "novels"
    await stage.press(button(done, "Undo"))
    assert await column(stage, "/book list") == ["Dune", "Hobbit"]
    known = await dropped(stage, b"isbn,genre\n0261102214,fantasy\n0451524934,novels\n", "/book import mode:good")
    assert problems(known) == [(3, "isbn", "9780451524935")]
    assert field_of(await stage.type("/book show hobbit"), "genre") == "fantasy"


async def test_an_export_can_be_imported_again_and_changes_nothing(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert" -430 isbn:0441172717 genre:novels code:SF-1')
    await stage.type('/book add "=1+1" "-Nobody, \'or so\'" isbn:9791032305690')
    for kind in ("csv", "xlsx", "json"):
        reply = await stage.type(f"/book export {kind}")
        assert plain(reply.text) == "2 books."
        checked = await stage.type(f"/book import file:{reply.files[0].id}")
        assert plain(checked.text).splitlines()[-1] == "2 rows: 2 unchanged.", kind


# ---------------------------------------------------------------- the shop


async def lines(stage: Stage) -> list[tuple[str, str, int, str]]:
    async with stage.parts.storage.workspace(1).read() as work:
        found = [line async for some in work.of(SALES).between(NOW.date(), NOW.date()) for line in some]
    return [(one.source, one.product, int(one.quantity), f"{one.amount:.2f}") for one in found]


async def test_a_book_that_is_sold_is_a_product_of_the_same_ledger(stage: Stage) -> None:
    assert await said(stage, '/book add Dune "Frank Herbert" 1965 isbn:0441172717 price:12.50 quantity:3') == (
        "Owner added 'Dune' by Frank Herbert (1965): 3 at 12.50 EUR."
    )
    await stage.type('/book add Emma "Jane Austen" 1815')
    assert await column(stage, "/stock list", "sku") == ["9780441172719"], "what a library has is no product"
    assert await said(stage, "/book sell dune 2") == (
        "Owner sold 2 × 'Dune' by Frank Herbert (1965) for 25.00 EUR. 1 left."
    )
    assert await lines(stage) == [("book", "9780441172719", 2, "25.00")]
    assert field_of(await stage.type("/stock show 9780441172719"), "on_hand") == 1
    assert await column(stage, "/book history dune", "quantity") == [-2, 3]
    problem = await refused(stage, "/book sell dune 2")
    message, at = problem.message, problem.field
    assert message == ("Only 1 of 'Dune' by Frank Herbert (1965) is left, so nothing was sold: `quantity` can't be 2.")
    assert at == "quantity"
    assert await said(stage, "/stock sell 9780441172719 1") != ""
    assert field_of(await stage.type("/book show dune"), "available") == 0


async def test_a_book_is_not_sold_until_it_has_a_price(stage: Stage) -> None:
    await stage.type('/book add Emma "Jane Austen"')
    for _ in range(2):
        problem = await refused(stage, "/book sell emma")
        message, at = problem.message, problem.field
        assert message == "'Emma' by Jane Austen has no price yet, so it can't be sold: `book` #1."
        assert at == "book"
        restocked = await stage.type("/book restock emma 4")
        assert "is not sold until it has one" in plain(restocked.text)
    priced = await stage.type("/book price emma 8.90")
    assert plain(priced.text) == "'Emma' by Jane Austen costs 8.90 EUR now."
    await said(stage, "/book sell emma")
    assert await said(stage, "/book price emma 9") == "'Emma' by Jane Austen costs 9.00 EUR now, before 8.90 EUR."
    assert await column(stage, "/book list", "available") == [7]


async def test_a_sale_is_taken_back_by_lines_of_its_own(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert" price:12.50 quantity:3')
    sold = await stage.type("/book sell dune 3")
    assert await column(stage, "/book low 0") == ["Dune"]
    back = await stage.press(button(sold, "Undo"))
    assert plain(back.text) == "Owner undid /book sell.\n3 × Dune back: 3 now."
    assert await lines(stage) == [("book", "BOOK-1", 3, "37.50"), ("book", "BOOK-1", -3, "-37.50")]
    came = await stage.type("/book restock dune 5")
    await stage.press(button(came, "Undo"))
    assert field_of(await stage.type("/book show dune"), "on_hand") == 3


async def test_books_are_checked_out_together_or_not_at_all(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert" price:12.50 quantity:3')
    await stage.type('/book add "Eats, Shoots & Leaves" "Lynne Truss" price:8 quantity:1 isbn:1592400876')
    await stage.type('/book add Emma "Jane Austen"')
    for line in ("dune 2, 1592400876 2", "dune, emma", "dune 4", "dune 2; #1 2", "dune, Persuasion", "dune 2, , #99"):
        await refused(stage, f"/book checkout {line}")
    assert await lines(stage) == []
    reply = await stage.type('/book checkout dune 2, "Eats, Shoots & Leaves"; #1 x1')
    assert plain(reply.text) == "Owner sold 4 books for 45.50 EUR."
    assert [row.cells for row in reply.tables[0].rows] == [
        ("Dune", 3, "37.50", 0),
        ("Eats, Shoots & Leaves", 1, "8.00", 0),
    ]
    total = await stage.type("/book sales")
    assert plain(total.text) == "4 books for 45.50 EUR."
    assert await column(stage, "/book sales", "title") == ["Dune", "Eats, Shoots & Leaves", "Dune"]
    await stage.press(button(reply, "Undo"))
    assert plain((await stage.type("/book sales today")).text) == "0 books for 0.00 EUR."
    assert await column(stage, "/book list", "available") == [3, 1, None]


async def test_low_means_at_or_below_the_level(stage: Stage) -> None:
    for title, quantity in (("Ten", 10), ("Five", 5), ("None", 0)):
        await stage.type(f'/book add {title} "An author" price:5 quantity:{quantity}')
    await stage.type('/book add Library "An author"')
    assert await column(stage, "/book low 5") == ["Five", "None"]
    assert await column(stage, "/book low") == []
    reply = await stage.type("/book edit five reorder:5")
    assert plain(reply.text).endswith("That is at its reorder level of 5.")
    assert await column(stage, "/book low") == ["Five"]


async def test_genres_are_counted(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert" genre:Novels price:1 quantity:3')
    await stage.type('/book add Emma "Jane Austen" genre:novels')
    await stage.type('/book add Ulysses "James Joyce"')
    reply = await stage.type("/book genres")
    assert plain(reply.text) == "3 books of 1 genre."
    assert [row.cells[1:] for row in reply.tables[0].rows] == [(1, 0), (2, 3)]


async def test_what_is_known_of_a_book_is_said_of_its_product_and_taken_back_with_it(stage: Stage) -> None:
    added = await stage.type('/book add Dune "Frank Herbert" price:12.50 quantity:3')
    edited = await stage.type('/book edit dune title:"Dune Messiah" genre:novels')
    assert await column(stage, "/stock list", "name") == ["Dune Messiah"]
    assert await column(stage, "/stock list", "category") == ["novels"]
    await stage.press(button(edited, "Undo"))
    assert await column(stage, "/stock list", "name") == ["Dune"]
    priced = await stage.type("/book price dune 14")
    await stage.type("/stock price #1 15")
    taken = await stage.press(button(priced, "Undo"))
    assert taken.problem is not None, "it has another price by now"
    assert field_of(await stage.type("/book show dune"), "price") == "15.00"
    removed = await stage.type("/book remove dune")
    assert await column(stage, "/stock list", "name") == []
    await stage.press(button(removed, "Undo"))
    assert [field_of(await stage.type("/book show dune"), key) for key in ("price", "on_hand")] == ["15.00", 3]
    sold = await stage.type("/book sell dune")
    assert (await stage.press(button(added, "Undo"))).problem is not None, "some were sold since"
    await stage.press(button(sold, "Undo"))
    assert await column(stage, "/stock list", "available") == [3]


async def test_the_price_alone_makes_a_product_and_goes_with_undo(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert"')
    priced = await stage.type("/book price dune 12.50")
    assert await column(stage, "/stock list", "name") == ["Dune"]
    await stage.press(button(priced, "Undo"))
    assert await column(stage, "/stock list", "name") == []
    await stage.type("/book price dune 13")
    assert await column(stage, "/stock list", "sku") == ["BOOK-1"]
    new = await stage.type('/book add Emma "Jane Austen" price:5 quantity:2')
    await stage.press(button(new, "Undo"))
    assert await column(stage, "/stock list", "name") == ["Dune"]


async def test_the_same_book_with_a_quantity_is_offered_to_be_restocked(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert" price:12.50 quantity:3')
    reply = await stage.type('/book add dune "frank herbert" quantity:2')
    assert reply.problem is not None
    back = await stage.press(button(reply, "Restock by 2"))
    assert plain(back.text) == "Owner restocked 'Dune' by Frank Herbert by 2: 5 now."


async def test_books_of_a_file_bring_their_price_and_first_quantity(stage: Stage) -> None:
    await stage.type("/stock add Other 1 1 sku:9780441172719")
    await stage.type('/book add Emma "Jane Austen" quantity:9')
    file = (
        b"isbn,title,author,price,quantity\n0441172717,Dune,Frank Herbert,12.50,3\n,Emma,Jane Austen,8.90,1\n"
        b",Ulysses,James Joyce,,\n,Dubliners,James Joyce,1.234,\n,Exiles,James Joyce,,1.5\n"
    )
    done = await dropped(stage, file, "/book import mode:good")
    assert problems(done) == [(5, "price", "1.234"), (6, "quantity", "1.5")]
    assert await column(stage, "/book list", "price") == ["12.50", "8.90", None]
    assert await column(stage, "/book list", "available") == [3, 9, None], "of a known one it is not what a file says"
    assert await column(stage, "/stock list", "sku") == ["9780441172719-3", "BOOK-1", "9780441172719"]
    assert await column(stage, "/book history dune", "quantity") == [3]
    sold = await stage.type("/book sell dune")
    assert (await stage.press(button(done, "Undo"))).problem is not None, "one was sold since"
    assert sold.problem is None


async def test_an_import_is_taken_back_with_its_products(stage: Stage) -> None:
    await stage.type('/book add Emma "Jane Austen" price:5 quantity:9')
    file = b"title,author,price,quantity\nDune,Frank Herbert,12.50,3\nEmma,Jane Austen,8.90,1\n"
    done = await dropped(stage, file, "/book import mode:good")
    assert await column(stage, "/stock list", "price") == ["12.50", "8.90"]
    back = await stage.press(button(done, "Undo"))
    assert plain(back.text) == "Import undone: 1 imported book removed and 1 changed book put back as before."
    assert await column(stage, "/stock list", "price") == ["5.00"]
    assert await column(stage, "/book list", "available") == [9]


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("/book sell dune 0", "quantity"),
        ("/book sell dune -1", "quantity"),
        ("/book sell dune 1.5", "quantity"),
        ("/book restock dune 2000000", "quantity"),
        ("/book price dune 0", "price"),
        ("/book price dune 1.234", "price"),
        ('/book add Emma "Jane Austen" price:-1', "price"),
        ('/book add Emma "Jane Austen" quantity:-1', "quantity"),
        ("/book edit dune reorder:-1", "reorder"),
        ("/book low -1", "level"),
        ("/book checkout ,", "books"),
    ],
)
async def test_absurd_quantities_and_prices_are_refused_with_the_argument(stage: Stage, line: str, at: str) -> None:
    await stage.type('/book add Dune "Frank Herbert" price:12.50 quantity:3')
    assert (await refused(stage, line)).field == at
    assert field_of(await stage.type("/book show dune"), "on_hand") == 3


async def test_clerks_sell_and_restock_and_managers_price(stage: Stage) -> None:
    await stage.type('/book add Dune "Frank Herbert" price:12.50 quantity:3')
    for name, role in (("cleo", "clerk"), ("max", "member"), ("gus", "guest")):
        await stage.type("/qm help", by=name)
        await stage.type(f"/user role @{name} {role}")
    assert "only a member" in (await refused(stage, "/book show dune", by="gus")).message.lower()
    assert "only a clerk" in (await refused(stage, "/book checkout dune", by="max")).message.lower()
    assert "only a manager" in (await refused(stage, "/book price dune 1", by="cleo")).message.lower()
    await said(stage, "/book sell dune", by="cleo")
    await said(stage, "/book restock dune 2", by="cleo")
    await said(stage, "/book sales", by="max")
