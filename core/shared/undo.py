"""How long a change can be taken back."""

from datetime import timedelta

UNDO_WINDOW = timedelta(minutes=15)
"""After that the Undo button and `/qm undo` say that it is too late."""
