"""Payments that somebody else takes."""
