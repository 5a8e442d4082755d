"""The figures of `/metrics`, for Prometheus."""

from collections.abc import Callable, Collection

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from core.jobs.model import JobState
from core.ports.cache import CacheFigures
from core.ports.jobs import Phase
from core.ports.storage import Latencies, Operation, StorageStatistics
from core.ports.system import Ahead

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_STALLS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5)
OTHER = "other"
_UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)


class Metrics:
    """All figures of one process, in a registry of their own.

    `commands` and `kinds` (of jobs) are the names that may become labels: what people type must not add any.
    """

    def __init__(self, commands: Collection[str] = (), kinds: Collection[str] = ()) -> None:
        """Set up the registry with what Python and the process tell of themselves."""
        self._commands, self._kinds = frozenset(commands), frozenset(kinds)
        self._registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        registry = self._registry
        self._done = Counter(
            "quartermaster_commands", "Commands run, by name and outcome", ["command", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "quartermaster_command_seconds",
            "Seconds from the start of a command to its answer",
            ["command"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._stall = Histogram(
            "quartermaster_event_loop_stall_seconds",
            "By how much the event loop was late, measured all the time",
            buckets=_STALLS,
            registry=registry,
        )
        self._longest_stall = Gauge(
            "quartermaster_event_loop_longest_stall_seconds", "The longest stall since the start", registry=registry
        )
        self._outbox = Gauge("quartermaster_outbox_posts", "Posts waiting in the outbox", registry=registry)
        self._outbox_age = Gauge(
            "quartermaster_outbox_oldest_seconds", "Age of the oldest waiting post", registry=registry
        )
        self._posts = Counter(
            "quartermaster_posts",
            "Posts that left the outbox, by platform and outcome",
            ["platform", "outcome"],
            registry=registry,
        )
        self._jobs = Gauge(
            "quartermaster_jobs", "Jobs that are not over, by kind and state", ["kind", "state"], registry=registry
        )
        self._ended = Counter(
            "quartermaster_jobs_ended",
            "Jobs that ended, by kind and outcome",
            ["kind", "outcome"],
            registry=registry,
        )
        self._schedules = Gauge("quartermaster_schedules", "Schedules that run", registry=registry)
        self._due = Gauge("quartermaster_schedules_due", "Schedules whose time has come", registry=registry)
        self._late = Gauge(
            "quartermaster_schedules_late", "Schedules whose time came more than a minute ago", registry=registry
        )
        self._failures = Counter(
            "quartermaster_loop_failures", "Turns of a background loop that failed", ["loop"], registry=registry
        )
        self._longest: float | None = None

    def command(self, operation: Operation) -> None:
        """Count a command that ended."""
        name = operation.command if operation.command in self._commands else OTHER
        self._done.labels(name, operation.error or "ok").inc()
        self._seconds.labels(name).observe(max(0.0, (operation.ended_at - operation.started_at).total_seconds()))

    def stall(self, seconds: float) -> None:
        """Record by how much the event loop was late."""
        self._stall.observe(seconds)
        if self._longest is None or seconds > self._longest:
            self._longest = seconds
            self._longest_stall.set(seconds)

    def longest_stall(self) -> float | None:
        """Return by how much the event loop was late at most; None while nobody measures that."""
        return self._longest

    def outbox(self, posts: int, oldest_seconds: float) -> None:
        """Record how many posts wait, and how long the oldest has."""
        self._outbox.set(posts)
        self._outbox_age.set(oldest_seconds)

    def post(self, platform: str, outcome: str) -> None:
        """Count an attempt to post; `outcome` is `sent`, `rejected`, `delayed` or `unknown`."""
        self._posts.labels(platform, outcome).inc()

    def to_do(self, ahead: Ahead) -> None:
        """Record what jobs and schedules there are; kinds of which there is nothing any more too."""
        counted = {(kind, state): 0 for kind in (*self._kinds, OTHER) for state in _UNDER_WAY}
        for some in ahead.jobs:
            counted[self._kind(some.kind), some.state] += some.count
        for labels, count in counted.items():
            self._jobs.labels(*labels).set(count)
        self._schedules.set(ahead.schedules)
        self._due.set(ahead.due)
        self._late.set(ahead.late)

    def job_ended(self, kind: str, outcome: str) -> None:
        """Count a job that came to its end; `outcome` is `completed` or `failed`."""
        self._ended.labels(self._kind(kind), outcome).inc()

    def loop_failed(self, loop: str) -> None:
        """Count a failed turn of a background loop."""
        self._failures.labels(loop).inc()

    def watch_queue(self, depth: Callable[[], int], name: str = "requests") -> None:
        """Tell how deep a queue is whenever the figures are read."""
        self._registry.register(
            _Watched(lambda: [_gauge(f"quartermaster_{name}_queue", "Waiting and running", depth())])
        )

    def watch_storage(self, statistics: Callable[[], StorageStatistics]) -> None:
        """Tell of the database's pool whenever the figures are read."""
        self._registry.register(_Watched(lambda: _pool(statistics())))

    def watch_cache(self, figures: Callable[[], CacheFigures]) -> None:
        """Tell of the cache whenever the figures are read."""
        self._registry.register(_Watched(lambda: _cache(figures())))

    def watch_engine(self, phase: Callable[[], str]) -> None:
        """Tell how the engine of jobs is whenever the figures are read."""
        self._registry.register(_Watched(lambda: [_phase(phase())]))

    def _kind(self, name: str) -> str:
        return name if name in self._kinds else OTHER

    def render(self) -> tuple[bytes, str]:
        """Return the figures as text, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class _Watched(Collector):
    """Figures that are asked for when they are read."""

    def __init__(self, read: Callable[[], list[Metric]]) -> None:
        self._read = read

    def collect(self) -> list[Metric]:
        return self._read()


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _phase(now: str) -> Metric:
    """Return a figure for each phase, 1 for the one that is."""
    found = GaugeMetricFamily("quartermaster_jobs_engine", "Whether this is how the engine is", labels=["phase"])
    for phase in Phase:
        found.add_metric([phase], phase == now)
    return found


def _pool(now: StorageStatistics) -> list[Metric]:
    prefix = "quartermaster_storage"
    return [
        _gauge(f"{prefix}_connections", "Connections to the database", now.size),
        _gauge(f"{prefix}_connections_in_use", "Connections in use", now.in_use),
        _gauge(f"{prefix}_waiting", "Units of work that wait for a connection", now.waiting),
        _gauge(f"{prefix}_served", "Units of work served since the start", now.served),
        _gauge(f"{prefix}_errors", "Units of work that failed since the start", now.errors),
        _latency(f"{prefix}_seconds", now.latency),
    ]


def _cache(now: CacheFigures) -> list[Metric]:
    prefix = "quartermaster_cache"
    return [
        _gauge(f"{prefix}_entries", "Answers that are kept", now.entries),
        _gauge(f"{prefix}_rows", "Rows that they have", now.rows),
        _gauge(f"{prefix}_hits", "Questions since the start whose answer was kept", now.hits.hits),
        _gauge(f"{prefix}_misses", "Questions since the start whose answer was not", now.hits.misses),
    ]


def _latency(name: str, latest: Latencies) -> Metric:
    """Return percentiles of the latest units of work; a summary's own form would ask for a sum of all there were."""
    found = GaugeMetricFamily(name, "Seconds within which parts of the latest units were done", labels=["quantile"])
    for quantile, seconds in (("0.5", latest.p50), ("0.95", latest.p95), ("0.99", latest.p99)):
        found.add_metric([quantile], seconds)
    return found
