"""Public identifiers: a documented prefix, an underscore and a UUIDv7 in hex. They sort by age and tell no more."""

from uuid_utils import uuid7

_LONGEST_ID = 255


def new_id(prefix: str) -> str:
    """A fresh id such as `lead_0199f3c2…` (RFC 9562, version 7: time-ordered, 74 random bits)."""
    return f"{prefix}_{uuid7().hex}"


def is_possible_id(text: str) -> bool:
    """Whether `text` could be stored as an id at all; anything else cannot exist and need not be looked up."""
    return 0 < len(text) <= _LONGEST_ID and text.isprintable() and text.isascii()
