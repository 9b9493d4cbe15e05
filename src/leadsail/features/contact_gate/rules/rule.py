"""What a rule of the book looks like, kind by kind. The rows are data in `book`; how they are read is in `reading`."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from leadsail.features.contact_gate.models import Channel, ConsentKind, Purpose, Registry
from leadsail.features.contact_gate.rules.calendars import MOVING_FEASTS, is_feast
from leadsail.foundation.geography import NumberKind

Span: TypeAlias = tuple[int, int]
"""Minutes of the local day from which and until which contact is allowed, 1440 being midnight at its end."""

MIDNIGHT = 24 * 60


def _span(text: object) -> object:
    """`8:00-20:30` as minutes; anything else is left to be refused by the type."""
    if not isinstance(text, str):
        return text
    parts = text.replace(":", "-").split("-")
    if len(parts) != 4 or not all(part.isdecimal() and len(part) <= 2 for part in parts):
        raise ValueError(f"{text!r} is no window; write it like 8:00-20:30")
    hour, minute, last_hour, last_minute = (int(part) for part in parts)
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if max(minute, last_minute) > 59 or end > MIDNIGHT:
        raise ValueError(f"{text!r} names a time that no clock shows")
    if start >= end:
        raise ValueError(f"{text!r} ends before it starts")
    return (start, end)


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise ValueError("windows of one day must follow each other without overlap")
    return spans


def _none_if_null(text: object) -> object:
    return None if text in {"null", "~", ""} else text


def _feast(text: str) -> str:
    if not is_feast(text):
        raise ValueError(f"{text!r} is no holiday; write a month and a day like 06-14, or {', '.join(MOVING_FEASTS)}")
    return text


DaySpans = Annotated[
    tuple[Annotated[Span, BeforeValidator(_span)], ...],
    Field(description="Windows of one day, earliest first; none where it is closed."),
]


class _Strict(BaseModel):
    """A value of the book: nothing in it is unknown, and nothing changes after it was read.

    Its validators are built when the first book is read, since that takes longer than all else of starting the gate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Rule(_Strict):
    """What every row says: whom it concerns, in words that a lay reader understands, and where it comes from.

    `in_force` is when the law began to hold; the gate never waits for it, since keeping a rule early harms nobody.
    `mark` is P (read in the primary text), S (in a secondary source) or K (general knowledge, not checked again).
    """

    id: Annotated[str, Field(pattern=r"^[a-z]+(\.[a-z][a-z0-9_]*)+$")]
    kind: str
    place: Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z]{2})?|\*|sandbox)$")]
    channels: Annotated[frozenset[Channel], Field(min_length=1)]
    purposes: Annotated[frozenset[Purpose], Field(min_length=1)]
    text: Annotated[str, Field(min_length=20, max_length=600)]
    source: Annotated[str, Field(min_length=3)]
    mark: Literal["P", "S", "K"]
    verified: bool
    in_force: Annotated[date | None, BeforeValidator(_none_if_null)]
    last_verified: date

    @model_validator(mode="after")
    def _knowledge_is_not_verified(self) -> Self:
        if self.mark == "K" and self.verified:
            raise ValueError("a rule marked K was not checked, so it cannot be verified")
        return self

    def concerns(self, channel: Channel, purpose: Purpose) -> bool:
        """Whether the rule has a say in this sort of contact."""
        return channel in self.channels and purpose in self.purposes


class Nothing(_Strict):
    """The values of a rule that needs none."""


class HoursValues(_Strict):
    """Windows by the clock where the person is; `holidays` says whether public holidays are closed.

    `further_holidays` are days that the calendar of public holidays lacks: a month and day (`06-14`) or a moving feast.
    """

    weekdays: DaySpans
    saturday: DaySpans
    sunday: DaySpans
    holidays: Literal["open", "closed"]
    further_holidays: tuple[Annotated[str, AfterValidator(_feast)], ...] = ()

    @model_validator(mode="after")
    def _windows_follow_each_other(self) -> Self:
        for spans in (self.weekdays, self.saturday, self.sunday):
            _in_order(spans)
        return self


class CallingHours(Rule):
    """When people may be called and texted."""

    kind: Literal["calling_hours"]
    values: HoursValues


class MarginValues(_Strict):
    """How long before a window closes nothing is started any more."""

    minutes: Annotated[int, Field(ge=0, le=60)]


class Margin(Rule):
    """A provider may queue what we ask for, so nothing is started just before a window closes."""

    kind: Literal["margin"]
    values: MarginValues


class Cap(_Strict):
    """At most so many attempts in a rolling stretch of so many hours."""

    attempts: Annotated[int, Field(ge=1)]
    hours: Annotated[int, Field(ge=1)]


class CapValues(_Strict):
    """Every one of these holds."""

    caps: Annotated[tuple[Cap, ...], Field(min_length=1)]


class FrequencyCap(Rule):
    """How often one person may be tried, over all their numbers, channels and campaigns."""

    kind: Literal["frequency_cap"]
    values: CapValues


class ConsentValues(_Strict):
    """The weakest agreement that is enough."""

    needs: ConsentKind


class ConsentRule(Rule):
    """What somebody must have agreed to before."""

    kind: Literal["consent"]
    values: ConsentValues


class SellersValues(_Strict):
    """Whether an agreement that names other sellers fails always, or only where the tenant asks for it."""

    asked: Literal["always", "on_request"]


class Sellers(Rule):
    """Whom an agreement was given to."""

    kind: Literal["sellers"]
    values: SellersValues


class RegistryValues(_Strict):
    """Which list, how old its import may be, and the weakest agreement that stands above it (`none`: no agreement)."""

    registry: Registry
    max_age_days: Annotated[int, Field(ge=1)]
    warn_age_days: Annotated[int, Field(ge=1)]
    exempt: ConsentKind


class RegistryRule(Rule):
    """A national list of numbers that want no advertising."""

    kind: Literal["registry"]
    values: RegistryValues


class Suppression(Rule):
    """Whoever asked to be left alone is left alone."""

    kind: Literal["suppression"]
    values: Nothing


class ConfirmationValues(_Strict):
    """How soon after an opt-out, and how often, it may be confirmed."""

    within_minutes: Annotated[int, Field(ge=1, le=60)]
    at_most: Annotated[int, Field(ge=0, le=1)]


class Confirmation(Rule):
    """The one text that may still follow an opt-out."""

    kind: Literal["confirmation"]
    values: ConfirmationValues


class PauseValues(_Strict):
    """For how long."""

    days: Annotated[int, Field(ge=1)]


class Pause(Rule):
    """After a refusal a person is left alone for a while, whatever else would allow contact."""

    kind: Literal["pause"]
    values: PauseValues


class Reassigned(Rule):
    """A number that changed hands takes no agreement with it."""

    kind: Literal["reassigned"]
    values: Nothing


class SenderRegistration(Rule):
    """Our number must be registered before it texts."""

    kind: Literal["sender_registration"]
    values: Nothing


class DeclarationValues(_Strict):
    """Which acknowledgement of the tenant opens the place."""

    declared: Literal["california_acknowledged"]


class Declaration(Rule):
    """A place that stays closed until the tenant has acknowledged a duty of theirs."""

    kind: Literal["declaration"]
    values: DeclarationValues


class DestinationValues(_Strict):
    """Kinds of numbers that nobody may reach."""

    never: Annotated[frozenset[NumberKind], Field(min_length=1)]


class Destination(Rule):
    """Where nothing is ever sent."""

    kind: Literal["destination"]
    values: DestinationValues


class Sandbox(Rule):
    """The sandbox's numbers, which have no law."""

    kind: Literal["sandbox"]
    values: Nothing


AnyRule = Annotated[
    CallingHours | Margin | FrequencyCap | ConsentRule | Sellers | RegistryRule | Suppression | Confirmation | Pause
    | Reassigned | SenderRegistration | Declaration | Destination | Sandbox,
    Field(discriminator="kind"),
]  # fmt: skip
"""A row of the book, of whatever kind."""
