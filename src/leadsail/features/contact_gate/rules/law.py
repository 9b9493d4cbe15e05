"""All rules that have a say in one sort of contact at a set of places, gathered once and kept: the law of that set."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from leadsail.features.contact_gate.models import Channel, Purpose, Reason
from leadsail.features.contact_gate.rules.calendars import Calendar
from leadsail.features.contact_gate.rules.rule import (
    CallingHours,
    Confirmation,
    ConsentRule,
    Declaration,
    Destination,
    FrequencyCap,
    Margin,
    Pause,
    Reassigned,
    RegistryRule,
    Rule,
    Sandbox,
    Sellers,
    SenderRegistration,
    Suppression,
)
from leadsail.features.contact_gate.rules.rule_book import SANDBOX, RuleBook, RuleT
from leadsail.features.contact_gate.rules.windows import (
    NEVER,
    WeekSpans,
    Windows,
    ZoneWindows,
    overlap,
    shortened,
)
from leadsail.foundation.geography import Place
from leadsail.foundation.time_zones import zone_named

_NOWHERE = frozenset({Place("ZZ", None, "")})
"""Where somebody is of whom nothing is known: no country has rows for it, and nobody can read its clock."""


@dataclass(frozen=True, slots=True, eq=False)
class HoursRule:
    """One rule on hours with the windows it leaves open, for the last minutes of which it allows nothing."""

    rule: CallingHours
    windows: Windows
    passed: Reason


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """The rules for one sort of contact at one set of places."""

    version: str
    zones: frozenset[str]
    is_sandbox: bool
    margin: int
    hours: tuple[HoursRule, ...]
    windows: Windows
    """All rules on hours together, without the last minutes: what must be open for something to start."""
    closing: Windows
    """All rules on hours together, whole: when a window really ends."""
    caps: tuple[FrequencyCap, ...]
    pauses: tuple[Pause, ...]
    consents: tuple[ConsentRule, ...]
    sellers: tuple[Sellers, ...]
    registries: tuple[RegistryRule, ...]
    suppressions: tuple[Suppression, ...]
    confirmations: tuple[Confirmation, ...]
    reassigned: tuple[Reassigned, ...]
    registrations: tuple[SenderRegistration, ...]
    declarations: tuple[Declaration, ...]
    destinations: tuple[Destination, ...]
    general: tuple[Reason, ...]
    """What allows by merely being there: the margin, and the sandbox's own rule."""


@lru_cache(maxsize=16_384)
def law_of(rules: RuleBook, places: frozenset[Place], channel: Channel, purpose: Purpose) -> Law:
    """The law for people who are at one of these places; the strictest there is where none is known."""
    return _law(rules, places or _NOWHERE, channel, purpose)


@lru_cache(maxsize=64)
def law_of_sandbox(rules: RuleBook, channel: Channel, purpose: Purpose) -> Law:
    """The law of the sandbox's numbers, which is what the book says of them and nothing else."""
    return _law(rules, frozenset({Place(SANDBOX, SANDBOX, "")}), channel, purpose)


def _law(rules: RuleBook, places: frozenset[Place], channel: Channel, purpose: Purpose) -> Law:
    is_sandbox = any(place.country == SANDBOX for place in places)
    at = _Rows(rules, places, channel, purpose, is_sandbox)
    margins, boxes = at.of(Margin), at.of(Sandbox)
    margin = max((rule.values.minutes for rule in margins), default=0)
    hours, whole = at.hours(margin), at.hours(0)
    return Law(
        version=rules.version,
        zones=frozenset(place.zone for place in places),
        is_sandbox=is_sandbox,
        margin=margin,
        hours=tuple(HoursRule(rule, windows, _passed(rules, rule)) for rule, windows in hours),
        windows=_merged(windows for _, windows in hours),
        closing=_merged(windows for _, windows in whole),
        caps=at.of(FrequencyCap),
        pauses=at.of(Pause),
        consents=at.of(ConsentRule),
        sellers=at.of(Sellers),
        registries=at.of(RegistryRule),
        suppressions=at.of(Suppression),
        confirmations=at.of(Confirmation),
        reassigned=at.of(Reassigned),
        registrations=at.of(SenderRegistration),
        declarations=at.of(Declaration),
        destinations=at.of(Destination),
        general=tuple(_passed(rules, rule) for rule in (*margins, *boxes)),
    )


def _passed(rules: RuleBook, rule: Rule) -> Reason:
    return Reason(rule.id, rules.version)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a book for one sort of contact, at all places together or at one."""

    rules: RuleBook
    places: frozenset[Place]
    channel: Channel
    purpose: Purpose
    is_sandbox: bool

    def of(self, kind: type[RuleT]) -> tuple[RuleT, ...]:
        if self.is_sandbox:
            rows = self.rules.at_home(kind, SANDBOX)
            return tuple(rule for rule in rows if rule.concerns(self.channel, self.purpose))
        return self.rules.rows(kind, self.places, self.channel, self.purpose)

    def hours(self, margin: int) -> list[tuple[CallingHours, Windows]]:
        """Each rule on hours with its windows in the zones of the places where it holds; the sandbox has none."""
        if self.is_sandbox:
            return []
        held: dict[str, tuple[CallingHours, list[ZoneWindows]]] = {}
        for place in sorted(self.places, key=lambda place: (place.country, place.region or "", place.zone)):
            for rule in self.rules.rows(CallingHours, (place,), self.channel, self.purpose):
                held.setdefault(rule.id, (rule, []))[1].append(_zone_windows(rule, place, margin))
        return [(rule, Windows(tuple(dict.fromkeys(zones)))) for rule, zones in held.values()]


def _zone_windows(rule: CallingHours, place: Place, margin: int) -> ZoneWindows:
    values = rule.values
    week: WeekSpans = (*(values.weekdays,) * 5, values.saturday, values.sunday)
    region = rule.place.partition("-")[2] or place.region  # a state's rule means the holidays of that state
    own = Calendar(place.country, region, values.further_holidays)
    calendars = (own,) if values.holidays == "closed" else ()
    zone = zone_named(place.zone)
    return ZoneWindows(zone, shortened(week, margin) if zone else NEVER, calendars)


def _merged(parts: Iterable[Windows]) -> Windows:
    """All windows of a zone laid over each other, so that each clock is read once."""
    by_zone: dict[str, list[ZoneWindows]] = {}
    for zone in (zone for part in parts for zone in part.zones):
        by_zone.setdefault(zone.zone.key if zone.zone else "", []).append(zone)
    return Windows(tuple(_over_each_other(zones) for _, zones in sorted(by_zone.items())))


def _over_each_other(zones: list[ZoneWindows]) -> ZoneWindows:
    calendars = dict.fromkeys(calendar for zone in zones for calendar in zone.calendars)
    return ZoneWindows(zones[0].zone, overlap(zone.week for zone in zones), tuple(calendars))
