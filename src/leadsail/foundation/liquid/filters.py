"""The filters a prompt may use; whatever is not in `FILTERS` does not exist for a template.

Left out on purpose: filters for HTML, URLs and base64, which a prompt has no use for. No filter raises for the
data it gets: what cannot be calculated is absent. Where a filter can multiply text, it is measured first.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from leadsail.foundation.liquid.budget import Budget
from leadsail.foundation.liquid.values import (
    LARGEST_NUMBER,
    is_absent,
    is_equal,
    is_list,
    is_true,
    item_of,
    json_of,
    number_of,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, how many arguments it takes and, if it can multiply text, how long its result will be."""

    work: Callable[..., object]
    least: int = 0
    most: int = 0
    length: Callable[..., int] | None = None

    def apply(self, budget: Budget, value: object, arguments: Sequence[object]) -> object:
        """The filter's result, with what it reads and makes paid from `budget`."""
        for read in (value, *arguments):
            budget.pay_for(read)
        if self.length:
            budget.allow_length(self.length(value, *arguments))
        result = self.work(value, *arguments)
        budget.pay_for(result)
        if isinstance(result, str):
            budget.allow_length(len(result))
        return result


# Text


def _on_text(change: Callable[[str], str]) -> Filter:
    return Filter(lambda value: change(text_of(value)))


def _append(value: object, ending: object) -> str:
    return text_of(value) + text_of(ending)


def _prepend(value: object, beginning: object) -> str:
    return text_of(beginning) + text_of(value)


def _replace(value: object, old: object, new: object = "") -> str:
    return text_of(value).replace(text_of(old), text_of(new))


def _replaced_length(value: object, old: object, new: object = "") -> int:
    text, found = text_of(value), text_of(old)
    return len(text) + text.count(found) * max(len(text_of(new)) - len(found), 0)


def _replace_first(value: object, old: object, new: object = "") -> str:
    return text_of(value).replace(text_of(old), text_of(new), 1)


def _whole(value: object) -> int:
    return int(number_of(value))


def _truncate(value: object, length: object = 50, ending: object = "...") -> str:
    text, end = text_of(value), text_of(ending)
    if len(text) <= _whole(length):
        return text
    return text[: max(_whole(length) - len(end), 0)] + end


def _truncate_words(value: object, count: object = 15, ending: object = "...") -> str:
    words, kept = text_of(value).split(), max(_whole(count), 1)
    return " ".join(words[:kept]) + (text_of(ending) if len(words) > kept else "")


def _split(value: object, separator: object) -> list[str]:
    text, mark = text_of(value), text_of(separator)
    if not mark:
        return list(text)
    return text.split(None if mark == " " else mark) if text else []


def _slice(value: object, start: object, length: object = 1) -> object:
    whole = value if is_list(value) else text_of(value)
    first = _whole(start) if _whole(start) >= 0 else len(whole) + _whole(start)
    part = whole[max(first, 0) : max(first + _whole(length), 0)] if first >= 0 else whole[:0]
    return part if isinstance(part, str) else list(part)


# Lists


def _items(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if is_list(value) else [value]


def _join(value: object, separator: object = " ") -> str:
    return text_of(separator).join(text_of(item) for item in _items(value))


def _joined_length(value: object, separator: object = " ") -> int:
    items = _items(value)
    return sum(len(text_of(item)) for item in items) + len(items) * len(text_of(separator))


def _first(value: object) -> object:
    return item_of(value, "first") if is_list(value) else None


def _last(value: object) -> object:
    return item_of(value, "last") if is_list(value) else None


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | Mapping) or is_list(value) else 0


def _concat(value: object, more: object) -> list[object]:
    return _items(value) + _items(more)


def _reverse(value: object) -> list[object]:
    return _items(value)[::-1]


def _sort(value: object, key: object = None) -> list[object]:
    return sorted(_items(value), key=lambda item: _rank(item if key is None else item_of(item, key)))


def _rank(value: object) -> tuple[int, int | Decimal, str]:
    """Numbers, then texts without regard to case, then what is absent: an order that all values have."""
    if isinstance(value, int | float):
        return (0, number_of(value), "")
    return (2, 0, "") if value is None else (1, 0, text_of(value).casefold())


def _unique(value: object) -> list[object]:
    kept: dict[object, object] = {}
    for item in _items(value):
        kept.setdefault((type(item), text_of(item)), item)
    return list(kept.values())


def _compact(value: object) -> list[object]:
    return [item for item in _items(value) if item is not None]


def _map(value: object, key: object) -> list[object]:
    return [item_of(item, key) for item in _items(value)]


def _where(value: object, key: object, wanted: object = None) -> list[object]:
    if wanted is None:
        return [item for item in _items(value) if is_true(item_of(item, key))]
    return [item for item in _items(value) if is_equal(item_of(item, key), wanted)]


# Numbers


def _calculation(work: Callable[[Decimal, Decimal], Decimal]) -> Filter:
    """Two whole numbers make a whole number, rounded down, as Liquid has it."""

    def calculate(value: object, other: object) -> int | float | None:
        left, right = number_of(value), number_of(other)
        try:
            result = work(Decimal(left), Decimal(right))
        except ArithmeticError:  # Nothing can be divided by zero.
            return None
        if abs(result) > LARGEST_NUMBER:
            return None
        return math.floor(result) if isinstance(left, int) and isinstance(right, int) else float(result)

    return Filter(calculate, 1, 1)


def _remainder(number: Decimal, by: Decimal) -> Decimal:
    return number - by * math.floor(number / by)


def _absolute(value: object) -> int | float:
    number = number_of(value)
    return abs(number) if isinstance(number, int) else float(abs(number))


def _round(value: object, digits: object = 0) -> int | float:
    places = min(_whole(digits), 10)
    number = number_of(value)
    return float(round(number, places)) if places > 0 and isinstance(number, Decimal) else round(number)


# The rest


def _default(value: object, instead: object) -> object:
    return instead if is_absent(value) else value


_DIRECTIVE = re.compile(r"%-?[aAbBdeHIjmMpSyYZz]|%%")


def _date(value: object, pattern: object) -> object:
    moment = _moment(value)
    if moment is None:
        return value
    return _DIRECTIVE.sub(lambda directive: moment.strftime(directive[0]), text_of(pattern))


def _moment(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(text_of(value))
    except ValueError:
        return None


FILTERS: Mapping[str, Filter] = {
    "abs": Filter(_absolute),
    "append": Filter(_append, 1, 1),
    "at_least": _calculation(max),
    "at_most": _calculation(min),
    "capitalize": _on_text(str.capitalize),
    "ceil": Filter(lambda value: math.ceil(number_of(value))),
    "compact": Filter(_compact),
    "concat": Filter(_concat, 1, 1),
    "date": Filter(_date, 1, 1),
    "default": Filter(_default, 1, 1),
    "divided_by": _calculation(lambda number, by: number / by),
    "downcase": _on_text(str.lower),
    "first": Filter(_first),
    "floor": Filter(lambda value: math.floor(number_of(value))),
    "join": Filter(_join, 0, 1, _joined_length),
    "json": Filter(json_of),
    "last": Filter(_last),
    "lstrip": _on_text(str.lstrip),
    "map": Filter(_map, 1, 1),
    "minus": _calculation(lambda number, other: number - other),
    "modulo": _calculation(_remainder),
    "plus": _calculation(lambda number, other: number + other),
    "prepend": Filter(_prepend, 1, 1),
    "remove": Filter(_replace, 1, 1),
    "remove_first": Filter(_replace_first, 1, 1),
    "replace": Filter(_replace, 1, 2, _replaced_length),
    "replace_first": Filter(_replace_first, 1, 2),
    "reverse": Filter(_reverse),
    "round": Filter(_round, 0, 1),
    "rstrip": _on_text(str.rstrip),
    "size": Filter(_size),
    "slice": Filter(_slice, 1, 2),
    "sort": Filter(_sort, 0, 1),
    "split": Filter(_split, 1, 1),
    "squish": _on_text(lambda text: " ".join(text.split())),
    "strip": _on_text(str.strip),
    "strip_newlines": _on_text(lambda text: text.replace("\r", "").replace("\n", "")),
    "times": _calculation(lambda number, other: number * other),
    "truncate": Filter(_truncate, 0, 2),
    "truncatewords": Filter(_truncate_words, 0, 2),
    "uniq": Filter(_unique),
    "upcase": _on_text(str.upper),
    "where": Filter(_where, 1, 2),
}
"""Every filter of a prompt, by the name Liquid gives it."""
