"""Sealing of credentials and signing of codes, and the keys for it."""

from adapters.secrets.box import AesGcmSecretBox
from adapters.secrets.keys import KEY_FILE, SecretKeyError, SecretKeys, load_keys

__all__ = ["KEY_FILE", "AesGcmSecretBox", "SecretKeyError", "SecretKeys", "load_keys"]
