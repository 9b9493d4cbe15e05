"""Frequency caps under random schedules: no person is tried more often than the law allows, whatever is asked when.

Each schedule is one person with several numbers, tried by several campaigns on both channels at random moments; what
the gate allows is added to the person's history, and a count that knows nothing of the gate looks for a breach.
"""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from leadsail.features.contact_gate.models import (
    Allow,
    CampaignTerms,
    Channel,
    Consent,
    Contact,
    History,
    Intent,
    PastAttempt,
    SenderTerms,
    TenantTerms,
    Terms,
)
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.features.contact_gate.rules.rule_book import RuleBook
from leadsail.features.contact_gate.service.rule_books import RuleBooks
from leadsail.foundation.geography import Place, PlaceSource, classify

_START = datetime(2027, 3, 8, tzinfo=UTC)
_LIMITS: dict[str, tuple[tuple[int, timedelta], ...]] = {
    "US": ((3, timedelta(hours=24)), (8, timedelta(days=7))),
    "FR": ((3, timedelta(hours=24)), (4, timedelta(days=30)), (8, timedelta(days=7))),
}
"""At most so many attempts in any stretch of this length, read anew from the statutes' table."""
_PLACES = (
    ("US", "FL", "America/New_York", ("+13055550142", "+13055550143")),
    ("US", "OH", "America/New_York", ("+16145550142", "+12165550142")),
    ("US", "CA", "America/Los_Angeles", ("+14155550142", "+12135550142")),
    ("FR", None, "Europe/Paris", ("+33612345678", "+33142345678")),
)


@dataclass(frozen=True, slots=True)
class Breach:
    """A person who was tried too often: the schedule's seed and the attempts that the gate allowed."""

    seed: int
    attempts: tuple[datetime, ...]


def breaches(seeds: Sequence[int]) -> list[Breach]:
    """What went wrong in these schedules."""
    return [found for seed in seeds if (found := _breach(seed)) is not None]


def allowed_in(seed: int) -> tuple[str, list[datetime]]:
    """Where the person of this schedule is, and when the gate let somebody try them."""
    draw = random.Random(seed)
    country, region, zone, numbers = draw.choice(_PLACES)
    attempts: list[PastAttempt] = []
    for at in _moments(draw):
        campaign, number = draw.choice(("A", "B", "C")), draw.choice(numbers)
        channel: Channel = "call" if draw.random() < 0.5 else "sms"
        contact = _contact(number, Place(country, region, zone))
        history = History(tuple(sorted(attempts, key=lambda one: one.at, reverse=True)))
        decision = decide(contact, Intent(channel, "marketing", at), history, _terms(campaign, country), _book())
        if isinstance(decision, Allow):
            attempts.append(PastAttempt(at, channel, campaign, same_number=draw.random() < 0.5))
    return country, [one.at for one in attempts]


def _moments(draw: random.Random) -> Iterator[datetime]:
    """Bursts and pauses over five weeks, never backwards."""
    at = _START + timedelta(minutes=draw.randrange(1440))
    for _ in range(draw.randint(15, 40)):
        yield at
        at += timedelta(minutes=draw.choice((0, 1, 5, 30, 61, 240, 479, 719, 720, 721, 1439, 1440, 1441, 5000)))


def _contact(number: str, place: Place) -> Contact:
    agreed = Consent("automated_call", "lead", _START - timedelta(days=9), evidence={"text": "I agree"})
    return Contact(classify(number), (PlaceSource(place, "stated"),), consents=(agreed,))


@cache
def _terms(campaign: str, country: str) -> Terms:
    tenant = TenantTerms(country=country, allowed_countries=frozenset({country}), california_acknowledged=True)
    own = CampaignTerms(campaign, active=True, agent_configured=True, lead_zone="America/New_York")
    return Terms(tenant, SenderTerms("+14155550100"), own)


@cache
def _book() -> RuleBook:
    book = RuleBooks().current()
    if book is None:
        raise RuntimeError("the shipped rule book cannot be read")
    return book


def _breach(seed: int) -> Breach | None:
    country, attempts = allowed_in(seed)
    for most, stretch in _LIMITS[country]:
        for first, later in zip(attempts, attempts[most:], strict=False):
            if later - first < stretch:
                return Breach(seed, tuple(attempts))
    return None


def check_frequency(processes: int, schedules: int = 100_000) -> bool:
    """All schedules, told on the terminal."""
    size = 1_000
    batches = [range(start, min(start + size, schedules)) for start in range(0, schedules, size)]
    found: list[Breach] = []
    with ProcessPoolExecutor(processes) as pool:
        for done, some in enumerate(pool.map(breaches, batches), 1):
            found += some
            print(f"\r  {done * size:,} schedules", end="", flush=True)
    print(f"\rfrequency caps: {schedules:,} random schedules, {len(found)} breaches")
    for one in found[:3]:
        print(f"  seed {one.seed}: {', '.join(f'{at:%m-%d %H:%M}' for at in one.attempts)}")
    return not found
