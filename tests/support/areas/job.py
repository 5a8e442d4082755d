"""`/job`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=(*["/job run wait 2"] * 12, "/job cancel 11"),
    overridable={"list": "what goes on anywhere", "show": "a job that is named"},
)
