"""Why something can't be done with orders, by the reasons that their services give."""

from collections.abc import Mapping

from bot.texts.common import counted_in_full
from bot.texts.errors import Reasons, Wording, Words, shown
from core.orders.model import OrderStatus


def _status(words: Words) -> tuple[str, str]:
    wanted = OrderStatus(str(words["wanted"]))
    hints = {
        OrderStatus.PENDING: "Only a cart, or an order that was not paid in time, is checked out.",
        OrderStatus.COMPLETED: "Only what was checked out and waits for its payment is paid.",
        OrderStatus.CANCELLED: "It is over already.",
    }
    return _at_that_status(words), hints.get(wanted, "")


def _at_that_status(words: Words) -> str:
    return f"`order` #{words['number']} {_NOW[OrderStatus(str(words['status']))]}, so that can't be done with it."


_NOW: Mapping[OrderStatus, str] = {
    OrderStatus.CART: "is still a cart",
    OrderStatus.FAILED: "could not be checked out",
    OrderStatus.PENDING: "waits for its payment",
    OrderStatus.PAYMENT_FAILED: "was not paid in time",
    OrderStatus.COMPLETED: "is completed",
    OrderStatus.CANCELLED: "is cancelled",
}


_ARGUMENTS: Mapping[str, Wording] = {
    "percent_bad": lambda w: (
        f"`{w['argument']}` goes from 0 to 100 with {w['places']} decimal places at most, not {w['value']}.",
        "Try `10` for ten percent.",
    ),
    "code_bad": lambda w: (
        f"“{shown(w['value'])}” can't be a code.",
        f"It is one word of letters, digits, `-` and `_`, at most {w['limit']} of them, such as `{w['example']}`.",
    ),
    "code_unknown": lambda w: (
        f"There is no discount code “{shown(w['value'])}”.",
        "Managers know which there are, by `/order code`.",
    ),
    "email_bad": lambda w: (f"“{shown(w['value'])}” is no e-mail address.", f"Write one such as `{w['example']}`."),
    "set_aside_bad": lambda w: (
        f"`{w['argument']}` goes from 1 to {w['most']}, not {w['value']}.",
        "For so long the goods of an unpaid order are set aside.",
    ),
    "no_lines": lambda _w: (
        "`lines` has to name what is cancelled.",
        "Name it with how many: `apples 1, pears`; without `lines` all of the order is cancelled.",
    ),
    "nothing_said_of_order": lambda _w: (
        "Say whom it is for, or where it goes.",
        "Try `/order address 5 Market Street, Springfield customer:Ann`.",
    ),
    "nothing_said_of_terms": lambda _w: ("Say what to change of the terms.", "Try `/order terms tax:8 shipping:4.90`."),
    "amount_bad": lambda w: (
        f"`{w['argument']}` is an amount from 0 on with at most {w['places']} decimal places, not {w['value']}.",
        f"Try `{'4.90' if int(str(w['places'])) > 1 else '5'}`.",
    ),
    "refund_bad": lambda w: (
        f"`amount` goes up to {w['left']} {w['currency']}, which is left of the payment, not {w['value']}.",
        "Without an amount all that is left is given back.",
    ),
    "refund_places": lambda w: (
        f"{w['currency']} has {w['places']} decimal places, so `amount` can't be {w['value']}.",
        "Leave the other ones out.",
    ),
}

_FAULTS: Mapping[str, str] = {
    "not_positive": "it costs nothing",
    "unknown_currency": "cards know no such currency",
    "too_precise": "its currency has no such small coin",
}

_REFUSALS: Mapping[str, Wording] = {
    "cart_empty": lambda _w: ("Your cart is empty here.", "Put something in: `/order add apples 2`."),
    "cart_filled": lambda w: (
        f"You have a cart here with {counted_in_full(int(str(w['lines'])), 'product')} in it: #{w['number']}.",
        f"`/order checkout` makes it an order, `/order cancel #{w['number']}` drops it.",
    ),
    "not_in_cart": lambda w: (
        f"`product` #{w['number']} is not in your cart.",
        "`/order cart` shows what is.",
    ),
    "not_in_order": lambda w: (
        f"Nothing of that `product` is left in order #{w['number']}.",
        f"`/order show #{w['number']}` shows what is.",
    ),
    "line_unknown": lambda w: (
        f"Nothing called “{shown(w['value'])}” is left in order #{w['number']}.",
        f"`/order show #{w['number']}` shows what is; write as there, with how many behind it: `apples 1, pears 2`.",
    ),
    "not_so_many": lambda w: (
        f"`quantity` can't be {w['wanted']:,}: there {'is' if w['left'] == 1 else 'are'} only {w['left']:,} of "
        f"{shown(w['name'])} in it.",
        "Without a quantity all of it goes.",
    ),
    "too_many_lines": lambda w: (
        f"An order has {w['limit']} lines at most, so that `product` does not fit.",
        "Check this one out and begin another.",
    ),
    "total_changed": lambda w: (
        f"Prices or terms changed since: order #{w['number']} comes to {w['total']} {w['currency']} now, "
        f"not {w['was']}.",
        "`/order cart` shows it; `/order checkout` again goes ahead.",
    ),
    "product_gone": lambda w: (
        f"{shown(w['name'])} is in the catalogue no more: `product` #{w['number']}.",
        f"Take it out: `/order take #{w['number']}`.",
    ),
    "not_your_cart": lambda w: (
        f"`order` #{w['number']} is a cart of somebody else, who fills it still.",
        "`/order cart` shows yours.",
    ),
    "order_too_large": lambda w: (
        f"An order comes to less than {w['limit']:,}, so nothing was changed.",
        "Is there a digit too many? Otherwise make several of it.",
    ),
    "order_status": _status,
    "nothing_to_take_out": lambda w: (
        _at_that_status(w),
        "Goods come back out of an order that waits for its payment, or was paid.",
    ),
    "nothing_paid": lambda w: (f"Nothing of `order` #{w['number']} is left to give back.", "`/order show` says why."),
    "cards_off": lambda _w: (
        "No cards are taken here: there is no key of Stripe's.",
        "Whoever runs Quartermaster sets `STRIPE_API_KEY`, as its README says under Stripe, and starts it again.",
    ),
    "card_open": lambda w: (
        f"Somebody may be paying `order` #{w['number']} by card just now.",
        "Try again: its link is closed first.",
    ),
    "card_silent": lambda w: (
        f"`order` #{w['number']} has a link to pay by card, and Stripe does not answer, so it can't be closed.",
        "Nothing was changed. Try again in a minute; if it lasts, `quartermaster doctor` tells why.",
    ),
    "card_amount": lambda w: (
        f"`order` #{w['number']} can't be paid by card: {_FAULTS.get(str(w['fault']), 'the amount is too large')}.",
        f"Take it down in another way, such as `/order pay #{w['number']} cash`.",
    ),
    "card_least": lambda w: (
        f"`order` #{w['number']} can't be paid by card: "
        + (f"the least that cards are charged is {w['least']}." if w["least"] else "no card is charged that amount."),
        f"Take it down in another way, such as `/order pay #{w['number']} cash`.",
    ),
    "paid_by_card": lambda w: (
        f"`order` #{w['number']} was paid by card just now, so nothing was given back.",
        f"`/order refund #{w['number']}` again gives it back to the card.",
    ),
    "refund_under_way": lambda w: (
        f"Money of `order` #{w['number']} is on its way back already, and Stripe has not confirmed it yet.",
        "The channel of the order is told; more can be given back after that.",
    ),
    "not_printed": lambda _w: (
        "There is no room to make a PDF right now.",
        "Try again in a minute; without `pdf` the receipt is shown at once.",
    ),
    "no_receipt": lambda w: (
        f"`order` #{w['number']} was not paid, so it has no receipt.",
        f"`/order pay #{w['number']}` takes the payment down.",
    ),
    "another_cart": lambda w: (
        f"Another cart was begun there since (#{w['other']}), so order #{w['number']} can't be one again.",
        f"Check it out or `/order cancel #{w['other']}` first.",
    ),
}

REASONS = Reasons(arguments=_ARGUMENTS, refusals=_REFUSALS, parts={"order": {"number": "whether it exists"}})
