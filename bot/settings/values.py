"""How each setting's text becomes its value; what can't be used raises `BadValueError` with the sentence to show.

A sentence never repeats a value that may hold a secret: tokens, keys, addresses with credentials.
"""

import ipaddress
import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from core.shared.currencies import is_currency
from core.shared.zones import UnknownZoneError, zone

SQLITE = "sqlite+aiosqlite:///"
SHORTEST_KEY = 32
LONGEST_PREFIX = 16
LARGEST_UPLOAD = 400

_SHOWN = 60
_HOSTS_OF_THIS_MACHINE = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?", re.ASCII)
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
_FILE_SCHEMES = ("file", "s3", "gs", "az")


class BadValueError(ValueError):
    """A setting's value can't be used; its text is a whole sentence for whoever set it."""


def _shown(value: str) -> str:
    """Return a harmless value as it may stand in a sentence: short, on one line."""
    line = "".join(letter if letter.isprintable() else "?" for letter in value)
    return f"“{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}”"


def folder(value: str | Path) -> Path:
    """Return an absolute folder; `~` is the home folder. It need not exist."""
    given = str(value).strip()
    if "\0" in given or "?" in given:
        raise BadValueError("a folder's path can't hold “?” or a null character.")
    try:
        path = Path(given).expanduser().absolute()
    except RuntimeError:
        raise BadValueError(f"{_shown(given)} names a home folder that does not exist.") from None
    if path.exists() and not path.is_dir():
        raise BadValueError(f"{_shown(given)} is not a folder.")
    return path


def files_url(value: str) -> str:
    """Return where files are kept: a local folder, or a bucket with an optional path in it."""
    given = value.strip()
    parts = _split(given)
    if parts.scheme not in _FILE_SCHEMES:
        raise BadValueError("it has to begin with file:///, s3://, gs:// or az://.")
    if parts.username is not None or parts.password is not None or parts.query:
        raise BadValueError("credentials do not belong in it; give them as the cloud's own environment variables.")
    if parts.scheme == "file" and (parts.netloc or len(parts.path) < len("/a")):
        raise BadValueError("a folder is written with three slashes, for example file:///srv/quartermaster/files.")
    if parts.scheme != "file" and not parts.netloc:
        raise BadValueError(f"the bucket is missing, for example {parts.scheme}://my-bucket/quartermaster.")
    return given


def host(value: str) -> str:
    """Return an address or name of this machine to listen on."""
    given = value.strip().removeprefix("[").removesuffix("]")
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        if _HOST_NAME.fullmatch(given) and not re.fullmatch(r"[0-9.]+", given):
            return given
    raise BadValueError(f"{_shown(given)} is not an address to listen on. Write for example 127.0.0.1 or 0.0.0.0.")


def is_loopback(address: str) -> bool:
    """Tell whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address.lower() in _HOSTS_OF_THIS_MACHINE


def is_wildcard(address: str) -> bool:
    """Tell whether the address means every address of this machine."""
    try:
        return ipaddress.ip_address(address).is_unspecified
    except ValueError:
        return False


def port(value: str | int) -> int:
    """Return a port; 0 takes any that is free."""
    given = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,5}", given) or int(given) > 0xFFFF:
        raise BadValueError(f"{_shown(given)} is not a port. Give a number from 0 to 65535, for example 8080.")
    return int(given)


def connections(value: str | int) -> int:
    """Return how many connections one address may have before those that only wait make room."""
    given = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,5}", given) or not 8 <= int(given) <= 10_000:
        raise BadValueError("it has to be a number of connections from 8 to 10000, for example 100.")
    return int(given)


def upload_mb(value: str | int) -> int:
    """Return how many megabytes a file may have that somebody hands in."""
    given = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,4}", given) or not 1 <= int(given) <= LARGEST_UPLOAD:
        raise BadValueError(f"it has to be a number of megabytes from 1 to {LARGEST_UPLOAD}, for example 50.")
    return int(given)


def public_url(value: str) -> str:
    """Return the address by which people reach the product, without a slash at its end."""
    return _web_address(value, "https://quartermaster.example")


def api_url(value: str) -> str:
    """Return the address of a server in a platform's place, with a slash at its end, as its SDK wants it."""
    return _web_address(value, "http://127.0.0.1:9000/api") + "/"


def gateway_url(value: str) -> str:
    """Return the address of a gateway in Discord's place, which a websocket is opened to."""
    parts = _split(value.strip())
    if parts.scheme not in {"ws", "wss"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise BadValueError("it has to be a websocket's address, for example ws://127.0.0.1:9000/.")
    return parts.geturl()


def discord_bot_token(value: str) -> str:
    """Return a Discord bot token."""
    given = _one_word(value)
    if given.count(".") != 2:
        raise BadValueError("it has to be a bot token, three parts joined by dots, from the app's Bot page.")
    return given


def _web_address(value: str, example: str) -> str:
    parts = _split(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise BadValueError(f"it has to be a web address, for example {example}.")
    if parts.username is not None or parts.password is not None:
        raise BadValueError(f"a user name or password does not belong in it; write for example {example}.")
    return parts.geturl().rstrip("/")


def _split(address: str) -> SplitResult:
    """Split an address; what Python finds fault with (a port that is no number, a broken bracket) is refused."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise BadValueError("this is not an address; check its brackets and its port.") from None
    if any(letter.isspace() or not letter.isprintable() for letter in address):
        raise BadValueError("an address can't hold spaces.")
    return parts


def timezone(value: str) -> str:
    """Return the proper IANA name of a time zone."""
    given = value.strip()
    try:
        return zone(given).key
    except UnknownZoneError as error:
        near = f" Did you mean {' or '.join(error.near)}?" if error.near else " Write for example Europe/Berlin."
        raise BadValueError(f"{_shown(given)} is not a time zone.{near}") from None


def currency(value: str) -> str:
    """Return the ISO 4217 code of a currency."""
    given = value.strip().upper()
    if not is_currency(given):
        raise BadValueError(f"{_shown(value.strip())} is not a currency. Write its three letters, for example EUR.")
    return given


def log_format(value: str) -> str:
    """Return `text` or `json`."""
    given = value.strip().lower()
    if given not in {"text", "json"}:
        raise BadValueError(f"{_shown(given)} is not a format of the log. Write text or json.")
    return given


def command_prefix(value: str) -> str:
    """Return what goes before every slash command; a slash typed with it is dropped."""
    given = value.strip().lower().removeprefix("/")
    if given and (not _PREFIX.fullmatch(given) or len(given) > LONGEST_PREFIX):
        raise BadValueError(
            f"{_shown(given)} can't go before a command: at most {LONGEST_PREFIX} of a–z, 0–9, “-” and “_”, "
            "for example qm-."
        )
    return given


def secret_keys(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the secret keys of a list parted by commas, newest first."""
    given = value.split(",") if isinstance(value, str) else value
    keys = tuple(dict.fromkeys(key.strip() for key in given if key.strip()))
    for number, key in enumerate(keys, 1):
        if len(key) < SHORTEST_KEY:
            which = "it" if len(keys) == 1 else f"key {number} of the list"
            raise BadValueError(
                f"{which} is too short: at least {SHORTEST_KEY} characters. Make one with: openssl rand -base64 32"
            )
    return keys


def slack_bot_token(value: str) -> str:
    """Return a Slack bot token."""
    return _token(value, ("xoxb-", "xoxe.xoxb-"), "xoxb-", "a bot token, from the app's OAuth & Permissions page")


def slack_app_token(value: str) -> str:
    """Return a Slack app-level token."""
    return _token(value, ("xapp-",), "xapp-", "an app-level token, from the app's Basic Information page")


def _token(value: str, beginnings: tuple[str, ...], shown: str, what: str) -> str:
    given = _one_word(value)
    if given.startswith(beginnings):
        return given
    other = {"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a user token", "xoxe": "a refresh token"}
    found = next(
        (f" What is there is {name} ({start}…)." for start, name in other.items() if given.startswith(start)), ""
    )
    raise BadValueError(f"it has to be {what}; it begins with {shown}.{found}")


def slack_secret(value: str) -> str:
    """Return a signing or client secret."""
    given = _one_word(value)
    if given.startswith(("xoxb-", "xapp-", "xoxp-")):
        raise BadValueError("what is there is a token, not a secret. It is on the app's Basic Information page.")
    return given


def slack_client_id(value: str) -> str:
    """Return a client id, such as 1234567890.1234567890."""
    given = _one_word(value)
    if given.startswith(("xoxb-", "xapp-", "xoxp-")):
        raise BadValueError("what is there is a token, not a client id. It is on the app's Basic Information page.")
    return given


def stripe_key(value: str) -> str:
    """Return a secret or restricted key of Stripe's."""
    given = _one_word(value)
    if given.startswith(("sk_", "rk_")):
        return given
    found = " What is there is a publishable key (pk_…)." if given.startswith("pk_") else ""
    raise BadValueError(f"it has to be a secret key, from Stripe's API keys page; it begins with sk_ or rk_.{found}")


def stripe_webhook_secrets(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the signing secrets of a list parted by commas."""
    given = value.split(",") if isinstance(value, str) else value
    secrets = tuple(dict.fromkeys(_one_word(secret) for secret in given if secret.strip()))
    if not all(secret.startswith("whsec_") for secret in secrets):
        raise BadValueError("it has to be the signing secret of a webhook, from its page; it begins with whsec_.")
    return secrets


def _one_word(value: str) -> str:
    given = value.strip()
    if not given.isascii() or any(letter.isspace() or not letter.isprintable() for letter in given):
        raise BadValueError("it holds characters that do not belong there; copy it once more.")
    return given
