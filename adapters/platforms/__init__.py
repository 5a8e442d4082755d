"""Platforms where people type, each behind the same two ports."""
