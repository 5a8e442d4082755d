"""`/task`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=(*(f"/task add Number {number}" for number in range(14)), "/task repeat 12 daily"),
    file=b"title\nFrom a file\n",
    unchanging={"reopen": "its example is about tasks that are open"},
    refused={"unboard": "the channel of the examples has no board"},
    any_text={"add": "whatever is typed is a title"},
    overridable={
        "list": "what is open anywhere",
        "show": "a task that is named",
        "history": "what happened to a task that is named",
        "summary": "how much is open anywhere",
        "export": "everything, where somebody left",
    },
)
