"""What can be seen from outside: logs without secrets, and figures."""

from adapters.telemetry.logs import configure_logs
from adapters.telemetry.metrics import Metrics
from adapters.telemetry.stalls import StallMeter

__all__ = ["Metrics", "StallMeter", "configure_logs"]
