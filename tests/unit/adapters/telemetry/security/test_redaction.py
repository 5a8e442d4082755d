"""What never reaches a log."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telemetry.redaction import redact, redact_named, redact_text


@pytest.mark.parametrize(
    "text",
    [
        "token xoxb-123-hush failed",
        "xapp-1-A0-hush",
        "xoxe.xoxb-1-hush and more",
        "Authorization: Bearer hush",
        "authorization: basic hush==",
        "postgresql+asyncpg://bob:hush@db/qm",
        "smtp://hush@mail.example:25",
        "https://hooks.slack.com/commands/T1/2/hush",
        "GET /?token=hush&x=1",
        "https://slack.com/api/oauth.v2.access?client_id=1&client_secret=hush",
        "key sk_live_hushhush1",
        "whsec_hushhush12",
    ],
)
def test_secrets_in_a_text_are_replaced(text: str) -> None:
    assert "hush" not in redact_text(text)
    assert "[redacted]" in redact_text(text)


@pytest.mark.parametrize(
    "text", ["Buy milk", "ana@shop.example", "https://shop.example/a?page=2", "10 × 2 = 20", "task/done"]
)
def test_other_texts_stay(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.parametrize("name", ["token", "SLACK_BOT_TOKEN", "password", "Cookie", "client_secret", "response_url"])
def test_a_named_secret_is_replaced_whatever_it_holds(name: str) -> None:
    assert redact_named(name, "plain words") == "[redacted]"
    assert redact_named(name, {"a": 1}) == "[redacted]"


def test_a_figure_is_no_secret() -> None:
    assert redact_named("tokens_left", 5) == 5


def test_looks_into_what_is_nested() -> None:
    value = {"headers": [("Cookie", "x"), {"Authorization": "hush"}], "n": 1, "deep": {"url": "a://b:hush@c"}}
    found = redact(value)
    assert "hush" not in str(found)
    assert isinstance(found, dict)
    assert found["n"] == 1


def test_a_very_long_text_is_cut_and_says_so() -> None:
    assert redact_text("ä" * 1_000_000).endswith("… (1000000 characters)")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_takes_anything(value: object) -> None:
    redact(value)


def test_what_holds_itself_ends() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert "…" in str(redact(endless))
