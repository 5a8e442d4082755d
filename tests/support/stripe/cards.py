"""Stripe's test cards, by number: what becomes of a payment with each (https://docs.stripe.com/testing)."""

from dataclasses import dataclass

GOOD = "4242424242424242"
DECLINED = "4000000000000002"
BROKE = "4000000000009995"
EXPIRED_CARD = "4000000000000069"
WRONG_CVC = "4000000000000127"
SECURE = "4000002760003184"
"""It is paid with after its holder confirmed that with the bank (3-D Secure)."""


@dataclass(frozen=True, slots=True)
class Decline:
    """Why a card is declined: the code of the error, and more exactly the issuer's."""

    code: str
    decline_code: str
    message: str

    @property
    def error(self) -> dict[str, object]:
        """What stands in `last_payment_error`."""
        return {
            "type": "card_error",
            "code": self.code,
            "decline_code": self.decline_code,
            "message": self.message,
            "doc_url": f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}",
        }


DECLINES = {
    DECLINED: Decline("card_declined", "generic_decline", "Your card was declined."),
    BROKE: Decline("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    EXPIRED_CARD: Decline("expired_card", "expired_card", "Your card has expired."),
    WRONG_CVC: Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
}

NOT_AUTHENTICATED = {
    "type": "invalid_request_error",
    "code": "payment_intent_authentication_failure",
    "message": "The provided PaymentMethod has failed authentication.",
    "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
}
