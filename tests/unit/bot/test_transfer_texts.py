"""What is said of the rows of files, whatever they are about."""

import pytest

from bot.texts.transfer import TransferWords
from core.transfer.sheet import RowProblem

ORDERS: TransferWords[object] = TransferWords(noun="order", reasons={}, columns=())  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("missing", "An order needs an amount."),
        ("key_unknown", "You see no order of this number, and a new one needs an amount."),
    ],
)
def test_what_a_row_lacks_is_said_with_the_article_that_belongs_to_it(reason: str, said: str) -> None:
    assert ORDERS.reason(RowProblem(2, "amount", "", reason, {"column": "amount", "key": "number"})) == said
