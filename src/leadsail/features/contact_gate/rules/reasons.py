"""One case before the gate, and how a rule says yes or no to it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

from leadsail.features.contact_gate.models import Code, Contact, History, Intent, Purpose, Reason, Terms
from leadsail.features.contact_gate.rules.law import Law
from leadsail.features.contact_gate.rules.windows import Windows

BusinessHours: TypeAlias = tuple[tuple[str, Windows], ...]
"""The hours that tenant and campaign have set, each with the rule of the house that it is."""

ANSWERS: frozenset[Purpose] = frozenset({"reply", "opt_out_confirmation"})
"""What does not begin an exchange, but answers in it or confirms its end."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a rule may look at, at the instant `intent.at`."""

    contact: Contact
    intent: Intent
    history: History
    terms: Terms
    law: Law
    business_hours: BusinessHours

    @property
    def is_first_move(self) -> bool:
        """Whether we begin the exchange."""
        return self.intent.purpose not in ANSWERS

    def passes(self, rule_id: str, detail: str = "") -> Reason:
        """The rule was asked and has nothing against it."""
        return _passed(rule_id, self.law.version, detail)

    def fails(self, rule_id: str, code: Code, detail: str, until: datetime | None = None) -> Reason:
        """The rule forbids it, until an instant where time helps."""
        return Reason(rule_id, self.law.version, code, detail, until)


@lru_cache(maxsize=65_536)
def _passed(rule_id: str, version: str, detail: str) -> Reason:
    """The same few sentences are said in nearly every decision."""
    return Reason(rule_id, version, None, detail)


@lru_cache(maxsize=65_536)
def utc(at: datetime) -> str:
    """An instant as the wire shows it, to the minute."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def whole_second(at: datetime) -> datetime:
    """The first whole second from `at` on: what is told to a client must still hold after it was rounded."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)
