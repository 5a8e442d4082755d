"""Customers: who buys here, as they were registered."""
