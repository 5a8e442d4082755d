"""Where the secret keys come from: the setting, else a file of the data folder that is made once."""

import secrets
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import ClassVar

from adapters.files.folders import create_once, make_private_folder
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

KEY_FILE = "secret.key"
_KEY_BYTES = 32
_SHORTEST_KEY = 32
_LARGEST_FILE = 16 * 1024


class SecretKeyError(QuartermasterError):
    """The key file can't be used; the text is one plain sentence, without any key."""

    code: ClassVar[str] = "secret_key"


@value_object
class SecretKeys:
    """The keys, newest first, and a sentence if the file they come from is open to others."""

    keys: tuple[str, ...] = field(repr=False)
    warning: str = ""


def load_keys(given: Sequence[str], data_dir: Path) -> SecretKeys:
    """Return the keys of the setting, or those of the key file (one a line, newest first), made on first call.

    Two processes that start at once come to the same key. Raises `SecretKeyError`.
    """
    if given:
        return SecretKeys(tuple(given))
    path = data_dir / KEY_FILE
    try:
        make_private_folder(data_dir)
        if not path.exists():
            create_once(path, f"{secrets.token_urlsafe(_KEY_BYTES)}\n".encode())
        with path.open("rb") as file:
            text = file.read(_LARGEST_FILE).decode()
        is_open = bool(path.stat().st_mode & 0o077)
    except OSError as error:
        raise SecretKeyError(
            f"{path} can't be made or read ({error.strerror}). Check who owns the data folder, or set QM_SECRET_KEY."
        ) from error
    except UnicodeDecodeError:
        raise SecretKeyError(f"{path} is not a key file. Put back the one you had, or set QM_SECRET_KEY.") from None
    keys = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not keys or min(map(len, keys)) < _SHORTEST_KEY:
        raise SecretKeyError(
            f"{path} holds no usable key. Put back the one you had, or remove the file to make a new one."
        )
    warning = f"{path} can be read by other users of this machine. Type: chmod 600 {path}" if is_open else ""
    return SecretKeys(keys, warning)
