"""Durable jobs on their real engine."""
