"""The local Stripe, as the official library finds it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import stripe

from adapters.payments.stripe.signatures import is_signed
from tests.support.clock import NOON
from tests.support.stripe import DECLINED, GOOD, SECURE, StripePlatform
from tests.support.stripe.forms import read_form
from tests.support.stripe.platform import WEBHOOK_SECRET


@pytest.fixture
async def platform() -> AsyncIterator[StripePlatform]:
    async with StripePlatform() as made:
        yield made


@pytest.fixture
async def client(platform: StripePlatform, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[stripe.StripeClient]:
    monkeypatch.setattr(stripe, "enable_telemetry", False)
    async with aiohttp.ClientSession() as session:
        yield stripe.StripeClient(
            platform.api_key,
            base_addresses={"api": platform.url},
            max_network_retries=0,
            http_client=stripe.AIOHTTPClient(timeout=None, session=session),
        )


def asked(**other: Any) -> Any:
    price = {"currency": "eur", "unit_amount": 2000, "product_data": {"name": "Order 12"}}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": "https://shop.example/paid",
        **other,
    }


def test_forms_are_read_as_paths() -> None:
    text = "a=1&b[c]=2&d[0][e]=3&d[1][e]=4&f[]=5&f[]=6&g%5Bh%5D=+%C3%A9"
    assert read_form(text) == {
        "a": "1",
        "b": {"c": "2"},
        "d": [{"e": "3"}, {"e": "4"}],
        "f": ["5", "6"],
        "g": {"h": " é"},
    }


async def test_the_library_finds_objects_of_its_own_shapes(
    platform: StripePlatform, client: stripe.StripeClient
) -> None:
    made = await client.v1.checkout.sessions.create_async(asked())
    platform.pay(made.id, GOOD)
    found = await client.v1.checkout.sessions.retrieve_async(made.id, {"expand": ["payment_intent.latest_charge"]})
    assert isinstance(found, stripe.checkout.Session)
    assert isinstance(found.payment_intent, stripe.PaymentIntent)
    assert isinstance(found.payment_intent.latest_charge, stripe.Charge)
    refund = await client.v1.refunds.create_async({"payment_intent": found.payment_intent.id})
    assert (found.status, found.payment_status, found.payment_intent.status) == ("complete", "paid", "succeeded")
    assert (refund.amount, (await client.v1.refunds.retrieve_async(refund.id)).status) == (2000, "succeeded")
    told: list[stripe.StripeObject] = [found, found.payment_intent, found.payment_intent.latest_charge, refund]
    for thing in told:
        assert set(thing.to_dict()) - set(type(thing).__annotations__) == set()


async def test_pages_are_listed_newest_first(client: stripe.StripeClient) -> None:
    made = [(await client.v1.checkout.sessions.create_async(asked())).id for _ in range(2)]
    listed = await client.v1.checkout.sessions.list_async({"limit": 1})
    assert ([one.id for one in listed.data], listed.has_more) == ([made[1]], True)


async def test_a_key_replays_its_answer_and_refuses_another_request(client: stripe.StripeClient) -> None:
    first = await client.v1.checkout.sessions.create_async(asked(), {"idempotency_key": "k"})
    again = await client.v1.checkout.sessions.create_async(asked(), {"idempotency_key": "k"})
    assert first.id == again.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        await client.v1.checkout.sessions.create_async(asked(client_reference_id="x"), {"idempotency_key": "k"})


async def test_what_was_refused_leaves_its_key_free(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.checkout.sessions.create_async(asked(success_url="x"), {"idempotency_key": "k"})
    await client.v1.checkout.sessions.create_async(asked(), {"idempotency_key": "k"})


@pytest.mark.parametrize(
    ("other", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"mode": "gift"}, "parameter_missing", "mode"),
        ({"line_items": []}, "parameter_missing", "line_items"),
        ({"success_url": "x"}, "url_invalid", "success_url"),
        ({"customer_email": "x"}, "email_invalid", "customer_email"),
        ({"expires_at": 1}, None, "expires_at"),
    ],
)
async def test_it_refuses_what_stripe_refuses(
    client: stripe.StripeClient, other: dict[str, Any], code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await client.v1.checkout.sessions.create_async(asked(**other))
    assert (caught.value.code, caught.value.param) == (code, param)


@pytest.mark.parametrize(
    ("currency", "units", "code"),
    [
        ("xyz", 2000, None),
        ("irr", 2000, None),
        ("eur", 49, "amount_too_small"),
        ("jpy", 49, "amount_too_small"),
        ("eur", 100_000_000, "amount_too_large"),
        ("eur", -1, "parameter_invalid_integer"),
        ("kwd", 1234, None),
        ("isk", 12345, None),
    ],
)
async def test_it_refuses_currencies_and_amounts(
    client: stripe.StripeClient, currency: str, units: int, code: str | None
) -> None:
    price = {"currency": currency, "unit_amount": units, "product_data": {"name": "Order 12"}}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await client.v1.checkout.sessions.create_async(asked(line_items=[{"quantity": 1, "price_data": price}]))
    assert caught.value.code == code


async def test_more_than_a_hundred_lines_are_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await client.v1.checkout.sessions.create_async(asked(line_items=asked()["line_items"] * 101))
    assert caught.value.param == "line_items"


async def test_bodies_are_forms(platform: StripePlatform) -> None:
    headers = {"Authorization": f"Bearer {platform.api_key}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        answer = await session.post(f"{platform.url}/v1/checkout/sessions", json=asked())
        assert answer.status == 400


async def test_it_tells_of_all_that_happens(platform: StripePlatform, client: stripe.StripeClient) -> None:
    made = await client.v1.checkout.sessions.create_async(asked())
    for card in (DECLINED, SECURE):
        platform.pay(made.id, card)
    platform.authenticate(made.id)
    await client.v1.refunds.create_async(
        {"payment_intent": platform.event("payment_intent.succeeded")["data"]["object"]["id"]}
    )
    other = await client.v1.checkout.sessions.create_async(asked())
    await client.v1.checkout.sessions.expire_async(other.id)
    assert [event["type"] for event in platform.world.events] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "refund.created",
        "charge.refunded",
        "checkout.session.expired",
    ]


async def test_its_webhooks_are_signed_as_the_library_wants_them(
    platform: StripePlatform, client: stripe.StripeClient
) -> None:
    made = await client.v1.checkout.sessions.create_async(asked())
    platform.pay(made.id, GOOD)
    body, headers = platform.signed(platform.event("checkout.session.completed"))
    stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], WEBHOOK_SECRET)
    assert json.loads(body)["data"]["object"]["id"] == made.id
    late, headers = platform.signed(platform.event("checkout.session.completed"), aged=3600)
    assert not is_signed(late, headers["Stripe-Signature"], [WEBHOOK_SECRET], NOON)
