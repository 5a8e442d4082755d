"""What can be seen from outside: logs without secrets, and figures."""

from adapters.telemetry.logs import configure_logs

__all__ = ["configure_logs"]
