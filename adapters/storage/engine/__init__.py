"""Connections to databases: pools, transactions, time limits, and what differs from one kind to the other."""
