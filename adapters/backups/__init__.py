"""Backups in the file store: made, tried and let go of by a process of their own, told of by the one that serves."""

from adapters.backups.kept import KeptBackups, Place

__all__ = ["KeptBackups", "Place"]
