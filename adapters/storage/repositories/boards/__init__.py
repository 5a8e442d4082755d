"""Boards and what they show."""
