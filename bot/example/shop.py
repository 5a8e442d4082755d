"""The shop of the example: its people, its channels, and what they talk about."""

from collections.abc import Sequence

from bot.example.model import Talk

PEOPLE = {
    "ana": "Ana Costa",
    "ben": "Ben Okafor",
    "chloe": "Chloe Martin",
    "dev": "Dev Patel",
}
"""By the id they have in the console."""

ROLES = {"ana": "manager", "ben": "clerk", "chloe": "clerk", "dev": "member"}

GENERAL, SHOP, STOCK, OFFICE = "general", "shop-floor", "stockroom", "office"


TALK: Sequence[Talk] = (
    Talk(1520, OFFICE, "ana", "The accountant asked for the receipts twice now."),
    Talk(1500, GENERAL, "ana", "Morning all! The flour ran out again yesterday. Ben, could you see to it?"),
    Talk(1496, GENERAL, "ben", "On it. The mill needs to know by noon."),
    Talk(1440, STOCK, "ben", "Three cans are dented, I put them by the door."),
    Talk(1410, GENERAL, "ben", "How are we doing?"),
    Talk(420, GENERAL, "chloe", "Somebody asked for gift hampers three times today."),
    Talk(415, GENERAL, "ana", "Then let's make some. Chloe, what would go in?"),
    Talk(320, GENERAL, "dev", "The door of the freezer does not close well."),
    Talk(180, GENERAL, "ana", "They come on Monday between 8 and 10. Who is in then?"),
    Talk(175, GENERAL, "dev", "I am."),
    Talk(90, SHOP, "ben", "Bread is here, two crates too many."),
    Talk(84, SHOP, "ana", "Keep them, we'll do a two for one after four."),
    Talk(12, GENERAL, "chloe", "The list for the hampers is nearly done."),
    Talk(10, GENERAL, "ana", "Lovely. Press Done on it when it is, then I'll order the boxes."),
)
"""Areas add to it what was typed."""
