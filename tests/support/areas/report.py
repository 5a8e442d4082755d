"""`/report`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=('/report schedule sales "weekdays 9:00"',),
    unchanging={"resume": "its example is about a schedule that runs"},
    overridable={"schedules": "what is posted anywhere"},
)
