"""Takes secrets out of what is about to be logged."""

import re
from collections.abc import Mapping
from functools import lru_cache

REDACTED = "[redacted]"
_LONGEST = 2000
_DEEPEST = 6

_SECRET_NAMES = re.compile(
    r"token|secret|password|passwd|authorization|cookie|credential|signature|api_?key|private_?key|session|response_url",
    re.IGNORECASE,
)
_SECRET_TEXTS = (
    # Slack's tokens of all kinds, Stripe's keys, and whatever an Authorization header carries.
    re.compile(r"\bx(?:ox[a-z]|app|oxe\.xox[a-z])-[\w.%-]+", re.IGNORECASE),
    re.compile(r"\b(?:[sr]k|whsec)_[A-Za-z0-9_]{8,}"),
    re.compile(r"(?<=\bBearer )\S+|(?<=\bBasic )\S+|(?<=\bBot )[\w.-]{20,}", re.IGNORECASE),
    # Whoever has one of these addresses may post to the channel.
    re.compile(r"(?<=hooks\.slack\.com/)[\w/%-]+"),
)
_CREDENTIALS_OF_ADDRESS = re.compile(r"(?<=://)[^\s/@'\"]+(?=@)")
_SECRET_OF_QUERY = re.compile(
    r"([?&](?:token|code|key|secret|sig|signature|password|state|access_token|client_secret)=)[^&\s'\"]+", re.IGNORECASE
)

# No secret is without one of these: most texts are let through after one look.
_SUSPICIOUS = re.compile(r"x[oa]|[rs]k_|whsec_|bearer |basic |bot |slack\.com|://|[?&]", re.IGNORECASE)


def redact_text(text: str) -> str:
    """Return the text without tokens, and without the credentials in its addresses; cut when very long."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text)} characters)"
    if not _SUSPICIOUS.search(text):
        return text
    for pattern in _SECRET_TEXTS:
        text = pattern.sub(REDACTED, text)
    text = _CREDENTIALS_OF_ADDRESS.sub(REDACTED, text)
    return _SECRET_OF_QUERY.sub(rf"\1{REDACTED}", text)


def redact(value: object, depth: int = 0) -> object:
    """Return a value fit for the log: texts redacted, named secrets replaced, nothing nested without end."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redact_text(value)
    if depth >= _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {redact_text(str(key)): redact_named(str(key), item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item, depth + 1) for item in value]
    return redact_text(str(value))


def redact_named(name: str, value: object, depth: int = 0) -> object:
    """Return a named value fit for the log; one whose name says that it is a secret is replaced."""
    if _names_a_secret(name) and not isinstance(value, bool | int | float | None):
        return REDACTED
    return redact(value, depth)


@lru_cache(maxsize=512)
def _names_a_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None
