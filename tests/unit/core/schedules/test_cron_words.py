"""Cron expressions as people read them."""

import pytest

from core.schedules.cron import read_cron

SAID = {
    "0 9 * * 1-5": "every weekday at 09:00",
    "0 9,17 * * *": "daily at 09:00 and 17:00",
    "30 2 * * 0": "every Sunday at 02:30",
    "0 9 * * sat,sun": "every Saturday and Sunday at 09:00",
    "0 9 * * 1-4": "every Monday to Thursday at 09:00",
    "0 9 1 * *": "monthly on the 1st at 09:00",
    "0 9 1-7 * *": "monthly on the 1st to 7th at 09:00",
    "0 9 */2 * *": "monthly on every 2nd day from the 1st at 09:00",
    "0 9 1 1,7 *": "on the 1st of January and July at 09:00",
    "0 9 31 12 *": "yearly on 31 December at 09:00",
    "0 9 * 5-8 *": "daily from May to August at 09:00",
    "0 9 1,15 * 1": "on the 1st and 15th of the month and every Monday at 09:00",
    "0 9 */2 * 1": "every Monday falling on every 2nd day from the 1st of the month at 09:00",
    "* * * * *": "every minute",
    "*/10 * * * *": "every 10 minutes",
    "5/15 * * * *": "every 15 minutes from minute 5 on",
    "0 * * * *": "every hour",
    "5 * * * *": "every hour at 5 minutes past",
    "0 */2 * * *": "every 2 hours",
    "30 1-23/2 * * *": "every 2 hours from 01:30 to 23:30",
    "*/15 9-17 * * 1-5": "every 15 minutes from 09:00 to 17:45, every weekday",
    "0 8-18 * * *": "every hour from 08:00 to 18:00",
    "15 6,12,18,20,21 * * *": "daily at 06:15, 12:15, 18:15, 20:15 and 21:15",
    "*/20 8,10,15 * * *": "every 20 minutes, in the hours that begin at 08:00, 10:00 and 15:00",
    "1-5 * * * *": "1, 2, 3, 4 and 5 minutes past the hour",
    "7,13,29 9-17 * * *": "7, 13 and 29 minutes past the hour from 09:07 to 17:29",
}


@pytest.mark.parametrize("typed", SAID)
def test_it_says_when_that_is(typed: str) -> None:
    assert read_cron(typed).words() == SAID[typed]
