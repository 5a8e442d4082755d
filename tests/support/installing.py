"""Environments with nothing in them but a pip of a given version, and what they are filled with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"
PIPS = ("23.0.1", "23.2.1")
"""Debian 12's, and the one that comes with Python 3.11."""

_QUIET = ("--disable-pip-version-check", "--no-input", "-q")


def pip(environment: Path, *arguments: str | Path) -> None:
    """Let an environment's own pip do something; it has to succeed."""
    command = [environment / "bin" / "python", "-m", "pip", *_QUIET, *arguments]
    done = subprocess.run(command, cwd=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"pip {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}"


def empty_environment(folder: Path, version: str) -> Path:
    """An environment with that pip alone. Where no registry answers, the test is skipped; in CI that is a failure."""
    if version == PIPS[0] and sys.version_info >= (3, 12):
        pytest.skip(f"pip {version} does not run on Python 3.12 and newer")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    options = [*_QUIET, "--retries", "2", "--timeout", "30", "--python", str(folder / "bin" / "python")]
    command = [sys.executable, "-m", "pip", *options, "install", f"pip=={version}"]
    got = subprocess.run(command, capture_output=True, text=True, check=False)
    if got.returncode:
        reason = f"no package registry gives pip {version}"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}\n{got.stderr}", pytrace=False)
        pytest.skip(reason)
    return folder


def install(environment: Path, lock: str, *options: str | Path) -> None:
    """Fill an environment from a lock as `make` does, and let pip look whether it fits together."""
    pip(environment, "install", "--no-compile", "--no-deps", "--require-hashes", *options, "-r", ROOT / lock)
    pip(environment, "check")
