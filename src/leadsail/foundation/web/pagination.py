"""Pages of lists: numbered pages and cursors, both with the contract's string-typed query parameters."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from leadsail.foundation.errors import InvalidInput

PAGE_SIZE = 100
_LARGEST_PAGE = 1_000_000


class Pagination(BaseModel):
    """Where a page stands in its list."""

    total: int = Field(description="How many records match, on all pages", examples=[1])
    page: int = Field(examples=[1])
    limit: int = Field(examples=[100])


@dataclass(frozen=True, slots=True)
class Page:
    """A numbered page: `number` counts from 1, `limit` is at most 100."""

    number: int
    limit: int

    @property
    def offset(self) -> int:
        """How many records come before this page."""
        return (self.number - 1) * self.limit

    def of(self, total: int) -> Pagination:
        """The `pagination` object of an answer."""
        return Pagination(total=total, page=self.number, limit=self.limit)


def positive_number(name: str, text: str | None, default: int) -> int:
    """A query parameter that is a whole number from 1 on, typed as a string by the contract."""
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or int(text) < 1:
        raise InvalidInput(f"{name}: must be a whole number from 1 on")
    return int(text)


async def _limit(
    limit: Annotated[
        str | None, Query(description="How many at most; larger than 100 means 100", examples=["100"])
    ] = None,
) -> int:
    return min(positive_number("limit", limit, PAGE_SIZE), PAGE_SIZE)


async def _page(
    limit: Annotated[int, Depends(_limit)],
    page: Annotated[str | None, Query(description="Which page, from 1 on", examples=["1"])] = None,
) -> Page:
    return Page(number=min(positive_number("page", page, 1), _LARGEST_PAGE), limit=limit)


Limit = Annotated[int, Depends(_limit)]
PageOf = Annotated[Page, Depends(_page)]


def boolean(name: str, text: str | None) -> bool | None:
    """A query parameter that is the string `true` or `false`; None when it is absent."""
    if text in (None, ""):
        return None
    if text not in ("true", "false"):
        raise InvalidInput(f'{name}: must be "true" or "false"')
    return text == "true"


def listed(text: str | None) -> list[str] | None:
    """The members of a comma-separated query parameter; None when it is absent or empty."""
    return [part.strip() for part in text.split(",") if part.strip()] or None if text else None


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` (included) to `until` (excluded); None is open."""

    since: datetime | None
    until: datetime | None


async def _period(
    startDate: Annotated[  # noqa: N803 - spelled as on the wire
        str | None, Query(description="Created at or after; a date alone means its whole day (UTC)")
    ] = None,
    endDate: Annotated[  # noqa: N803 - spelled as on the wire
        str | None, Query(description="Created at or before; a date alone means its whole day (UTC)")
    ] = None,
) -> Period:
    since = _instant("startDate", startDate) if startDate else None
    until = _just_after("endDate", endDate) if endDate else None
    return Period(since, until)


PeriodOf = Annotated[Period, Depends(_period)]


def _just_after(name: str, text: str) -> datetime:
    """Where an included end is over: a day or, since the contract's instants have milliseconds, one of these later."""
    try:
        return _instant(name, text) + (timedelta(days=1) if _is_date_alone(text) else timedelta(milliseconds=1))
    except OverflowError:
        raise InvalidInput(f"{name}: must lie before the end of the year 9999") from None


def _is_date_alone(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _instant(name: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(f"{name}: must be an ISO 8601 date or date-time") from None
