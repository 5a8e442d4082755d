"""Tests of the grammar that measure time."""
