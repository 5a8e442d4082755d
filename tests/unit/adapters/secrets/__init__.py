"""Tests of the secret box."""
