"""`/report`."""

from tests.support.areas import Declared

DECLARED = Declared()
