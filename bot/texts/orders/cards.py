"""What people read of payments by card: the link, and what became of it."""

from collections.abc import Callable, Mapping

from bot.texts.common import moment
from bot.texts.orders.words import beginning_with, name_of, order_fields
from bot.texts.prices import money
from core.chat.reply import Action, Field, Reply, Visibility
from core.chat.text import Bold, Link, Text, lines, text
from core.orders.cards import CardNews, CardOutcome
from core.orders.model import Order, OrderStatus
from core.payments.money import Money

DECLINE: Mapping[str, str] = {
    "insufficient_funds": "there is not enough money on it",
    "expired_card": "it has expired",
    "incorrect_cvc": "its security code was wrong",
    "incorrect_number": "its number was wrong",
    "lost_card": "its bank declined it",
    "stolen_card": "its bank declined it",
    "card_velocity_exceeded": "it has been used too often",
    "currency_not_supported": "it can't be charged in this currency",
    "processing_error": "its bank could not be asked just now",
    "payment_intent_authentication_failure": "its holder did not confirm it with the bank",
}
"""Why a card was declined, by the codes that its bank gives; of the others it says nothing more."""

WHY: Mapping[str, str] = {
    "card_expired": "nobody paid before its link ended",
    "card_declined": "no card was accepted before its link ended",
    "link_closed": "its link was closed, since somebody did something else",
    "payment_link_too_late": "its link could not be made in time",
    "payments_misconfigured": "Stripe does not accept this shop's key; `quartermaster doctor` says more",
    "charge_refused": "Stripe does not charge that amount in that currency",
    "payment_outcome_unknown": "Stripe did not answer, and nobody ever had a link",
    "payments_busy": "Stripe did not answer, and nobody ever had a link",
    "refund_failed": "its bank does not take it",
    "refund_refused": "more was asked for than is left of it there, or it went back already",
    "no_such_payment": "Stripe does not know it: is the key of another account set?",
}
"""Why a payment by card came to nothing, by the codes of errors."""


def card_news(news: CardNews, zone: str) -> Reply:
    """Say what became of a payment by card."""
    return _SAYS[news.outcome](news, zone)


def charge_consequence(order: Order, amount: Money) -> str:
    """Return what asking for a payment by card does that nobody can take back."""
    charged, total = _sum(amount), money(order.total, order.currency)
    rounded = f" (of {total}: cards have no smaller coin)" if charged != total else ""
    return f"{charged}{rounded} is asked for by card for order #{order.number}, and no Undo takes a payment back."


def _linked(news: CardNews, zone: str) -> Reply:
    attempt = news.attempt
    said = text(
        beginning_with(news.order),
        ", ",
        Bold(_sum(attempt.amount)),
        " by card: ",
        Link("pay here", attempt.url),
        ".",
    )
    until = text("The link is good until ", moment(attempt.expires_at, zone), "; so long its goods are set aside.")
    hint = "Give it to whoever pays. What becomes of it is said in the channel of the order."
    fields = (*order_fields(news.order), Field("url", "Link", attempt.url, implied=True))
    return Reply(text=lines(said, until, hint), fields=fields)


def _awaited(news: CardNews, _zone: str) -> Reply:
    said = text("Stripe does not answer just now, so there is no link for ", name_of(news.order), " yet.")
    more = "It is asked for again and again, and you are told as soon as there is one. Its goods stay set aside."
    if news.attempt.url:
        said = text("Stripe does not answer just now, so nobody knows how the payment of ", name_of(news.order), " is.")
        more = "It is looked at again and again, and its channel is told. Its goods stay set aside."
    return Reply(text=lines(said, more), fields=order_fields(news.order))


def _action(news: CardNews, zone: str) -> Reply:
    said = text("Whoever pays ", name_of(news.order), " by card has to confirm that with their bank now.")
    return _told(news, lines(said, _good_until(news, zone)))


def _declined(news: CardNews, zone: str) -> Reply:
    why = DECLINE.get(news.reason, "its bank declined it")
    said = text("A card for ", name_of(news.order), f" was declined: {why}.")
    again = text("Another one can be tried. ", _good_until(news, zone))
    return _told(news, lines(said, again))


def _paid(news: CardNews, _zone: str) -> Reply:
    order = news.order
    at = f"#{order.number}"
    said = text(beginning_with(news.order), f" is paid: {_sum(news.attempt.amount)} (card). Receipt {order.receipt}.")
    buttons = (Action("Receipt", f"/order receipt {at}"), Action("Refund", f"/order refund {at}"))
    return _told(news, said, *buttons)


def _ended(news: CardNews, _zone: str) -> Reply:
    at = f"#{news.order.number}"
    why = _why(news)
    said = text(beginning_with(news.order), f" is not paid by card: {why}.")
    if news.order.status is not OrderStatus.PAYMENT_FAILED:
        return _told(news, lines(said, "Nothing was charged."), Action("Order", f"/order show {at}"))
    again = Action("Check out again", f"/order checkout order:{at}", once=True)
    return _told(news, lines(said, "Nothing was charged, and its goods are free again."), again)


def _returned(news: CardNews, _zone: str) -> Reply:
    said = text(_amount(news), " came by card for ", name_of(news.order), " after its goods were let go.")
    return _told(news, lines(said, "All of it was given back."))


def _refunded(news: CardNews, _zone: str) -> Reply:
    order = news.order
    left = f"{money(order.left, order.currency)} of it is left." if order.left > 0 else "Nothing of it is left."
    return _told(news, text(_amount(news), " went back to the card that paid ", name_of(order), f". {left}"))


def _refund_awaited(news: CardNews, _zone: str) -> Reply:
    said = text("Stripe has not confirmed yet that ", _amount(news), " for ", name_of(news.order), " goes back.")
    more = "It is asked again and again, and gives it back once; the channel of the order is told."
    return Reply(text=lines(said, more), fields=order_fields(news.order))


def _not_refunded(news: CardNews, _zone: str) -> Reply:
    why = _why(news)
    said = text(_amount(news), " for ", name_of(news.order), f" could not be given back to the card: {why}.")
    return _told(news, lines(said, "Give it back on Stripe's own pages, or in another way."))


_SAYS: Mapping[CardOutcome, Callable[[CardNews, str], Reply]] = {
    CardOutcome.LINKED: _linked,
    CardOutcome.AWAITED: _awaited,
    CardOutcome.DIFFERS: _awaited,
    CardOutcome.WAITING: _linked,
    CardOutcome.REQUIRES_ACTION: _action,
    CardOutcome.DECLINED: _declined,
    CardOutcome.PAID: _paid,
    CardOutcome.ENDED: _ended,
    CardOutcome.RETURNED: _returned,
    CardOutcome.REFUNDED: _refunded,
    CardOutcome.REFUND_AWAITED: _refund_awaited,
    CardOutcome.NOT_REFUNDED: _not_refunded,
}


def _told(news: CardNews, said: Text, *buttons: Action) -> Reply:
    return Reply(text=said, visibility=Visibility.CHANNEL, fields=order_fields(news.order), actions=buttons)


def _good_until(news: CardNews, zone: str) -> Text:
    return text("The link is good until ", moment(news.attempt.expires_at, zone), ".")


def _why(news: CardNews) -> str:
    return WHY.get(news.reason, "Stripe refused it, and the log says why")


def _amount(news: CardNews) -> Bold:
    return Bold(_sum(news.amount or news.attempt.amount))


def _sum(amount: Money) -> str:
    return money(amount.amount, amount.currency)
