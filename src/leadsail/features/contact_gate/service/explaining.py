"""What the rule book alone says of a case that somebody made up: no database, no tenant, no history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leadsail.features.contact_gate.models import (
    Channel,
    Consent,
    ConsentKind,
    Contact,
    Decision,
    History,
    Intent,
    Purpose,
    Registry,
    RegistryFact,
    SenderTerms,
    TenantTerms,
    Terms,
)
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.features.contact_gate.rules.rule_book import RuleBook
from leadsail.foundation.geography import Number, PlaceSource, candidates, classify

_REGISTRIES: tuple[Registry, ...] = ("us_dnc", "ca_dncl", "gb_tps")
_OUR_NUMBER = "+15002550100"
"""Something to come from, so that the want of it decides nothing."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """A person, what they agreed to, and what is wanted of them. What is None is not known."""

    phone: str
    channel: Channel
    at: datetime
    purpose: Purpose = "marketing"
    consent: ConsentKind = "none"
    zone: str | None = None
    zip: str | None = None
    region: str | None = None
    country: str | None = None
    home: str = "US"
    """The tenant's country; the number's own is allowed as well."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The decision, and where the person could be."""

    number: Number
    places: Sequence[PlaceSource]
    decision: Decision


def explain(case: Supposed, book: RuleBook | None) -> Explained:
    """Decide the case as the gate would for a person who was never tried and stands on no list."""
    number = classify(case.phone)
    places = candidates(number, zone=case.zone, zip=case.zip, region=case.region, country=case.country)
    consents = () if case.consent == "none" else (Consent(case.consent, "lead", case.at),)
    scrubbed = tuple(RegistryFact(registry, listed=False, scrubbed_at=case.at) for registry in _REGISTRIES)
    contact = Contact(number, places, consents, registries=scrubbed)
    allowed = frozenset({case.home, number.country or case.home})
    terms = Terms(TenantTerms(case.home, allowed_countries=allowed), SenderTerms(_OUR_NUMBER))
    intent = Intent(case.channel, case.purpose, case.at)
    return Explained(number, places, decide(contact, intent, History(), terms, book))
