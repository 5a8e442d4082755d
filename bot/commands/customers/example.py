"""Who buys in the shop of the example."""

from bot.example.model import Entry, Example
from bot.example.shop import OFFICE

_BUYERS = (
    ("cafe_luna", "orders@cafe-luna.example", 46, "ana", "12 Harbour Street, Ely"),
    ("hotel_post", "kitchen@hotel-post.example", 51, "ana", "1 Market Square, Ely"),
    ("mrs_ahmed", "r.ahmed@post.example", 67, "chloe", "3 Mill Lane, Ely"),
    ("tom_field", "tom@field.example", 29, "chloe", ""),
)

CUSTOMER_EXAMPLE = Example(
    [
        Entry(f"{username} {email} {age}" + (f' address:"{address}"' if address else ""), OFFICE, by, ago=30)
        for username, email, age, by, address in _BUYERS
    ],
    adds="register",
    everything="list",
)
