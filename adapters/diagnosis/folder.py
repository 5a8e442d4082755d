"""The data folder and the secret keys."""

import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from adapters.secrets import KEY_FILE, SecretKeyError, load_keys
from core.ports.diagnosis import Finding, State

_PART, _KEY_PART = "data folder", "secret key"
_LITTLE = 500_000_000
"""Bytes below which a disk is nearly full."""


def examine_folder(folder: Path) -> Finding:
    """Look whether the folder, or the nearest one above it that is there, can be written to and has room."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        return Finding(_PART, State.BAD, f"{there} is not a folder.", "Set QM_DATA_DIR to a folder.")
    if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        fix = f"Give this user the folder (chown), or set QM_DATA_DIR to another: {there}"
        return Finding(_PART, State.BAD, f"{there} can't be written to.", fix)
    free = shutil.disk_usage(there).free
    if free < _LITTLE:
        return Finding(_PART, State.WORTH_A_LOOK, f"Only {free // 1_000_000} MB are free for {folder}.", "Make room.")
    if there != folder:
        return Finding(_PART, State.GOOD, f"{folder} will be made.")
    if folder.stat().st_mode & 0o077:
        sentence = f"{folder} can be entered by other users of this machine."
        return Finding(_PART, State.WORTH_A_LOOK, sentence, f"Type: chmod 700 {shlex.quote(str(folder))}")
    return Finding(_PART, State.GOOD, f"{folder} can be written to.")


def examine_keys(given: Sequence[str], folder: Path) -> Finding:
    """Look at the keys of the setting or the key file; makes none."""
    if given:
        count = f", {len(given)} keys, of which the first seals" if len(given) > 1 else ""
        return Finding(_KEY_PART, State.GOOD, f"QM_SECRET_KEY is set{count}.")
    path = folder / KEY_FILE
    if not path.exists():
        return Finding(_KEY_PART, State.GOOD, f"{path} will be made.")
    try:
        keys = load_keys((), folder)
    except SecretKeyError as error:
        return Finding(_KEY_PART, State.BAD, str(error))
    if keys.warning:
        sentence, _, fix = keys.warning.partition(" Type: ")
        return Finding(_KEY_PART, State.WORTH_A_LOOK, sentence, f"Type: {fix}")
    return Finding(_KEY_PART, State.GOOD, f"{path} can be read. Keep a copy of it apart from the database.")
