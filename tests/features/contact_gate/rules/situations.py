"""What tests of the rules start from: a person who agreed to everything, a business that sets nothing, a Tuesday."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from leadsail.features.contact_gate.models import (
    Allow,
    CampaignTerms,
    Channel,
    Consent,
    Contact,
    DayHours,
    Decision,
    History,
    Intent,
    PastAttempt,
    Purpose,
    RegistryFact,
    SenderTerms,
    Suppression,
    TenantTerms,
    Terms,
    Week,
)
from leadsail.features.contact_gate.repository.rule_book import read_rule_files
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.features.contact_gate.rules.reading import read
from leadsail.features.contact_gate.rules.rule_book import RuleBook
from leadsail.foundation.geography import Number, NumberKind, Place, PlaceSource
from leadsail.foundation.time_zones import zone_named

NEW_YORK = Place("US", "NY", "America/New_York")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TUESDAY_NOON = datetime(2027, 3, 2, 17, 0, tzinfo=UTC)
"""Noon in New York, nine in the morning in Los Angeles."""

AGREED = Consent("automated_call", "lead", LONG_AGO)
ANYTHING = Terms(
    TenantTerms("US", ("Sunny Solar",), allowed_countries=frozenset({"US"}), california_acknowledged=True),
    SenderTerms("+12025550100"),
)
WORKING_WEEK: Week = (*(DayHours(9 * 60, 20 * 60),) * 5, DayHours(0, 0), DayHours(0, 0))


@cache
def shipped() -> RuleBook:
    """The rule book that comes with the product."""
    return read(read_rule_files())


def somebody(*places: Place, country: str | None = "US", **known: Any) -> Contact:
    """A person who agreed to everything, at these places; in New York when none is named."""
    number = Number("+12125550123", NumberKind.GEOGRAPHIC, country)
    fresh = tuple(
        RegistryFact(registry, listed=False, scrubbed_at=LONG_AGO) for registry in ("us_dnc", "ca_dncl", "gb_tps")
    )
    start = Contact(
        number, tuple(PlaceSource(place, "area_code") for place in places or (NEW_YORK,)), (AGREED,), (), fresh
    )
    return replace(start, **known)


def scrubbed(contact: Contact, at: datetime, **change: Any) -> Contact:
    """The same person, with every registry imported the day before `at`."""
    facts = tuple(replace(fact, scrubbed_at=at - timedelta(days=1), **change) for fact in contact.registries)
    return replace(contact, registries=facts)


def ask(
    contact: Contact | None = None,
    at: datetime = TUESDAY_NOON,
    *,
    channel: Channel = "call",
    purpose: Purpose = "marketing",
    history: History | None = None,
    terms: Terms = ANYTHING,
) -> Decision:
    """The decision on this contact, by the shipped rules and with fresh registries."""
    intent = Intent(channel, purpose, at)
    return decide(scrubbed_unless_told(contact or somebody(), at), intent, history or History(), terms, shipped())


def scrubbed_unless_told(contact: Contact, at: datetime) -> Contact:
    """Fresh registries, unless the test has set their dates itself."""
    is_told = any(fact.scrubbed_at != LONG_AGO for fact in contact.registries)
    return contact if is_told else scrubbed(contact, at)


def local(zone: str, clock: str, fold: int = 0) -> datetime:
    """The instant at which the clock of a zone shows this, such as `2027-03-02 20:00`."""
    return datetime.fromisoformat(clock).replace(tzinfo=zone_named(zone), fold=fold).astimezone(UTC)


def codes(decision: Decision) -> list[str]:
    """Every code that stands against it, in the order of the answer."""
    return [reason.code for reason in decision.reasons if reason.code]


def code(decision: Decision) -> str | None:
    """The code of a decision; None where it allows."""
    return None if isinstance(decision, Allow) else decision.code


def against(decision: Decision) -> dict[str, str]:
    """What stands against it: rule to detail."""
    return {reason.rule_id: reason.detail for reason in decision.reasons if reason.code}


def tried(*instants: datetime, campaign_id: str | None = "SUN", **known: Any) -> History:
    """A history of calls at these instants."""
    attempts = tuple(PastAttempt(at, "call", campaign_id, same_number=True) for at in sorted(instants, reverse=True))
    return History(attempts, **known)


def campaign(**terms: Any) -> Terms:
    """Terms with an active campaign of its own."""
    return replace(
        ANYTHING,
        campaign=replace(
            CampaignTerms("SUN", active=True, agent_configured=True, lead_zone="America/New_York"), **terms
        ),
    )


def tenant(**terms: Any) -> Terms:
    """Terms of a tenant who sets something."""
    return replace(ANYTHING, tenant=replace(ANYTHING.tenant, **terms))


def asked_to_stop(*, number_is_dialed_one: bool = True, lifted_for: Iterable[str] = ()) -> Suppression:
    """An entry of the do-not-call list."""
    return Suppression(number_is_dialed_one, "sms", LONG_AGO, frozenset(lifted_for))
