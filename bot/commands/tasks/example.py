"""What there is to do in the shop of the example."""

from collections.abc import Sequence

from bot.example.model import Entry, Example, Step, Talk
from bot.example.shop import GENERAL, OFFICE, SHOP, STOCK
from bot.identity.identities import OWNER_USER


def _task(
    title: str,
    channel: str,
    by: str,
    day: int | None = None,
    clock: str = "",
    priority: str = "",
    assign: str = "",
    notes: str = "",
    done_by: str = "",
) -> Entry:
    due = "" if day is None else f'due:"{{day}} {clock}"' if clock else "due:{day}"
    named = (due, f"priority:{priority}", f"assign:@{assign}" if assign else "", f'notes:"{notes}"' if notes else "")
    arguments = " ".join([title, *filter(None, named)])
    return Entry(arguments, channel, by, day, steps=(Step("/task done {number}", done_by),) if done_by else ())


_TASKS: Sequence[Entry] = (
    _task("Call the bakery about Saturday's bread", SHOP, "ana", -4, "", "high", "ana", done_by="ana"),
    _task("Replace the bulb above the till", SHOP, "ben", -6, "", "low", "ben", done_by="ben"),
    _task("Price the new tea tins", SHOP, "ana", -2, "", "medium", "chloe", done_by="chloe"),
    _task("Clean the coffee machine", SHOP, "chloe", -1, "18:00", "medium", "dev"),
    _task("Put up the opening hours for the holidays", SHOP, "ana", -2, "", "high", "ben"),
    _task("Dress the window for winter", SHOP, "ana", 3, "", "medium", "chloe", "Lights are in the blue box."),
    _task("Check the dates of the dairy shelf", SHOP, "ana", 0, "", "urgent", "dev"),
    _task("Wipe down the fridge doors", SHOP, "ben", 0, "17:30", "low", "dev"),
    _task("Sharpen the cheese knives", SHOP, "chloe", 2, "", "low"),
    _task("Refill the paper bags at the till", SHOP, "dev", 1, "9:00", "medium", "dev"),
    _task("Try the new card reader", SHOP, "ana", 1, "14:00", "high", "ben"),
    _task("Write the signs for the jam tasting", SHOP, "chloe", 4, "", "medium", "chloe"),
    _task("Ask regulars which cheese they miss", SHOP, "ana", None, "", "low"),
    _task("Count the tins", STOCK, "ben", -5, "", "medium", "ben", done_by="ben"),
    _task("Unpack the olive oil", STOCK, "ben", -3, "", "high", "dev", done_by="dev"),
    _task("Return the dented cans", STOCK, "ben", -3, "", "medium", "ben"),
    _task("Order flour, 20 bags", STOCK, "ana", -1, "12:00", "urgent", "ben", "The mill delivers on Thursdays."),
    _task("Take the cardboard out", STOCK, "dev", 0, "19:00", "medium", "dev"),
    _task("Book the van for the market", STOCK, "ana", 2, "10:00", "high", "ben"),
    _task("Label the top shelves", STOCK, "chloe", 5, "", "low", "chloe"),
    _task("Check the freezer's thermometer", STOCK, "ben", 1, "8:00", "high", "ben"),
    _task("Look for the lost box of candles", STOCK, "chloe", None, "", "low", "dev"),
    _task("Make room for the winter stock", STOCK, "ana", 7, "", "medium", "ben"),
    _task("Put the heavy things on the lower shelves", STOCK, "dev", 8, "", "medium"),
    _task("Order boxes for the hampers", STOCK, "chloe", 6, "", "high", "ana"),
    _task("Pay the electricity", OFFICE, "ana", -7, "", "high", "ana", done_by="ana"),
    _task("Send last month's receipts to the accountant", OFFICE, "ana", -2, "17:00", "urgent", OWNER_USER),
    _task("Answer the landlord about the awning", OFFICE, "ana", -1, "", "medium", OWNER_USER),
    _task("Plan the shifts for next week", OFFICE, "ana", 0, "16:00", "high", "ana"),
    _task("Interview the Saturday help", OFFICE, "ana", 3, "11:00", "high", OWNER_USER),
    _task("Renew the insurance", OFFICE, "ana", 12, "", "high", "ana"),
    _task("Compare prices for card payments", OFFICE, "ana", 9, "", "medium", OWNER_USER),
    _task("Photograph the hampers for the web page", OFFICE, "chloe", 6, "15:00", "medium", "chloe"),
    _task("Reply to the review about the queue", OFFICE, "chloe", 1, "", "medium", "chloe"),
    _task("Book the chimney sweep", OFFICE, "ana", 20, "", "low", "ana"),
    _task("Invite everybody to the year's dinner", OFFICE, "ana", 25, "19:30", "low", "ana"),
)

_TALK: Sequence[Talk] = (
    Talk(1490, GENERAL, "ana", "/task add Put a spare bag of flour aside assign:@ben priority:medium due:tomorrow"),
    Talk(1405, GENERAL, "ben", "/task summary channel:all"),
    Talk(410, GENERAL, "chloe", "/task add Write a list for the hampers assign:@me due:fri priority:high"),
    Talk(316, GENERAL, "dev", "/task add Call about the freezer door priority:urgent assign:@ana due:today"),
    Talk(172, GENERAL, "ana", '/task add Let the freezer people in assign:@dev due:"next monday 8:00"'),
    Talk(20, GENERAL, "ana", "/task list"),
)

TASK_EXAMPLE = Example(_TASKS, _TALK, everything="list channel:all status:all")
