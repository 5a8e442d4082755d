"""People hear once that something is wrong, once that it is over, and nothing while it is muted."""

from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.alerts.model import Alert, AlertState, News, Subject
from tests.support.clock import NOON

CUP = Subject("product", 7)
MINUTE = timedelta(minutes=1)


def told(looks: str, *, after: int = 1, muted: range = range(0)) -> tuple[str, Alert]:
    """What is told at each look (`!` wrong, `+` right again, `.` nothing), and the alert after the last.

    A look is `x` where something is wrong, else `o`; those of a range are within a time in which it is muted.
    """
    alert, said = Alert(CUP), ""
    if muted:
        alert = alert.muted(NOON + muted.stop * MINUTE)
    for minute, look in enumerate(looks):
        alert, news = alert.seen(NOON + minute * MINUTE, is_wrong=look == "x", after=after)
        said += "." if news is None else "+" if news.is_over else "!"
    return said, alert


@pytest.mark.parametrize(
    ("looks", "after", "expected"),
    [
        ("ooo", 1, "..."),
        ("xxx", 1, "!.."),
        ("xxxoo", 1, "!..+."),
        ("xoxo", 1, "!+!+"),
        ("xxoxxx", 3, ".....!"),
        ("xxxxoxxo", 3, "..!.+..."),
        ("oxo", 2, "..."),
    ],
)
def test_each_is_told_once(looks: str, after: int, expected: str) -> None:
    assert told(looks, after=after)[0] == expected


@pytest.mark.parametrize(
    ("looks", "muted", "expected"),
    [
        ("xxxxx", range(3), "...!."),
        ("xxooo", range(3), "....."),
        ("xxxoo", range(3), "....."),
        ("oooox", range(3), "....!"),
    ],
)
def test_what_is_wrong_still_when_it_is_no_longer_muted_is_told_then(looks: str, muted: range, expected: str) -> None:
    assert told(looks, muted=muted)[0] == expected


def test_what_was_told_and_came_right_while_it_was_muted_is_told_when_it_is_wrong_again() -> None:
    alert, _ = Alert(CUP).seen(NOON, is_wrong=True)
    alert, over = alert.muted(NOON + 3 * MINUTE).seen(NOON + MINUTE, is_wrong=False)
    assert over is None
    alert, news = alert.seen(NOON + 3 * MINUTE, is_wrong=True)
    assert news == News(CUP, 1, NOON + 3 * MINUTE, is_over=False)


def test_news_say_how_often_and_since_when() -> None:
    _, alert = told("oxxx")
    assert (alert.streak, alert.since) == (3, NOON + MINUTE)
    _, news = alert.seen(NOON + 9 * MINUTE, is_wrong=False)
    assert news == News(CUP, 3, NOON + MINUTE, is_over=True)


def test_states_are_those_that_people_know() -> None:
    assert [told(looks)[1].state(NOON) for looks in ("o", "x", "xo")] == [
        AlertState.OK, AlertState.ALERTED, AlertState.RECOVERED,
    ]  # fmt: skip
    muted = told("x")[1].muted(NOON + MINUTE)
    assert (muted.state(NOON), muted.state(NOON + MINUTE)) == (AlertState.MUTED, AlertState.ALERTED)
    assert muted.muted(None).state(NOON) is AlertState.ALERTED


def test_what_begins_anew_is_told_again_and_not_told_to_be_over() -> None:
    _, alert = told("xx")
    assert alert.begun_anew().seen(NOON, is_wrong=False)[1] is None
    assert alert.begun_anew().seen(NOON, is_wrong=True)[1] is not None
    assert alert.muted(NOON).begun_anew().muted_until == NOON


def test_what_is_due_is_no_news_again_and_is_not_told_to_be_over() -> None:
    _, alert = told("x")
    due = alert.put_off()
    assert due.seen(NOON, is_wrong=True)[1] is None
    right, news = due.seen(NOON, is_wrong=False)
    assert (right.state(NOON), news) == (AlertState.OK, None)
    assert right.seen(NOON, is_wrong=True)[1] is not None


def test_what_stays_fine_stays_as_it_is() -> None:
    assert Alert(CUP).seen(NOON, is_wrong=False) == (Alert(CUP), None)


class Watching(RuleBasedStateMachine):
    """Any looks, mutings and beginnings, beside what a person would have noted on paper."""

    def __init__(self) -> None:
        super().__init__()
        self.alert, self.now = Alert(CUP), NOON
        self.wrong_in_a_row, self.knows = 0, False
        self.muted_until: datetime | None = None

    @property
    def is_muted(self) -> bool:
        return self.muted_until is not None and self.now < self.muted_until

    @rule(is_wrong=st.booleans(), after=st.integers(1, 4), minutes=st.integers(0, 3))
    def look(self, is_wrong: bool, after: int, minutes: int) -> None:
        self.now += minutes * MINUTE
        self.alert, news = self.alert.seen(self.now, is_wrong=is_wrong, after=after)
        streak, self.wrong_in_a_row = self.wrong_in_a_row, self.wrong_in_a_row + 1 if is_wrong else 0
        if is_wrong:
            is_due = not self.knows and self.wrong_in_a_row >= after and not self.is_muted
            assert (news is not None) == is_due
            assert news is None or (news.streak, news.is_over) == (self.wrong_in_a_row, False)
            self.knows = self.knows or is_due
        else:
            assert (news is not None) == (self.knows and not self.is_muted)
            assert news is None or (news.streak, news.is_over) == (streak, True)
            self.knows = False

    @rule(minutes=st.integers(0, 5))
    def mute(self, minutes: int) -> None:
        self.muted_until = self.now + minutes * MINUTE
        self.alert = self.alert.muted(self.muted_until)

    @precondition(lambda self: self.muted_until)
    @rule()
    def hear_again(self) -> None:
        self.muted_until = None
        self.alert = self.alert.muted(None)

    @rule()
    def begin_anew(self) -> None:
        self.wrong_in_a_row, self.knows = 0, False
        self.alert = self.alert.begun_anew()

    @invariant()
    def people_know_what_it_says(self) -> None:
        state = self.alert.state(self.now)
        assert (state is AlertState.MUTED) == self.is_muted
        assert (self.alert.told is AlertState.ALERTED) == self.knows
        assert self.alert.streak == self.wrong_in_a_row
        assert (self.alert.since is None) == (self.alert.streak == 0)


TestWatching = Watching.TestCase
