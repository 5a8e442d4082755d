"""Backups: the data of a database of any kind, the files and the secret keys in one archive, and the way back."""

from adapters.archive.manifest import Manifest
from adapters.archive.reading import Destination, Restored, restore
from adapters.archive.writing import BackedUp, back_up

__all__ = ["BackedUp", "Destination", "Manifest", "Restored", "back_up", "restore"]
