"""Consents as lines of a table: comma-separated values with the names of the fields in the first line (RFC 4180)."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

_BETWEEN = ";"


class UnknownColumnsError(ValueError):
    """The first line does not name fields of a consent; tells what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record of what is imported: where it stands, counted from 1, and its fields or why they cannot be read."""

    number: int
    item: dict[str, Any] | None
    fault: str = ""


def lines_of(text: str, *, fields: Collection[str], lists: Collection[str]) -> Iterator[Line]:
    """The lines below the first, without empty ones; empty cells are left out.

    `lists` are the fields that hold several values, which stand in one cell with semicolons between them. Raises
    `UnknownColumnsError`.
    """
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    names = _header(reader, fields)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(number, None, f"not readable as comma-separated values ({error})")
            continue
        if len(cells) > len(names):
            yield Line(number, None, "has more cells than the first line has names")
        elif any(cell.strip() for cell in cells):
            yield Line(number, _item(names, cells, lists))


def _header(reader: Any, fields: Collection[str]) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise UnknownColumnsError(f"the first line is not readable as comma-separated values ({error})") from None
    known = f"name the columns in the first line, from: {', '.join(fields)}"
    if not names or any(name not in fields for name in names):
        raise UnknownColumnsError(known)
    if len(set(names)) < len(names):
        raise UnknownColumnsError("the first line names a column twice")
    return names


def _item(names: list[str], cells: list[str], lists: Collection[str]) -> dict[str, Any]:
    told = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
    return {name: _parts(cell) if name in lists else cell for name, cell in told.items()}


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(_BETWEEN) if part.strip()]
