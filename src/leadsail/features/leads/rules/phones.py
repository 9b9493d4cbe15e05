"""One spelling for every phone number, and the time zone that a number tells.

Whether a number can be dialed is not judged here.
"""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_geographical_number

# The countries of the North American Numbering Plan that leads mostly come from. The others of the plan, and every
# number that is not plainly of its form, take the slower way below.
_PLAN = frozenset({"US", "CA"})
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_NATIONAL = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
_INTERNATIONAL = re.compile(r"1[2-9][0-9]{2}[2-9][0-9]{6}")


def normalised(phone: str, country: str | None) -> str | None:
    """The number in E.164, read as `country` (ISO 3166-1 alpha-2) would dial it; None where that makes no number.

    A number that begins with `+` needs no country and may be of any possible length; one without must be valid in its
    country, since a guess would reach a stranger (ITU-T E.164; metadata of libphonenumber).
    """
    digits = _NOT_DIGITS.sub("", phone)
    international = phone.lstrip(" (").startswith("+")
    if (international or country in _PLAN) and _INTERNATIONAL.fullmatch(digits):
        return f"+{digits}"
    if not international and country in _PLAN and _NATIONAL.fullmatch(digits):
        return f"+1{digits}"
    return _parsed(f"+{digits}", None) if international else _parsed(phone, country)


@lru_cache(maxsize=4096)
def _parsed(phone: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return None
    known = phonenumbers.is_possible_number(number) if country is None else phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if known else None


def zone_of_area(phone: str) -> str | None:
    """The IANA time zone of an E.164 number's area; None where the area has several or is unknown."""
    if not _E164.fullmatch(phone):
        return None
    return _zone_of_prefix(phone[:8]) if phone.startswith("+1") else _zone(phone)


@lru_cache(maxsize=4096)
def _zone_of_prefix(prefix: str) -> str | None:
    # In the North American plan the area ends with the seventh digit; what follows tells nothing of the place.
    return _zone(prefix + "0000")


@lru_cache(maxsize=4096)
def _zone(phone: str) -> str | None:
    try:
        zones = time_zones_for_geographical_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
    return zones[0] if len(zones) == 1 and zones[0] != UNKNOWN_TIMEZONE else None
