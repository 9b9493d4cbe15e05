"""The states of the United States, its territories and the provinces of Canada: their zones and their spellings."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_LONGEST = 100  # characters; no state is spelled longer, and what is longer is not worth the look
_NOT_LETTERS = re.compile(r"[^a-z]+")
_WITH_COUNTRY = re.compile(r"\s*(?:us|ca)\s*-\s*(?=[a-z]{2}\s*$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Region:
    """One state. `code` is None for a territory, which has a country code (ISO 3166-1) of its own."""

    country: str
    code: str | None
    name: str
    abbreviations: tuple[str, ...]
    zones: tuple[str, ...]
    """Its IANA zones, the chief one first."""


@cache
def regions() -> tuple[Region, ...]:
    """Every region that is known."""
    return tuple(
        Region(row[0], row[1] or None, row[2], tuple(row[3].split()), tuple(row[4].split()))
        for row in table("regions.csv")
    )


@cache
def region_of(country: str, code: str | None) -> Region | None:
    """The region of that code."""
    return _by_code().get((country, code))


@cache
def _by_code() -> Mapping[tuple[str, str | None], Region]:
    return {(region.country, region.code): region for region in regions()}


def spelled(text: str) -> Region | None:
    """The region that somebody wrote as a code, a name or an abbreviation, in any case; None for anything else."""
    return _spellings().get(_plain(_WITH_COUNTRY.sub("", text))) if len(text) <= _LONGEST else None


@cache
def _spellings() -> Mapping[str, Region]:
    return {
        _plain(spelling): region
        for region in regions()
        for spelling in (region.code or region.country, region.name, *region.abbreviations)
    }


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).lower()
    return _NOT_LETTERS.sub("", letters)


def table(name: str) -> Iterator[list[str]]:
    """The rows of a table beside this module, without its comments and its heading."""
    text = files(__package__ or "").joinpath(name).read_text(encoding="utf-8")
    rows = csv.reader(line for line in text.splitlines() if not line.startswith("#"))
    next(rows)
    return rows
