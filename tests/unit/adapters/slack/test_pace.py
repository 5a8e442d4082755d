"""Posts keep to Slack's limits before it has to say so, and what it says of them is believed within reason."""

import pytest

from adapters.platforms.slack.api import DEFAULT_PAUSE, MOST_PAUSE, retry_after
from adapters.platforms.slack.pace import AT_ONCE, Pace


async def test_a_channel_rests_after_a_message_and_others_do_not() -> None:
    pace = Pace(60.0)
    assert pace.wait("T1", "C1") == 0
    assert 0 < pace.wait("T1", "C1") <= 60
    assert pace.wait("T1", "C2") == 0
    assert pace.wait("T2", "C3") == 0


async def test_a_workspace_takes_so_many_at_once_and_others_do_not_wait_for_it() -> None:
    pace = Pace(60.0)
    waits = [pace.wait("T1", f"C{number}") for number in range(AT_ONCE + 50)]
    assert not any(waits[:AT_ONCE])
    assert 0 < waits[-1] <= 1
    assert pace.wait("T2", "D1") == 0


async def test_what_was_told_to_wait_is_not_counted() -> None:
    pace = Pace(60.0)
    assert pace.wait("T1", "C0") == 0
    assert all(pace.wait("T1", "C0") for _ in range(AT_ONCE))
    assert not any(pace.wait("T1", f"C{number}") for number in range(1, AT_ONCE))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        (["12"], 12.0),
        ("0.5", 0.5),
        ("-3", DEFAULT_PAUSE),
        ("nan", DEFAULT_PAUSE),
        ("soon", DEFAULT_PAUSE),
        ("", DEFAULT_PAUSE),
        ([], DEFAULT_PAUSE),
        ("86400", MOST_PAUSE),
        ("inf", MOST_PAUSE),
    ],
)
def test_a_pause_that_makes_no_sense_is_not_believed(told: object, seconds: float) -> None:
    assert retry_after({"retry-after": told}) == seconds
    assert retry_after({"Retry-After": told}) == seconds


def test_a_limit_without_a_pause_has_one() -> None:
    assert retry_after({"Content-Type": "text/plain"}) == DEFAULT_PAUSE
