"""`/user`."""

from tests.support.areas import Declared

DECLARED = Declared(refused={"forget": "it asks before it goes ahead"})
