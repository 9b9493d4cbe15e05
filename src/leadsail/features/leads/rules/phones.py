"""One spelling for every phone number. Whether a number can be dialed, and where it is, is not judged here."""

import re
from functools import lru_cache

import phonenumbers

# The countries of the North American Numbering Plan that leads mostly come from. The others of the plan, and every
# number that is not plainly of its form, take the slower way below.
_PLAN = frozenset({"US", "CA"})
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
