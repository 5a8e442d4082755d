"""What Stripe knows: checkouts, payments and refunds, what people did, and the events that tell of it."""

from typing import Any

from tests.support.local_platform import LocalClock, NotShownError
from tests.support.stripe import sums
from tests.support.stripe.cards import DECLINES, NOT_AUTHENTICATED, SECURE
from tests.support.stripe.objects import Charge, Intent, Json, Refund, Session
from tests.support.stripe.refusals import RefusalError, missing, required, unknown

_CREATE = frozenset(
    """
    adaptive_pricing allowed_payment_method_types cancel_url client_reference_id customer_email expand expires_at
    line_items locale metadata mode payment_intent_data success_url
    """.split()
)
_REFUND = frozenset("amount charge expand metadata payment_intent reason".split())
_SHORTEST, _LONGEST = 30 * 60, 24 * 60 * 60
_MOST_LINES = 100


class World:
    """All of one account."""

    def __init__(self, clock: LocalClock, url: str) -> None:
        self.clock = clock
        self.began = clock.now()
        self.url = url
        self.version = ""
        self.sessions: dict[str, Session] = {}
        self.refunds: dict[str, Refund] = {}
        self.events: list[Json] = []
        self.refund_status = "succeeded"
        self._numbers = 0

    # ------------------------------------------------------------ what is asked for

    def create_session(self, asked: Json) -> Session:
        """Make a page to pay on."""
        _check_names(asked, _CREATE)
        if asked.get("mode") != "payment":
            raise required("mode")
        if not asked.get("success_url", "").startswith(("http://", "https://")):
            raise RefusalError(400, "Not a valid URL", code="url_invalid", param="success_url")
        if "@" not in asked.get("customer_email", "@"):
            raise RefusalError(400, "Invalid email address", code="email_invalid", param="customer_email")
        amount, currency = _total(asked.get("line_items", []))
        expires_at = self._expiry(asked)
        session = Session(
            self._id("cs_test"), self._now(), asked, amount, currency, expires_at, f"{self.url}/c/pay/{self._numbers}"
        )
        self.sessions[session.id] = session
        return session

    def session(self, session_id: str) -> Session:
        """Return a page to pay on, as it is by now."""
        found = self.sessions.get(session_id)
        if found is None:
            raise missing("checkout.session", session_id, "session")
        if found.status == "open" and self.clock.now() >= found.expires_at:
            self._expire(found)
        return found

    def expire_session(self, session_id: str) -> Session:
        """Let nobody pay on a page any more."""
        found = self.session(session_id)
        if found.status != "open":
            raise RefusalError(
                400,
                'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status '
                f"of `{found.status}`.",
            )
        self._expire(found)
        return found

    def create_refund(self, asked: Json) -> Refund:
        """Give back a payment, or a part of it."""
        _check_names(asked, _REFUND)
        intent = self._intent(asked)
        charge = intent.charge
        if charge is None or charge.error:
            raise RefusalError(
                400, f"This PaymentIntent ({intent.id}) does not have a successful charge to refund.",
                param="payment_intent",
            )  # fmt: skip
        left = charge.amount - charge.refunded
        if not left:
            raise RefusalError(400, f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
        amount = sums.whole(asked["amount"], "amount") if "amount" in asked else left
        if not 0 < amount <= left:
            raise RefusalError(
                400, f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
            )
        sums.check_step(amount, charge.currency, "amount")
        charge.refunded += amount
        refund = Refund(
            self._id("re"), self._now(), amount, charge.currency, intent.id, charge.id, asked.get("metadata", {}),
            self.refund_status,
        )  # fmt: skip
        self.refunds[refund.id] = refund
        self._tell("refund.created", refund.shape())
        self._tell("charge.refunded", charge.shape())
        return refund

    # ------------------------------------------------------------ what people do on the page

    def pay(self, session_id: str, card: str) -> None:
        """Type in a card and pay."""
        session = self._shown(session_id)
        intent = session.intent
        if intent is None:
            about = session.asked.get("payment_intent_data", {})
            intent = session.intent = Intent(
                self._id("pi"), self._now(), session.amount, session.currency, about.get("description"),
                about.get("metadata", {}),
            )  # fmt: skip
            self._tell("payment_intent.created", intent.shape())
        intent.card = card
        if card == SECURE:
            intent.status, intent.error = "requires_action", None
            self._tell("payment_intent.requires_action", intent.shape())
        elif card in DECLINES:
            self._decline(intent, DECLINES[card].error)
        else:
            self._succeed(session, intent)

    def authenticate(self, session_id: str, *, succeeds: bool = True) -> None:
        """Confirm a payment with the bank, or fail to."""
        session = self._shown(session_id)
        intent = session.intent
        if intent is None or intent.status != "requires_action":
            raise NotShownError(f"{session_id} asks nobody to confirm anything")
        if succeeds:
            self._succeed(session, intent)
            return
        intent.status, intent.error = "requires_payment_method", dict(NOT_AUTHENTICATED)
        self._tell("payment_intent.payment_failed", intent.shape())

    # ------------------------------------------------------------ inside

    def _shown(self, session_id: str) -> Session:
        found = self.session(session_id)
        if found.status != "open":
            raise NotShownError(f"the page says that {session_id} is {found.status}")
        return found

    def _succeed(self, session: Session, intent: Intent) -> None:
        intent.status, intent.error = "succeeded", None
        charge = self._charge(intent)
        session.status = "complete"
        self._tell("charge.succeeded", charge.shape())
        self._tell("payment_intent.succeeded", intent.shape())
        self._tell("checkout.session.completed", session.shape())

    def _decline(self, intent: Intent, error: Json) -> None:
        charge = self._charge(intent, error)
        intent.status, intent.error = "requires_payment_method", {**error, "charge": charge.id}
        self._tell("charge.failed", charge.shape())
        self._tell("payment_intent.payment_failed", intent.shape())

    def _charge(self, intent: Intent, error: Json | None = None) -> Charge:
        about = (intent.amount, intent.currency, intent.id, intent.card, error)
        # A charge has what its intent was called by when it was made.
        charge = Charge(self._id("ch"), self._now(), *about, metadata=dict(intent.metadata))
        intent.charges.append(charge)
        return charge

    def _expire(self, session: Session) -> None:
        session.status = "expired"
        if session.intent:
            session.intent.status = "canceled"
        self._tell("checkout.session.expired", session.shape())

    def _intent(self, asked: Json) -> Intent:
        given = asked.get("payment_intent")
        if given is None:
            raise required("payment_intent")
        found = [one.intent for one in self.sessions.values() if one.intent and one.intent.id == given]
        if not found:
            raise missing("payment_intent", given, "payment_intent")
        return found[0]

    def _expiry(self, asked: Json) -> int:
        now = self._now()
        if "expires_at" not in asked:
            return now + _LONGEST
        at = sums.whole(asked["expires_at"], "expires_at")
        if not now + _SHORTEST <= at <= now + _LONGEST:
            raise RefusalError(
                400,
                "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session "
                "creation.",
                param="expires_at",
            )
        return at

    def _tell(self, kind: str, about: Json) -> None:
        self.events.append(
            {
                "id": self._id("evt"),
                "object": "event",
                "api_version": self.version,
                "created": self._now(),
                "data": {"object": about},
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": None},
                "type": kind,
            }
        )

    def _now(self) -> int:
        return int(self.clock.now())

    def _id(self, kind: str) -> str:
        self._numbers += 1
        return f"{kind}_{self._numbers:024d}"


def _check_names(asked: Json, known: frozenset[str]) -> None:
    for name in asked:
        if name not in known:
            raise unknown(name)


def _total(lines: Any) -> tuple[int, str]:
    """Return what all lines come to, and their currency."""
    if not isinstance(lines, list) or not lines:
        raise required("line_items")
    if len(lines) > _MOST_LINES:
        raise RefusalError(400, f"A maximum of {_MOST_LINES} line items may be provided.", param="line_items")
    total, currencies = 0, set[str]()
    for place, line in enumerate(lines):
        param = f"line_items[{place}][price_data]"
        price = line.get("price_data", {})
        if "product_data" not in price or not price["product_data"].get("name"):
            raise required(f"{param}[product_data][name]")
        sums.check_currency(price.get("currency", ""), f"{param}[currency]")
        amount = sums.whole(price.get("unit_amount", ""), f"{param}[unit_amount]")
        total += amount * sums.whole(line.get("quantity", "1"), f"line_items[{place}][quantity]")
        currencies.add(price["currency"].lower())
    if len(currencies) > 1:
        raise RefusalError(400, "All line items must have the same currency.", param="line_items")
    currency = currencies.pop()
    sums.check_step(total, currency, "line_items[0][price_data][unit_amount]")
    sums.check_total(total, currency)
    return total, currency
