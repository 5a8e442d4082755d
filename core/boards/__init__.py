"""Boards: one message in a channel that shows its tasks and keeps itself up to date."""
