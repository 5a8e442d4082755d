import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.platforms.web.sessions import LINK_LIFE, OWNER, SESSION_LIFE, Sessions, SignInLinks
from adapters.secrets import AesGcmSecretBox
from tests.support.clock import HeldClock


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def box() -> AesGcmSecretBox:
    return AesGcmSecretBox(["a key for these tests only"])


def test_a_link_signs_in_once(box: AesGcmSecretBox, clock: HeldClock) -> None:
    links = SignInLinks(box, clock)
    token = links.issue()

    assert [links.spend(token), links.spend(token)] == [True, False]


def test_a_link_expires(box: AesGcmSecretBox, clock: HeldClock) -> None:
    links = SignInLinks(box, clock)
    token = links.issue()
    clock.moment += LINK_LIFE

    assert not links.spend(token)


def test_a_made_up_link_is_refused(box: AesGcmSecretBox, clock: HeldClock) -> None:
    links = SignInLinks(box, clock)
    links.issue()

    assert not links.spend("made-up")
    assert not links.spend("")


def test_only_the_newest_links_stay_open(box: AesGcmSecretBox, clock: HeldClock) -> None:
    links = SignInLinks(box, clock)
    first = links.issue()
    later = [links.issue() for _ in range(32)]

    assert not links.spend(first)
    assert links.spend(later[-1])


def test_a_cookie_tells_who_is_signed_in(box: AesGcmSecretBox, clock: HeldClock) -> None:
    sessions = Sessions(box, clock)
    session = sessions.read(sessions.start(OWNER))

    assert session is not None
    assert (session.user, session.expires_at) == (OWNER, clock.now() + SESSION_LIFE)


def test_a_cookie_expires(box: AesGcmSecretBox, clock: HeldClock) -> None:
    sessions = Sessions(box, clock)
    cookie = sessions.start(OWNER)
    clock.moment += SESSION_LIFE

    assert sessions.read(cookie) is None


def test_an_altered_cookie_is_refused(box: AesGcmSecretBox, clock: HeldClock) -> None:
    sessions = Sessions(box, clock)
    cookie = sessions.start(OWNER)
    user, expires, nonce, digest = cookie.split(".")

    assert sessions.read(f"admin.{expires}.{nonce}.{digest}") is None
    assert sessions.read(f"{user}.{int(expires) + 1}.{nonce}.{digest}") is None
    assert sessions.read(f"{user}.{expires}.{nonce}.{digest[:-1]}") is None


@pytest.mark.parametrize("cookie", ["", ".", "...", "owner", "owner.1.2", "ö.1.2.3", "\x00" * 400])
def test_any_other_text_is_no_session(cookie: str, box: AesGcmSecretBox, clock: HeldClock) -> None:
    assert Sessions(box, clock).read(cookie) is None


def test_a_new_key_ends_every_session(box: AesGcmSecretBox, clock: HeldClock) -> None:
    cookie = Sessions(box, clock).start(OWNER)
    rotated = AesGcmSecretBox(["a newer key for these tests", "a key for these tests only"])

    assert Sessions(rotated, clock).read(cookie) is None


@given(st.text(st.characters(codec=None), max_size=80))
def test_any_text_is_no_session_and_no_link(text: str) -> None:
    clock, box = HeldClock(), AesGcmSecretBox(["a key for these tests only"])
    assert Sessions(box, clock).read(text) is None
    assert Sessions(box, clock).read(f"{text}.\udcff") is None
    assert not SignInLinks(box, clock).spend(text)
