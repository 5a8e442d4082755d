"""Whether a call comes from Stripe, by the library's own signatures."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe import WebhookSignature

from adapters.payments.stripe.signatures import TOLERANCE, is_signed
from tests.support.clock import NOON

BODY = '{"object": "event", "name": "Café"}'
SECRET, OTHER = "whsec_one", "whsec_two"
AT = int(NOON.timestamp())


def header(secret: str = SECRET, *, at: int = AT, body: str = BODY) -> str:
    made: str = WebhookSignature.generate_signature_header(body, secret, at)
    return made


def test_what_the_library_signs_is_signed() -> None:
    assert is_signed(BODY.encode(), header(), [SECRET], NOON)


def test_one_of_several_secrets_and_one_of_several_signatures_is_enough() -> None:
    assert is_signed(BODY.encode(), header(OTHER), [SECRET, OTHER], NOON)
    both = f"{header(OTHER)},{header().partition(',')[2]}"
    assert is_signed(BODY.encode(), both, [SECRET], NOON)


@pytest.mark.parametrize("secrets", [[], [""], [OTHER], ["", OTHER]])
def test_without_the_secret_it_is_not(secrets: list[str]) -> None:
    assert not is_signed(BODY.encode(), header(), secrets, NOON)
    assert not is_signed(BODY.encode(), header(""), secrets, NOON)


def test_another_body_or_another_time_is_not() -> None:
    assert not is_signed(BODY.encode() + b" ", header(), [SECRET], NOON)
    assert not is_signed(BODY.encode(), header().replace(str(AT), str(AT + 1)), [SECRET], NOON)


@pytest.mark.parametrize("way", [-1, 1])
def test_it_is_good_for_five_minutes_each_way(way: int) -> None:
    assert is_signed(BODY.encode(), header(), [SECRET], NOON + way * TOLERANCE)
    assert not is_signed(BODY.encode(), header(), [SECRET], NOON + way * (TOLERANCE + timedelta(seconds=1)))


def test_signatures_of_other_schemes_do_not_count() -> None:
    assert not is_signed(BODY.encode(), header().replace("v1=", "v0="), [SECRET], NOON)


@pytest.mark.parametrize(
    "given_header",
    [
        "",
        "t=",
        f"t={AT}",
        "v1=0",
        "t=x,v1=0",
        f"t={AT},t={AT},v1=0",
        "t=-1,v1=0",
        "t=²,v1=0",
        "t=" + "9" * 5000,
        "=,=,,",
        pytest.param(f"t={AT},v1=\udcff", id="bytes that are no UTF-8"),
    ],
)
def test_what_is_no_header_is_no_signature(given_header: str) -> None:
    assert not is_signed(BODY.encode(), given_header, [SECRET], NOON)


@given(st.binary(max_size=50), st.text(max_size=80))
def test_anything_may_come(body: bytes, anything: str) -> None:
    assert not is_signed(body, anything, [SECRET], NOON)
    assert not is_signed(body, f"t={AT},v1={anything}", [SECRET], NOON)
