"""The product and the oracle asked the same question: where the product allows and the law does not is a finding."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from leadsail.features.contact_gate.models import (
    Allow,
    Channel,
    Consent,
    Contact,
    Decision,
    History,
    Intent,
    Purpose,
    RegistryFact,
    SenderTerms,
    TenantTerms,
    Terms,
)
from leadsail.features.contact_gate.repository.rule_book import read_rule_files
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.features.contact_gate.rules.law import law_of
from leadsail.features.contact_gate.rules.reading import read
from leadsail.features.contact_gate.rules.rule_book import RuleBook
from leadsail.features.contact_gate.rules.windows import Windows
from leadsail.foundation.geography import Number, Place, PlaceSource, candidates, classify
from tests.features.contact_gate.oracle.law import rules_at
from tests.features.contact_gate.oracle.places import TERRITORIES, Situation, Where, places_of
from tests.features.contact_gate.oracle.verdict import Minutes, instant_of, lawful, lawful_at, local_minutes

_LONG_AGO = datetime(2026, 6, 1, tzinfo=UTC)

_AGREED = (
    Consent(kind="written", source="lead", given_at=_LONG_AGO),
    Consent(kind="automated_call", source="lead", given_at=_LONG_AGO),
)

_OPEN_HANDED = Terms(
    tenant=TenantTerms(
        country="US", allowed_countries=frozenset({"US", "CA", *TERRITORIES}), california_acknowledged=True
    ),
    sender=SenderTerms(number="+12025550100"),
)
"""A business that sets nothing tighter than the law, so that only the law can refuse."""


@cache
def shipped_rules() -> RuleBook:
    """The rule book as the product ships it."""
    return read(read_rule_files())


@cache
def product_places(situation: Situation) -> tuple[PlaceSource, ...]:
    """Where the product thinks that the person could be."""
    return candidates(
        number_of(situation),
        zone=situation.zone,
        zip=situation.zip,
        region=situation.region,
        country=_country(situation),
    )


def number_of(situation: Situation) -> Number:
    """The person's number as the product understands it."""
    return classify(situation.phone)


def _country(situation: Situation) -> str | None:
    countries = {where.country for where in places_of(Situation("", zip=situation.zip, region=situation.region))}
    return countries.pop() if len(countries) == 1 and (situation.zip or situation.region) else None


def decision_on(
    situation: Situation, minute: int, channel: Channel = "call", purpose: Purpose = "marketing"
) -> Decision:
    """What the product says of somebody who agreed to everything and was never contacted."""
    at = instant_of(minute)
    registries = tuple(
        RegistryFact(registry, listed=False, scrubbed_at=at - timedelta(days=1)) for registry in ("us_dnc", "ca_dncl")
    )
    contact = Contact(
        number=number_of(situation), places=product_places(situation), consents=_AGREED, registries=registries
    )
    return decide(contact, Intent(channel, purpose, at), History(), _OPEN_HANDED, shipped_rules())


def legal_windows(places: frozenset[Place]) -> Windows:
    """The product's legal hours for a marketing call to somebody who could be in any of the places."""
    return law_of(shipped_rules(), places, "call", "marketing").windows


@dataclass(frozen=True, slots=True)
class Finding:
    """An unlawful allow."""

    situation: Situation
    minute: int

    def __str__(self) -> str:
        breaches = "; ".join(_breaches(places_of(self.situation), self.minute))
        return f"{self.situation}: allowed at {instant_of(self.minute):%Y-%m-%dT%H:%MZ}, but {breaches}"


def _breaches(places: frozenset[Where], minute: int) -> Iterator[str]:
    instants = np.array([minute], dtype=np.int64)
    for where in sorted(places):
        if not lawful_at(where, instants)[0]:
            local = instant_of(int(local_minutes(where.zone, instants)[0]))
            rule = " and ".join(str(rule) for rule in rules_at(where))
            yield f"{where.country}-{where.region} ({where.zone}) shows {local:%a %Y-%m-%d %H:%M} and keeps {rule}"


@dataclass(slots=True)
class Tally:
    """What came of many questions."""

    asked: int = 0
    lawful: int = 0
    stricter: int = 0
    """Lawful instants that the product refuses."""
    other_refusals: Counter[str] = field(default_factory=Counter)
    """Lawful instants refused for another reason than the hours, by code: these questions were not answered."""
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another's questions as well."""
        self.asked += other.asked
        self.lawful += other.lawful
        self.stricter += other.stricter
        self.other_refusals += other.other_refusals
        self.findings += other.findings

    @property
    def stricter_share(self) -> float:
        """Of the lawful instants, the share that the product refuses."""
        return self.stricter / self.lawful if self.lawful else 0.0


def compare(
    situation: Situation, instants: Minutes, *, channel: Channel = "call", purpose: Purpose = "marketing"
) -> Tally:
    """Ask about each of the instants, through the whole decision."""
    tally = Tally()
    for minute, allowed_by_law in zip(instants.tolist(), lawful(places_of(situation), instants).tolist(), strict=True):
        decision = decision_on(situation, minute, channel, purpose)
        tally.asked += 1
        tally.lawful += allowed_by_law
        if isinstance(decision, Allow):
            if not allowed_by_law:
                tally.findings.append(Finding(situation, minute))
        elif allowed_by_law:
            tally.stricter += 1
            if decision.code != "OUTSIDE_LEGAL_HOURS":
                tally.other_refusals[decision.code] += 1
    return tally
