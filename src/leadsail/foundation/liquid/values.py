"""The values a template sees and what Liquid says about them: text, truth, order, items.

Only plain data counts: text, numbers, yes and no, dates, lists and groups by name. Nothing here reads an
attribute of a value, so anything else a caller hands in is as good as absent. Data never makes these raise.
"""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeGuard

LARGEST_NUMBER = 10**15
"""Numbers beyond this are no amount a prompt speaks of; they count as absent."""

_LONGEST_NUMERAL = 32


class Absence(Enum):
    """Liquid's two words for "nothing in it", which are only good for comparing."""

    EMPTY = "empty"
    BLANK = "blank"


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether `value` is a list or a range."""
    return isinstance(value, list | tuple | range)


def text_of(value: object) -> str:
    """How `value` reads in a text: nothing if absent, a list item after item, a group as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, range):
        return f"{value.start}..{value.stop - 1}"
    if is_list(value):
        return "".join(text_of(item) for item in value)
    if isinstance(value, Mapping):
        return json_of(value)
    return str(value) if _has_text(value) else ""


def _has_text(value: object) -> bool:
    # Python refuses to print integers of thousands of digits, so we refuse them first.
    return isinstance(value, float | date) or (isinstance(value, int) and abs(value) < 10**30)


def json_of(value: object) -> str:
    """`value` as JSON; dates as text, anything that is not plain data as null."""
    try:
        return json.dumps(value, ensure_ascii=False, skipkeys=True, default=_plain)
    except ValueError:  # An integer too long to print, or a value that contains itself.
        return ""


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, range):
        return list(value)
    return text_of(value) or None


def is_true(value: object) -> bool:
    """Liquid's truth: only absence and `false` are false; an empty text is true."""
    return value is not None and value is not False


def is_absent(value: object) -> bool:
    """Whether there is nothing to show: absent, `false`, an empty text, list or group."""
    return value is None or value is False or _is_hollow(value, Absence.EMPTY)


def _is_hollow(value: object, absence: Absence) -> bool:
    if isinstance(value, str):
        return not (value.strip() if absence is Absence.BLANK else value)
    return value is None or value is absence or (isinstance(value, list | tuple | Mapping) and not value)


def is_equal(left: object, right: object) -> bool:
    """Liquid's `==`. An absent value is `empty` and `blank`; yes and no equal no number."""
    if isinstance(right, Absence):
        return _is_hollow(left, right)
    if isinstance(left, Absence):
        return _is_hollow(right, left)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def is_less(left: object, right: object) -> bool:
    """Liquid's `<`, for two numbers, two texts or two dates; anything else has no order and is not less."""
    if _is_number(left) and _is_number(right):
        return left < right
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    return isinstance(left, date) and isinstance(right, date) and left.isoformat() < right.isoformat()


def is_inside(item: object, container: object) -> bool:
    """Liquid's `contains`: a part of a text, an item of a list or a name of a group."""
    if isinstance(container, str):
        return text_of(item) in container if is_true(item) else False
    if is_list(container):
        return any(is_equal(candidate, item) for candidate in container)
    return isinstance(container, Mapping) and isinstance(item, str) and item in container


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def number_of(value: object) -> int | Decimal:
    """`value` as a number that can be calculated with; 0 if it is none."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMERAL:
        return number_of(_numeral(value))
    if not _is_number(value) or abs(value) > LARGEST_NUMBER or not math.isfinite(value):
        return 0
    return value if isinstance(value, int) else Decimal(str(value))


def _numeral(text: str) -> int | float | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


def item_of(value: object, key: object) -> object:
    """What `value.key` or `value[key]` is; None if there is no such thing."""
    if isinstance(value, Mapping):
        return _named_item(value, key)
    if is_list(value):
        return _list_item(value, key)
    return len(value) if isinstance(value, str) and key == "size" else None


def _named_item(group: Mapping[object, object], key: object) -> object:
    if isinstance(key, str):
        return group.get(key, len(group) if key == "size" else None)
    return None


def _list_item(items: Sequence[object], key: object) -> object:
    if key == "size":
        return len(items)
    index = {"first": 0, "last": -1}.get(key) if isinstance(key, str) else key
    if isinstance(index, int) and not isinstance(index, bool) and -len(items) <= index < len(items):
        return items[index]
    return None
