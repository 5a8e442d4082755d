"""Durable jobs, without their engine."""
