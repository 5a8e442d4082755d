"""What was measured, as a table at the end: each test records its figures with `record_property`."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of every test that has some, whether it passed or not."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rows = [(report.nodeid.rpartition("::")[2], report) for report in reports if report.user_properties]
    if not rows:
        return
    terminalreporter.section("figures")
    for name, report in sorted(rows, key=lambda row: row[0]):
        terminalreporter.write_line(f"{name} ({report.duration:.0f} s)")
        for what, figure in report.user_properties:
            terminalreporter.write_line(f"    {what:<44}{figure}")
