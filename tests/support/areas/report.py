"""`/report`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=('/report schedule sales "weekdays 9:00"',),
    file=b"date,amount,Sold on,Total\n2026-11-20,4.50,2026-11-20,4.50\n",
    files={"matrix": b"1,2\n3,4\n", "top-customers": b"customer_id,amount_spent\n1,9.50\n"},
    private={"margin": "what goods had cost is for managers, whoever else is in the channel"},
    unchanging={"resume": "its example is about a schedule that runs"},
    overridable={"schedules": "what is posted anywhere"},
)
