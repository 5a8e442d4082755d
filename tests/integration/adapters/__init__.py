"""Adapters with real sockets, servers and databases."""
