"""What the lines of imported files say, and how lines that say nothing are shown without telling whose number it is."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from leadsail.features.do_not_call.models import Answer, FaultyLine, RegistryName

LONGEST_LINE = 1_000
_SIGN = re.compile(r"\w")
_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBER_NAMES = frozenset({"phone", "number", "phonenumber", "telephone", "tel", "mobile", "areacode"})
_ANSWERS: dict[str, Answer] = {
    "yes": "yes",
    "no": "no",
    "no_data": "no_data",
    "no data": "no_data",
    "nodata": "no_data",
}


class UnusableLineError(ValueError):
    """The line cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list to be imported: a number as it was written, or the keyed hash of one that was erased."""

    phone: str
    phone_hash: bytes | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RegistryLine:
    """A line of a registry's file: E.164 without its plus, and what the reassigned-numbers database answered."""

    number: int
    answer: Answer | None = None
    asked_on: date | None = None


def masked(text: str) -> str:
    """`text` with only its last two letters and digits, at most 40 signs long."""
    shown = text.strip()[:40]
    keep = {found.start() for found in list(_SIGN.finditer(shown))[-2:]}
    return "".join(sign if index in keep or not sign.isalnum() else "•" for index, sign in enumerate(shown))


def fault(line: int, text: str, message: str) -> FaultyLine:
    """A line that could not be used, fit to be told."""
    return FaultyLine(line, masked(text), message)


def list_lines(lines: Iterable[str]) -> Iterator[tuple[int, str, ListLine | str]]:
    """Number, text and meaning of each line that is not empty; the meaning is a message where there is none.

    The first line may name the columns, as an export of ours does; without names the first column is the number.
    """
    columns: dict[str, int] = {"phone": 0}
    for line, text in _told(lines):
        try:
            cells = _cells(text)
            names = _column_names(cells) if line == 1 else None
            if names:
                columns = names
                continue
            yield line, text, _list_line(cells, columns)
        except UnusableLineError as error:
            yield line, text, str(error)


def registry_lines(
    registry: RegistryName, lines: Iterable[str], first: int = 1
) -> Iterator[tuple[int, str, RegistryLine | str]]:
    """Number, text and meaning of each line that is not empty, counted from `first`; as `list_lines`."""
    for line, text in _told(lines, first):
        try:
            cells = _cells(text) if "," in text or '"' in text else [text.strip()]
            if line == 1 and _column_names(cells):
                continue
            yield line, text, _registry_line(registry, cells)
        except UnusableLineError as error:
            yield line, text, str(error)


def _told(lines: Iterable[str], first: int = 1) -> Iterator[tuple[int, str]]:
    numbered = enumerate(lines, first)
    for line, text in chain(((line, text.removeprefix("\ufeff")) for line, text in islice(numbered, 1)), numbered):
        if text.strip():
            yield line, text


def _cells(text: str) -> list[str]:
    if len(text) > LONGEST_LINE:
        raise UnusableLineError(f"longer than {LONGEST_LINE:,} signs")
    if "\0" in text:
        raise UnusableLineError("holds the NUL character")
    try:
        cells = next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise UnusableLineError(f"not a line of comma-separated values ({error})") from None
    return [cell.strip() for cell in cells]


def _column_names(cells: list[str]) -> dict[str, int] | None:
    names = {re.sub(r"[^a-z]", "", cell.lower()): index for index, cell in enumerate(cells)}
    found = names.keys() & _NUMBER_NAMES
    if not found:
        return None
    return names | {"phone": min(names[name] for name in found)}


def _list_line(cells: list[str], columns: dict[str, int]) -> ListLine:
    def cell(name: str) -> str:
        place = columns.get(name, len(cells))
        return without_guard(cells[place]) if place < len(cells) else ""

    phone, phone_hash = cell("phone"), cell("phonehash")
    if not phone and _HASH.fullmatch(phone_hash):
        return ListLine("", bytes.fromhex(phone_hash), cell("reason") or None)
    if not phone:
        raise UnusableLineError("names no number")
    return ListLine(phone, None, cell("reason") or None)


def _registry_line(registry: RegistryName, cells: list[str]) -> RegistryLine:
    cells = _joined(cells)
    number = registry_number(registry, cells[0])
    if registry != "us_reassigned":
        return RegistryLine(number)
    answer = _ANSWERS.get(cells[1].lower()) if len(cells) > 1 else None
    if answer is None:
        raise UnusableLineError("the second column must say yes, no or no_data")
    return RegistryLine(number, answer, _day(cells[2]) if len(cells) > 2 and cells[2] else None)


def _joined(cells: list[str]) -> list[str]:
    """Area code and number may stand in columns of their own, as in the files of the United States' registry."""
    if len(cells) > 1 and len(cells[0]) == 3 and len(cells[1]) == 7 and (cells[0] + cells[1]).isdigit():
        return [cells[0] + cells[1], *cells[2:]]
    return cells


def registry_number(registry: RegistryName, text: str) -> int:
    """The number of a line in the spelling of its registry's country: E.164 without its plus.

    Raises `UnusableLineError`.
    """
    digits = re.sub(r"[\s().+-]", "", without_guard(text))
    if not (digits.isascii() and digits.isdigit()):
        raise UnusableLineError("not a phone number")
    national = _british(digits) if registry == "gb_tps" else _north_american(digits)
    if national is None:
        raise UnusableLineError("not a number of this registry's country")
    return int(national)


def _north_american(digits: str) -> str | None:
    national = digits.removeprefix("1") if len(digits) == 11 else digits
    return f"1{national}" if re.fullmatch(r"[2-9][0-9]{2}[2-9][0-9]{6}", national) else None


def _british(digits: str) -> str | None:
    international = digits.removeprefix("00")
    national = international[2:] if international.startswith("44") and len(international) > 10 else digits
    national = national.removeprefix("0")
    return f"44{national}" if re.fullmatch(r"[1-9][0-9]{8,9}", national) else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnusableLineError("the third column must be a date such as 2026-01-31") from None


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula, on one line (OWASP, CSV injection)."""
    told = " ".join(text.split())
    return f"'{told}" if told[:1] in ("=", "+", "-", "@", "'") else told


def without_guard(text: str) -> str:
    """What a cell was before `guarded`, which other programs may have taken off already."""
    return text[1:] if text[:1] == "'" else text
