"""What is heavy runs in processes of its own, and whoever serves never loads it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.structure.test_house_rules import modules
from tests.structure.test_repository import imports

ROOT = Path(__file__).parents[2]
HEAVY = {"matplotlib", "numpy", "openpyxl", "pandas"}
THEIR_PLACE = "adapters/processes/jobs/"
SERVING = """
import json, sys
import bot.cli.serve, bot.wiring.serving, bot.commands, bot.application.execute
import adapters.files.workbooks, adapters.payments.stripe, adapters.platforms.slack.platform
print(json.dumps(sorted(name for name in sys.modules)))
"""


def test_heavy_libraries_are_only_imported_where_jobs_are() -> None:
    users = {path for path in modules() if imports(ROOT / path) & HEAVY}
    assert users
    assert {path for path in users if not path.startswith(THEIR_PLACE)} == set()


def test_only_the_worker_imports_jobs() -> None:
    users = {path for path, source in modules().items() if "adapters.processes.jobs" in source}
    assert {path for path in users if not path.startswith(THEIR_PLACE)} == {"adapters/processes/worker.py"}


def test_whoever_serves_loads_neither_heavy_libraries_nor_their_jobs() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SERVING],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ended.stdout.replace('"', "").strip("[]\n").split(", "))
    assert "adapters.processes.pool" in loaded
    assert {
        name for name in loaded if name.partition(".")[0] in HEAVY or name.startswith("adapters.processes.j")
    } == set()
    assert "adapters.processes.worker" not in loaded
    # It is loaded by the first payment.
    assert "stripe" not in loaded
