"""`/book`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=(
        "/book add Emma Jane Austen 1815 price:8.90 quantity:5",
        '/book add "Dune" "Frank Herbert" isbn:978-0-441-17271-9 price:12.50 quantity:5',
    ),
    file=b"isbn,title,author,year\n0261102214,The Hobbit,J.R.R. Tolkien,1937\n",
    any_text={"search": "any words may stand in a title"},
)
