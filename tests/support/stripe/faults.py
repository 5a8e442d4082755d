"""What goes wrong on the way, once each."""

from enum import Enum


class Fault(Enum):
    """What becomes of the next request that changes something, or of its answer."""

    SILENT_AFTER = "it is done, and no answer ever comes"
    CUT_AFTER = "it is done, and the connection breaks before the answer"
    HALF_AFTER = "it is done, and half an answer comes"
    BROKEN_BEFORE = "the server is in trouble before it does anything"
    BROKEN_AFTER = "the server is in trouble once it was done"
    BUSY = "there are too many requests"
    NONSENSE = "something between answers with a page"
