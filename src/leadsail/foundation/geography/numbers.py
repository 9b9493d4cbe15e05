"""What kind of number a phone number is, and whose it is. Where its owner could be is told in `places`."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from leadsail.foundation.geography.tables import area_codes

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NORTH_AMERICAN = re.compile(r"\+1([2-9][0-9]{2})([2-9][0-9]{2})([0-9]{4})")
_SANDBOX = re.compile(r"\+1500[2-9][0-9]{6}")

# A text of two or three digits is some service's number, and mostly one for emergencies. The best known ones count
# with a dialing prefix before them as well, since a switch may drop it.
_SHORT = re.compile(r"[0-9]{2,3}")
_EMERGENCY = frozenset({"911", "988", "112", "999", "000"})
_SERVICE_CODES = frozenset({"211", "311", "411", "511", "611", "711", "811", "911"})
_DIALING_PREFIXES = ("1", "001", "0111", "00", "011", "9", "91")

# Codes of the North American Numbering Plan that stand for no place, as its administrator assigned them.
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_PERSONAL = (
    "500 521 522 523 524 525 526 527 528 529 532 533 535 538 542 543 544 545 546 547 549 550 552 553 554 556 558 566 "
    "569 577 578 588 589"
)
_SPECIAL = frozenset(f"{_PERSONAL} 456 600 622 633 644 655 677 688 700 710".split())
_INFORMATION = frozenset({"950", "958", "959"})  # exchanges for carriers and line tests, in every area

# Inmarsat, global satellite networks, international networks, and Australia's satellite range.
_SATELLITE = ("+870", "+881", "+882", "+883", "+6114")


class NumberKind(StrEnum):
    """What answers a number, as far as the number tells."""

    GEOGRAPHIC = "geographic"
    MOBILE = "mobile"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    EMERGENCY = "emergency"
    SATELLITE = "satellite"
    SHARED_COST = "shared_cost"
    SPECIAL = "special"
    VOIP = "voip"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    SANDBOX = "sandbox"


_KINDS = {
    PhoneNumberType.FIXED_LINE: NumberKind.GEOGRAPHIC,
    # Mobile wherever the plan does not keep them apart: such a number tells its country and nothing nearer.
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.MOBILE,
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: NumberKind.PREMIUM,
    PhoneNumberType.SHARED_COST: NumberKind.SHARED_COST,
    PhoneNumberType.VOIP: NumberKind.VOIP,
}


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number. `e164` is the text as it was given where that is no number.

    `country` (ISO 3166-1 alpha-2) is whose number it is, None where it belongs to no single country.
    """

    e164: str
    kind: NumberKind
    country: str | None


def classify(phone: str) -> Number:
    """What a number is. Anything but plain E.164 is invalid, or an emergency number when that is what it spells."""
    if _E164.fullmatch(phone):
        return _classified(phone)
    return Number(phone, NumberKind.EMERGENCY if _spells_emergency(phone) else NumberKind.INVALID, None)


@lru_cache(maxsize=16_384)
def _classified(phone: str) -> Number:
    if _SANDBOX.fullmatch(phone):
        return Number(phone, NumberKind.SANDBOX, None)
    if phone.startswith("+1"):
        return _north_american(phone)
    if phone.startswith(_SATELLITE):
        return Number(phone, NumberKind.SATELLITE, None)
    return _foreign(phone)


def _north_american(phone: str) -> Number:
    """A number of the North American Numbering Plan, which tells mobile from fixed lines nowhere."""
    parts = _NORTH_AMERICAN.fullmatch(phone)
    if parts is None:
        return Number(phone, NumberKind.EMERGENCY if phone[2:5] in _EMERGENCY else NumberKind.INVALID, None)
    code, exchange, line = parts.groups()
    places = area_codes().get(code)
    country = places[0].country if places else None
    return Number(phone, _north_american_kind(code, exchange, line, known=bool(places)), country)


def _north_american_kind(code: str, exchange: str, line: str, *, known: bool) -> NumberKind:
    if code in _EMERGENCY:
        return NumberKind.EMERGENCY
    if code in _SERVICE_CODES or exchange in _SERVICE_CODES:
        return NumberKind.INVALID
    if code == "900" or exchange == "976":
        return NumberKind.PREMIUM
    if code in _TOLL_FREE:
        return NumberKind.TOLL_FREE
    if code in _SPECIAL or exchange in _INFORMATION or exchange + line == "5551212":
        return NumberKind.SPECIAL
    return NumberKind.GEOGRAPHIC if known else NumberKind.UNKNOWN


def _foreign(phone: str) -> Number:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return Number(phone, NumberKind.INVALID, None)
    if not phonenumbers.is_valid_number(number):
        return Number(phone, NumberKind.INVALID, None)
    country = phonenumbers.region_code_for_number(number)
    kind = _KINDS.get(phonenumbers.number_type(number), NumberKind.SPECIAL)
    # Region 001 is libphonenumber's name for codes that belong to no country, such as +800 and +979.
    return Number(phone, kind, None if country == "001" else country)


def _spells_emergency(text: str) -> bool:
    digits = "".join(str(unicodedata.digit(sign)) for sign in text if unicodedata.digit(sign, None) is not None)
    prefixed = any(digits.startswith(prefix) and digits[len(prefix) :] in _EMERGENCY for prefix in _DIALING_PREFIXES)
    return prefixed or bool(_SHORT.fullmatch(digits))
