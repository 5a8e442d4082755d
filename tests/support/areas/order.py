"""`/order`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=(
        "/order code SUMMER10 10",
        *("/order add apples 3", "/order checkout", "/order pay 1"),
        *("/order add pears 2", "/order checkout"),
        "/order add apples 2",
    ),
    ahead={"new": ("/order cancel 3",)},
    refused={"refund": "nobody can take it back, so it has to be confirmed"},
    unchanging={"terms": "its first example only shows them", "code": "its first example only shows them"},
    any_text={"address": "whatever is typed is where goods go", "new": "whatever is typed is a name"},
    overridable={"history": "what happened to an order that is named"},
)
