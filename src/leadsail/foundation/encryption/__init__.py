"""Secrets at rest: the master key, encrypted values that fit one place only, and keyed hashes."""

from leadsail.foundation.encryption.keyed_hash import KeyedHash
from leadsail.foundation.encryption.master_key import (
    MasterKey,
    MasterKeyError,
    MasterKeyExposed,
    MasterKeyMalformed,
    MasterKeyMissing,
)
from leadsail.foundation.encryption.secret_box import (
    SecretBox,
    SecretError,
    SecretKeyUnknown,
    SecretMalformed,
    SecretPlace,
    SecretTampered,
)

__all__ = [
    "KeyedHash",
    "MasterKey",
    "MasterKeyError",
    "MasterKeyExposed",
    "MasterKeyMalformed",
    "MasterKeyMissing",
    "SecretBox",
    "SecretError",
    "SecretKeyUnknown",
    "SecretMalformed",
    "SecretPlace",
    "SecretTampered",
]
