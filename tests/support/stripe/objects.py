"""Stripe's objects, in the shape of its published API description: what is here, and null where nothing is."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_NO_SESSION = """
    after_expiration allow_promotion_codes billing_address_collection branding_settings client_secret
    collected_information consent consent_collection currency_conversion customer customer_account customer_details
    discounts integration_identifier invoice invoice_creation locale managed_payments name_collection optional_items
    origin_context payment_link payment_method_configuration_details permissions presentment_details recovered_from
    return_url saved_payment_method_options setup_intent shipping_address_collection shipping_cost submit_type
    subscription tax_id_collection wallet_options
""".split()
_NO_INTENT = """
    application application_fee_amount automatic_payment_methods canceled_at cancellation_reason customer
    customer_account excluded_payment_method_types on_behalf_of payment_method_configuration_details
    presentment_details processing receipt_email review setup_future_usage shipping source statement_descriptor
    statement_descriptor_suffix transfer_data transfer_group
""".split()
_NO_CHARGE = """
    application application_fee application_fee_amount balance_transaction calculated_statement_descriptor customer
    description failure_balance_transaction on_behalf_of receipt_email receipt_number receipt_url review shipping source
    source_transfer statement_descriptor statement_descriptor_suffix transfer_data transfer_group
""".split()


@dataclass
class Charge:
    """One try at a card; `error` is why it failed."""

    id: str
    created: int
    amount: int
    currency: str
    intent: str
    card: str
    error: Json | None = None
    refunded: int = 0
    metadata: Json = field(default_factory=dict)

    def shape(self) -> Json:
        """Return it as Stripe tells it."""
        is_good = self.error is None
        failure = self.error or {}
        return {
            **dict.fromkeys(_NO_CHARGE),
            "id": self.id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": self.amount if is_good else 0,
            "amount_refunded": self.refunded,
            "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
            "captured": is_good,
            "created": self.created,
            "currency": self.currency,
            "disputed": False,
            "failure_code": failure.get("code"),
            "failure_message": failure.get("message"),
            "fraud_details": {},
            "livemode": False,
            "metadata": self.metadata,
            "outcome": {"type": "authorized" if is_good else "issuer_declined"},
            "paid": is_good,
            "payment_intent": self.intent,
            "payment_method": f"pm_{self.id}",
            "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": self.card[-4:]}},
            "refunded": self.refunded == self.amount,
            "status": "succeeded" if is_good else "failed",
        }


@dataclass
class Intent:
    """What somebody is about to pay."""

    id: str
    created: int
    amount: int
    currency: str
    description: str | None
    metadata: Json
    status: str = "requires_payment_method"
    card: str = ""
    error: Json | None = None
    charges: list[Charge] = field(default_factory=list)

    @property
    def charge(self) -> Charge | None:
        """Return the latest charge."""
        return self.charges[-1] if self.charges else None

    def shape(self, *, expand_charge: bool = False) -> Json:
        """Return it as Stripe tells it."""
        latest = self.charge
        acts = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
        return {
            **dict.fromkeys(_NO_INTENT),
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": self.amount if self.status == "succeeded" else 0,
            "capture_method": "automatic_async",
            "client_secret": f"{self.id}_secret_x",
            "confirmation_method": "automatic",
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "last_payment_error": self.error,
            "latest_charge": (latest.shape() if expand_charge else latest.id) if latest else None,
            "livemode": False,
            "metadata": self.metadata,
            "next_action": acts if self.status == "requires_action" else None,
            "payment_method": f"pm_{latest.id}" if latest and not self.error else None,
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
            "payment_method_types": ["card"],
            "status": self.status,
        }


@dataclass
class Session:
    """A page to pay on."""

    id: str
    created: int
    asked: Json
    amount: int
    currency: str
    expires_at: int
    url: str
    status: str = "open"
    intent: Intent | None = None

    @property
    def is_paid(self) -> bool:
        """Tell whether the money came."""
        return self.intent is not None and self.intent.status == "succeeded"

    def shape(self, expand: list[str] = []) -> Json:  # noqa: B006  # only read
        """Return it as Stripe tells it, with what is to be expanded."""
        is_whole = any(path.split(".")[0] == "payment_intent" for path in expand)
        with_charge = "payment_intent.latest_charge" in expand
        intent = (self.intent.shape(expand_charge=with_charge) if is_whole else self.intent.id) if self.intent else None
        return {
            **dict.fromkeys(_NO_SESSION),
            "id": self.id,
            "object": "checkout.session",
            "adaptive_pricing": {"enabled": self.asked.get("adaptive_pricing", {}).get("enabled") == "true"},
            "amount_subtotal": self.amount,
            "amount_total": self.amount,
            "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
            "cancel_url": self.asked.get("cancel_url"),
            "client_reference_id": self.asked.get("client_reference_id"),
            "created": self.created,
            "currency": self.currency,
            "custom_fields": [],
            "custom_text": {
                "after_submit": None,
                "shipping_address": None,
                "submit": None,
                "terms_of_service_acceptance": None,
            },
            "customer_creation": "if_required",
            "customer_email": self.asked.get("customer_email"),
            "expires_at": self.expires_at,
            "livemode": False,
            "metadata": self.asked.get("metadata", {}),
            "mode": "payment",
            "payment_intent": intent,
            "payment_method_collection": "if_required",
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
            "payment_method_types": ["card"],
            "payment_status": "paid" if self.is_paid else "unpaid",
            "phone_number_collection": {"enabled": False},
            "redirect_on_completion": None,
            "shipping_options": [],
            "status": self.status,
            "success_url": self.asked.get("success_url"),
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
            "ui_mode": "hosted_page",
            "url": self.url if self.status == "open" else None,
        }


@dataclass
class Refund:
    """Money on its way back."""

    id: str
    created: int
    amount: int
    currency: str
    intent: str
    charge: str
    metadata: Json
    status: str = "succeeded"

    def shape(self) -> Json:
        """Return it as Stripe tells it."""
        return {
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "balance_transaction": None,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "destination_details": {"type": "card", "card": {"type": "pending"}},
            "metadata": self.metadata,
            "payment_intent": self.intent,
            "reason": None,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": self.status,
            "transfer_reversal": None,
        }
