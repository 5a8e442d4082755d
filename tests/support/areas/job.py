"""`/job`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=(*["/job run wait 2"] * 12, "/job cancel 11", "/job every standup 1d /task list"),
    unchanging=dict.fromkeys(("start", "resume"), "its example is about a periodic job that runs"),
    overridable={"list": "what goes on anywhere", "show": "a job that is named"},
)
