"""The secret box: AES-GCM under a key for each purpose, derived from the secret keys.

What encrypts is loaded with the first secret: most lines that are typed into a shell have nothing to do with any.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from core.shared.errors import SealBrokenError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_KEY = 32
_ID = 6


class AesGcmSecretBox:
    """A `SecretBox` with rotating keys: the first one seals and digests, every one opens.

    What is sealed reads `<id of the key>.<nonce and ciphertext, base64>`. The context is authenticated with it, so that
    a sealed text moved to another row does not open.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Keep the keys; `keys` are secret texts of high entropy, at least one, newest first."""
        if not keys:
            raise ValueError("a secret box needs a key")
        self._keys = tuple(keys)
        self._digest_key = lru_cache(maxsize=64)(lambda purpose: _derive(keys[0], f"digest:{purpose}"))

    def seal(self, plain: str, *, context: str) -> str:
        """Encrypt for storage; `context` (such as `installation:7`) must be the same on opening."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._ciphers[self._newest].encrypt(nonce, plain.encode(), context.encode())
        return f"{self._newest}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, *, context: str) -> str:
        """Decrypt; raises `SealBrokenError` when the key is gone or the text was altered."""
        from cryptography.exceptions import InvalidTag

        key_id, _, body = sealed.partition(".")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealBrokenError("the key is gone")
        try:
            raw = base64.urlsafe_b64decode(body)
            # One way to write each: the decoder would take further padding and skip letters that are none of its own.
            if base64.urlsafe_b64encode(raw) != body.encode():
                raise ValueError("not base64 as we write it")
            return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode()).decode()
        except (InvalidTag, ValueError):
            # No cause: what is sealed must not end up in a log.
            raise SealBrokenError("the sealed text was altered") from None

    def digest(self, value: str, *, purpose: str) -> str:
        """Return a keyed digest in hex, for codes and tokens that are compared but never read back.

        It is made with the newest key: a rotation ends the sessions and codes that were out.
        """
        return hmac.new(self._digest_key(purpose), value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    @cached_property
    def _ciphers(self) -> Mapping[str, "AESGCM"]:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return {_key_id(key): AESGCM(_derive(key, "seal")) for key in reversed(self._keys)}

    @cached_property
    def _newest(self) -> str:
        return _key_id(self._keys[0])


def _derive(key: str, purpose: str, length: int = _KEY) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = f"quartermaster/1/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(key.encode())


def _key_id(key: str) -> str:
    """Return a name for the key that tells nothing about it."""
    return _derive(key, "id", _ID).hex()
