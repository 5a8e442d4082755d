"""The secret box: what it seals, who can open it, and how keys change."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.secrets import AesGcmSecretBox
from core.shared.errors import SealBrokenError

OLD, NEW, OTHER = "o" * 32, "n" * 32, "x" * 32
TOKEN = "xoxb-1234-hush"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_opens_what_it_sealed(plain: str) -> None:
    box = AesGcmSecretBox([NEW])
    assert box.open(box.seal(plain, context="installation:7"), context="installation:7") == plain


def test_what_is_sealed_tells_nothing_and_never_repeats() -> None:
    box = AesGcmSecretBox([NEW])
    first, second = box.seal(TOKEN, context="a"), box.seal(TOKEN, context="a")
    assert first != second
    assert "hush" not in first
    assert NEW not in first
    assert first.partition(".")[0] == second.partition(".")[0]


def test_another_context_does_not_open() -> None:
    box = AesGcmSecretBox([NEW])
    with pytest.raises(SealBrokenError):
        box.open(box.seal(TOKEN, context="installation:7"), context="installation:8")


def test_the_first_key_seals_and_all_open() -> None:
    sealed = AesGcmSecretBox([OLD]).seal(TOKEN, context="a")
    rotated = AesGcmSecretBox([NEW, OLD])
    assert rotated.open(sealed, context="a") == TOKEN
    renewed = rotated.seal(TOKEN, context="a")
    assert AesGcmSecretBox([NEW]).open(renewed, context="a") == TOKEN


def test_a_key_that_is_gone_opens_nothing() -> None:
    sealed = AesGcmSecretBox([OLD]).seal(TOKEN, context="a")
    with pytest.raises(SealBrokenError):
        AesGcmSecretBox([OTHER]).open(sealed, context="a")


@given(position=st.integers(0, 200), letter=st.characters())
def test_an_altered_text_does_not_open(position: int, letter: str) -> None:
    box = AesGcmSecretBox([NEW])
    sealed = box.seal(TOKEN, context="a")
    altered = sealed[:position] + letter + sealed[position + 1 :]
    if altered == sealed:
        return
    with pytest.raises(SealBrokenError):
        box.open(altered, context="a")


@pytest.mark.parametrize("text", ["", ".", "nothing", "00.", "ä.ö"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    box = AesGcmSecretBox([NEW])
    for candidate in (text, box.seal("", context="a").partition(".")[0] + "." + text):
        with pytest.raises(SealBrokenError):
            box.open(candidate, context="a")


def test_an_error_does_not_carry_what_was_sealed() -> None:
    box = AesGcmSecretBox([NEW])
    key_id, _, body = box.seal(TOKEN, context="a").partition(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    raw[-1] ^= 1
    with pytest.raises(SealBrokenError) as caught:
        box.open(f"{key_id}.{base64.urlsafe_b64encode(raw).decode()}", context="a")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_digests_differ_by_purpose_and_key_and_stay_the_same() -> None:
    box = AesGcmSecretBox([NEW, OLD])
    assert box.digest("code", purpose="link") == AesGcmSecretBox([NEW]).digest("code", purpose="link")
    digests = {
        box.digest("code", purpose="link"),
        box.digest("code", purpose="connect"),
        box.digest("edoc", purpose="link"),
        AesGcmSecretBox([OLD]).digest("code", purpose="link"),
    }
    assert len(digests) == 4
    assert all(len(digest) == 64 for digest in digests)


def test_a_box_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a key"):
        AesGcmSecretBox([])
