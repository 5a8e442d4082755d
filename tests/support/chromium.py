"""The machine's own Chromium, for the browser tests."""

import os
import shutil
from pathlib import Path
from typing import TypedDict

MISSING = "no Chromium on this machine (on Debian: apt-get install chromium libatomic1; CHROMIUM names one elsewhere)"

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

# Nothing that the browser does by itself may leave the machine.
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


class LaunchOptions(TypedDict):
    """What playwright's `chromium.launch` is given."""

    executable_path: str
    args: list[str]
    headless: bool


def find_chromium() -> Path | None:
    """Where Chromium is: `CHROMIUM` if set, else the first one found; None if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        return Path(found) if found else None
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((path for path in _APPLICATIONS if path.exists()), None)


def launch_options() -> LaunchOptions:
    """The arguments for `playwright.chromium.launch(**launch_options())`.

    Raises LookupError where there is no Chromium.
    """
    path = find_chromium()
    if path is None:
        raise LookupError(MISSING)
    arguments = list(_ARGUMENTS)
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses its sandbox to root
    return LaunchOptions(executable_path=str(path), args=arguments, headless=True)
