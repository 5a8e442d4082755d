"""Slack: its payloads as requests, replies as its messages, over HTTP and Socket Mode."""

from adapters.platforms.slack.manifest import ManifestLimitError, slack_manifest
from adapters.platforms.slack.options import SlackOptions, Timings
from adapters.platforms.slack.platform import SlackPlatform

__all__ = ["ManifestLimitError", "SlackOptions", "SlackPlatform", "Timings", "slack_manifest"]
