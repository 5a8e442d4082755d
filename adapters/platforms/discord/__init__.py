"""Discord: its interactions as requests, replies as its messages, over its gateway and HTTP API."""
