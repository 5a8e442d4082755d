"""Slack: its payloads as requests, replies as its messages, over HTTP and Socket Mode."""
