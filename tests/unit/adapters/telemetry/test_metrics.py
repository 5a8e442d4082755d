"""The figures, and the meter of stalls."""

import asyncio
from datetime import UTC, datetime, timedelta

from adapters.telemetry.metrics import Metrics
from adapters.telemetry.stalls import StallMeter
from core.jobs.model import JobCount, JobState
from core.ports.jobs import Phase
from core.ports.storage import Latencies, Operation, StorageStatistics
from core.ports.system import Ahead

START = datetime(2030, 1, 1, tzinfo=UTC)
JOBS_TOLD = (
    'kind="wait",state="queued"',
    'kind="wait",state="running"',
    'kind="import",state="running"',
    'kind="other",state="queued"',
)


def operation(command: str, error: str = "", seconds: float = 0.02) -> Operation:
    return Operation(1, 2, command, START, START + timedelta(seconds=seconds), error, "R")


def shown(metrics: Metrics) -> dict[str, float]:
    body, content_type = metrics.render()
    assert content_type.startswith("text/plain")
    lines = [line for line in body.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_counts_commands_by_name_and_outcome_with_their_time() -> None:
    metrics = Metrics(["task add"])
    metrics.command(operation("task add"))
    metrics.command(operation("task add", "forbidden", seconds=2))
    figures = shown(metrics)
    assert figures['quartermaster_commands_total{command="task add",outcome="ok"}'] == 1
    assert figures['quartermaster_commands_total{command="task add",outcome="forbidden"}'] == 1
    assert figures['quartermaster_command_seconds_bucket{command="task add",le="0.025"}'] == 1
    assert figures['quartermaster_command_seconds_sum{command="task add"}'] == 2.02


def test_what_people_type_adds_no_labels() -> None:
    metrics = Metrics(["task add"])
    for number in range(1000):
        metrics.command(operation(f"nonsense {number}", "unknown_command"))
    figures = shown(metrics)
    assert figures['quartermaster_commands_total{command="other",outcome="unknown_command"}'] == 1000
    assert len(figures) < 200


def test_a_clock_that_went_back_does_no_harm() -> None:
    metrics = Metrics(["task add"])
    metrics.command(operation("task add", seconds=-5))
    assert shown(metrics)['quartermaster_command_seconds_sum{command="task add"}'] == 0


def test_queue_and_pool_are_asked_when_read() -> None:
    metrics, depth = Metrics(), [3]
    metrics.watch_queue(lambda: depth[0])
    figures_of_the_pool = StorageStatistics(5, 2, 1, 40, 4, Latencies(0.5, 0.75, 1.0))
    metrics.watch_storage(lambda: figures_of_the_pool)
    assert shown(metrics)["quartermaster_requests_queue"] == 3
    depth[0] = 7
    figures = shown(metrics)
    assert figures["quartermaster_requests_queue"] == 7
    assert figures["quartermaster_storage_connections"] == 5
    assert figures["quartermaster_storage_connections_in_use"] == 2
    assert figures["quartermaster_storage_waiting"] == 1
    assert figures["quartermaster_storage_served"] == 40
    assert figures["quartermaster_storage_errors"] == 4
    parts = [figures[f'quartermaster_storage_seconds{{quantile="{part}"}}'] for part in ("0.5", "0.95", "0.99")]
    assert parts == [0.5, 0.75, 1.0]
    assert figures["quartermaster_storage_served"] == 40
    assert figures["quartermaster_storage_errors"] == 4


def test_outbox_posts_and_loops() -> None:
    metrics = Metrics()
    metrics.outbox(4, 12.5)
    metrics.post("slack", "sent")
    metrics.loop_failed("relay")
    figures = shown(metrics)
    assert figures["quartermaster_outbox_posts"] == 4
    assert figures["quartermaster_outbox_oldest_seconds"] == 12.5
    assert figures['quartermaster_posts_total{outcome="sent",platform="slack"}'] == 1
    assert figures['quartermaster_loop_failures_total{loop="relay"}'] == 1


def test_jobs_are_told_by_kind_and_state_until_there_are_none() -> None:
    metrics = Metrics(kinds=["import", "wait"])
    counts = [JobCount("wait", JobState.QUEUED, 3), JobCount("wait", JobState.RUNNING, 1)]
    metrics.to_do(Ahead([*counts, *(JobCount(f"gone {one}", JobState.QUEUED, 2) for one in range(4))]))
    figures = shown(metrics)
    told = {labels: figures[f"quartermaster_jobs{{{labels}}}"] for labels in JOBS_TOLD}
    assert list(told.values()) == [3, 1, 0, 8]
    metrics.to_do(Ahead([]))
    figures = shown(metrics)
    assert {figures[f"quartermaster_jobs{{{labels}}}"] for labels in JOBS_TOLD} == {0}
    assert len([name for name in figures if name.startswith("quartermaster_jobs{")]) == 6


def test_jobs_that_ended_are_counted_by_kind_and_outcome() -> None:
    metrics = Metrics(kinds=["wait"])
    for kind, outcome in (("wait", "completed"), ("wait", "failed"), ("wait", "failed"), ("gone", "failed")):
        metrics.job_ended(kind, outcome)
    figures = shown(metrics)
    assert figures['quartermaster_jobs_ended_total{kind="wait",outcome="completed"}'] == 1
    assert figures['quartermaster_jobs_ended_total{kind="wait",outcome="failed"}'] == 2
    assert figures['quartermaster_jobs_ended_total{kind="other",outcome="failed"}'] == 1


def test_schedules_are_told_as_they_are_due_and_late() -> None:
    metrics = Metrics()
    metrics.to_do(Ahead([], schedules=9, due=4, late=2))
    figures = shown(metrics)
    names = ("quartermaster_schedules", "quartermaster_schedules_due", "quartermaster_schedules_late")
    assert [figures[name] for name in names] == [9, 4, 2]


def test_the_engine_is_asked_how_it_is_when_read() -> None:
    metrics, now = Metrics(), [Phase.STARTING]
    metrics.watch_engine(lambda: now[0])
    for phase in (Phase.STARTING, Phase.READY):
        now[0] = phase
        figures = shown(metrics)
        assert [one for one in Phase if figures[f'quartermaster_jobs_engine{{phase="{one}"}}']] == [phase]


def test_the_longest_stall_stays() -> None:
    metrics = Metrics()
    for seconds in (0.01, 0.3, 0.02):
        metrics.stall(seconds)
    figures = shown(metrics)
    assert figures["quartermaster_event_loop_longest_stall_seconds"] == 0.3
    assert figures["quartermaster_event_loop_stall_seconds_count"] == 3


def test_the_process_tells_of_itself() -> None:
    assert shown(Metrics())["process_resident_memory_bytes"] > 0


async def test_the_meter_reports_while_it_runs_and_ends_with_its_block() -> None:
    stalls: list[float] = []
    reported = asyncio.Event()

    def report(seconds: float) -> None:
        stalls.append(seconds)
        reported.set()

    async with StallMeter(report, interval=0.001):
        await reported.wait()
    count = len(stalls)
    assert min(stalls) >= 0
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "event-loop-stalls"]
    assert len(stalls) == count
