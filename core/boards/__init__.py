"""Boards: one message in a channel that shows what an area has there and keeps itself up to date."""
