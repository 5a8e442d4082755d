"""The example workspace: a corner shop, its people, channels, tasks and talk."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.identity.identities import OWNER_USER

PEOPLE = {
    "ana": "Ana Costa",
    "ben": "Ben Okafor",
    "chloe": "Chloe Martin",
    "dev": "Dev Patel",
}
"""By the id they have in the console."""

ROLES = {"ana": "manager", "ben": "clerk", "chloe": "clerk", "dev": "member"}

GENERAL, SHOP, STOCK, OFFICE = "general", "shop-floor", "stockroom", "office"


@dataclass(frozen=True, slots=True)
class Todo:
    """A task: `day` counts from today (None: no due), `clock` is a time of that day, `done_by` who has done it."""

    title: str
    channel: str
    by: str
    day: int | None = None
    clock: str = ""
    priority: str = ""
    assign: str = ""
    notes: str = ""
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """Something said in a channel so many minutes ago; a line with a slash is run as a command."""

    minutes: int
    channel: str
    by: str
    line: str


TODOS: Sequence[Todo] = (
    Todo("Call the bakery about Saturday's bread", SHOP, "ana", -4, "", "high", "ana", done_by="ana"),
    Todo("Replace the bulb above the till", SHOP, "ben", -6, "", "low", "ben", done_by="ben"),
    Todo("Price the new tea tins", SHOP, "ana", -2, "", "medium", "chloe", done_by="chloe"),
    Todo("Clean the coffee machine", SHOP, "chloe", -1, "18:00", "medium", "dev"),
    Todo("Put up the opening hours for the holidays", SHOP, "ana", -2, "", "high", "ben"),
    Todo("Dress the window for winter", SHOP, "ana", 3, "", "medium", "chloe", "Lights are in the blue box."),
    Todo("Check the dates of the dairy shelf", SHOP, "ana", 0, "", "urgent", "dev"),
    Todo("Wipe down the fridge doors", SHOP, "ben", 0, "17:30", "low", "dev"),
    Todo("Sharpen the cheese knives", SHOP, "chloe", 2, "", "low"),
    Todo("Refill the paper bags at the till", SHOP, "dev", 1, "9:00", "medium", "dev"),
    Todo("Try the new card reader", SHOP, "ana", 1, "14:00", "high", "ben"),
    Todo("Write the signs for the jam tasting", SHOP, "chloe", 4, "", "medium", "chloe"),
    Todo("Ask regulars which cheese they miss", SHOP, "ana", None, "", "low"),
    Todo("Count the tins", STOCK, "ben", -5, "", "medium", "ben", done_by="ben"),
    Todo("Unpack the olive oil", STOCK, "ben", -3, "", "high", "dev", done_by="dev"),
    Todo("Return the dented cans", STOCK, "ben", -3, "", "medium", "ben"),
    Todo("Order flour, 20 bags", STOCK, "ana", -1, "12:00", "urgent", "ben", "The mill delivers on Thursdays."),
    Todo("Take the cardboard out", STOCK, "dev", 0, "19:00", "medium", "dev"),
    Todo("Book the van for the market", STOCK, "ana", 2, "10:00", "high", "ben"),
    Todo("Label the top shelves", STOCK, "chloe", 5, "", "low", "chloe"),
    Todo("Check the freezer's thermometer", STOCK, "ben", 1, "8:00", "high", "ben"),
    Todo("Look for the lost box of candles", STOCK, "chloe", None, "", "low", "dev"),
    Todo("Make room for the winter stock", STOCK, "ana", 7, "", "medium", "ben"),
    Todo("Put the heavy things on the lower shelves", STOCK, "dev", 8, "", "medium"),
    Todo("Order boxes for the hampers", STOCK, "chloe", 6, "", "high", "ana"),
    Todo("Pay the electricity", OFFICE, "ana", -7, "", "high", "ana", done_by="ana"),
    Todo("Send last month's receipts to the accountant", OFFICE, "ana", -2, "17:00", "urgent", OWNER_USER),
    Todo("Answer the landlord about the awning", OFFICE, "ana", -1, "", "medium", OWNER_USER),
    Todo("Plan the shifts for next week", OFFICE, "ana", 0, "16:00", "high", "ana"),
    Todo("Interview the Saturday help", OFFICE, "ana", 3, "11:00", "high", OWNER_USER),
    Todo("Renew the insurance", OFFICE, "ana", 12, "", "high", "ana"),
    Todo("Compare prices for card payments", OFFICE, "ana", 9, "", "medium", OWNER_USER),
    Todo("Photograph the hampers for the web page", OFFICE, "chloe", 6, "15:00", "medium", "chloe"),
    Todo("Reply to the review about the queue", OFFICE, "chloe", 1, "", "medium", "chloe"),
    Todo("Book the chimney sweep", OFFICE, "ana", 20, "", "low", "ana"),
    Todo("Invite everybody to the year's dinner", OFFICE, "ana", 25, "19:30", "low", "ana"),
)

TALK: Sequence[Talk] = (
    Talk(1520, OFFICE, "ana", "The accountant asked for the receipts twice now."),
    Talk(1500, GENERAL, "ana", "Morning all! The flour ran out again yesterday. Ben, could you see to it?"),
    Talk(1496, GENERAL, "ben", "On it. The mill needs to know by noon."),
    Talk(1490, GENERAL, "ana", "/task add Put a spare bag of flour aside assign:@ben priority:medium due:tomorrow"),
    Talk(1440, STOCK, "ben", "Three cans are dented, I put them by the door."),
    Talk(1410, GENERAL, "ben", "How are we doing?"),
    Talk(1405, GENERAL, "ben", "/task summary channel:all"),
    Talk(420, GENERAL, "chloe", "Somebody asked for gift hampers three times today."),
    Talk(415, GENERAL, "ana", "Then let's make some. Chloe, what would go in?"),
    Talk(410, GENERAL, "chloe", "/task add Write a list for the hampers assign:@me due:fri priority:high"),
    Talk(320, GENERAL, "dev", "The door of the freezer does not close well."),
    Talk(316, GENERAL, "dev", "/task add Call about the freezer door priority:urgent assign:@ana due:today"),
    Talk(180, GENERAL, "ana", "They come on Monday between 8 and 10. Who is in then?"),
    Talk(175, GENERAL, "dev", "I am."),
    Talk(172, GENERAL, "ana", '/task add Let the freezer people in assign:@dev due:"next monday 8:00"'),
    Talk(90, SHOP, "ben", "Bread is here, two crates too many."),
    Talk(84, SHOP, "ana", "Keep them, we'll do a two for one after four."),
    Talk(20, GENERAL, "ana", "/task list"),
    Talk(12, GENERAL, "chloe", "The list for the hampers is nearly done."),
    Talk(10, GENERAL, "ana", "Lovely. Press Done on it when it is, then I'll order the boxes."),
)
