"""Keeps every decision with all that it was made from, so that it can be shown and proven years later."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import asyncpg
import orjson

from leadsail.features.contact_gate.models import Allow, Decision, Hold
from leadsail.features.contact_gate.repository.decisions import DecisionRepository, DecisionRow
from leadsail.features.contact_gate.service.digests import body_digest, digest
from leadsail.features.contact_gate.service.requests import Judgement
from leadsail.features.leads.events import LeadErased
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import KeyedHash
from leadsail.foundation.ids import new_id
from leadsail.foundation.time_zones import known_zone

Stage: TypeAlias = Literal["plan", "commit"]

RuleTexts: TypeAlias = Callable[[str], str]
"""What a rule says in plain words, by its id; empty for a rule that has no text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision that is to be kept: when it was asked for, about which attempt, and on what it rests."""

    attempt_id: str | None
    stage: Stage
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision as it was kept. `body` is None where the lead was erased; `seal` is None for the last second's."""

    decision_id: str
    attempt_id: str | None
    stage: Stage
    outcome: Literal["allow", "hold", "deny"]
    code: str | None
    at: datetime
    created_at: datetime
    body: Mapping[str, Any] | None
    seal: int | None


class AuditService:
    """Writes decisions down and finds them again. They are never changed; an erased lead's are emptied."""

    def __init__(self, clock: Clock, keyed_hash: KeyedHash, rule_text: RuleTexts, *, phone_purpose: str) -> None:
        self._clock = clock
        self._hash = keyed_hash
        self._rule_text = rule_text
        self._phone_purpose = phone_purpose

    def entry(self, attempt_id: str | None, stage: Stage, judgement: Judgement) -> Entry:
        """A decision that is to be kept."""
        return Entry(attempt_id, stage, judgement)

    async def append(self, work: Work, entries: Sequence[Entry]) -> list[str]:
        """Keep decisions, which commit with what they decided about; answers their ids, in order."""
        if not entries:
            return []
        now = self._clock.now()
        rows = [self._row(work.tenant_id, entry, now) for entry in entries]
        await DecisionRepository(work).add(rows)
        return [row.decision_id for row in rows]

    async def of_attempt(self, work: Work, attempt_id: str) -> list[KeptDecision]:
        """Every decision about one attempt, in order."""
        return [_kept(row) for row in await DecisionRepository(work).of_attempt(attempt_id)]

    async def of_interaction(self, work: Work, interaction_id: str) -> list[KeptDecision]:
        """Every decision about the attempts behind one conversation, in order."""
        return [_kept(row) for row in await DecisionRepository(work).of_interaction(interaction_id)]

    async def hear_erasure(self, work: Work, event: LeadErased) -> None:
        """A lead is erased: what its decisions tell of the person goes, that and what was decided stays provable."""
        await DecisionRepository(work).empty(event.lead_id)

    def _row(self, tenant_id: str, entry: Entry, now: datetime) -> DecisionRow:
        known, decision = entry.judgement.knowledge, entry.judgement.decision
        body = self._body(entry.judgement)
        values: dict[str, Any] = {
            "decision_id": new_id("dec"),
            "attempt_id": entry.attempt_id,
            "lead_id": known.lead_id,
            "interaction_id": known.request.interaction_id,
            "phone_hash": self._hash.of(self._phone_purpose, known.contact.number.e164),
            "stage": entry.stage,
            "outcome": _outcome(decision),
            "code": None if isinstance(decision, Allow) else decision.code,
            "at": known.intent.at,
            "body_digest": body_digest(self._hash, body),
            "created_at": now,
        }
        return DecisionRow(**values, body=body.decode(), digest=digest(self._hash, tenant_id, values))

    def _body(self, judgement: Judgement) -> bytes:
        known = judgement.knowledge
        told = {
            "contact": known.contact,
            "intent": known.intent,
            "history": known.history,
            "terms": known.terms,
            # Another lead of the person may be erased before this one, so its number stands here as a hash alone.
            "numbers": [self._hash.of(self._phone_purpose, number).hex() for number in known.numbers],
            "evidence": known.evidence,
            "decision": judgement.decision,
            "rules": {reason.rule_id: self._rule_text(reason.rule_id) for reason in judgement.decision.reasons},
            "localTimes": local_times(judgement),
            "scrubAgesInDays": scrub_ages(judgement),
        }
        return orjson.dumps(told, default=_plain, option=orjson.OPT_SORT_KEYS)


def local_times(judgement: Judgement) -> dict[str, str]:
    """What the clocks show where the person could be, by zone, as the time zone rules of this moment have it."""
    known = judgement.knowledge
    zones = {source.place.zone for source in known.contact.places}
    return {zone: known.intent.at.astimezone(known_zone(zone)).isoformat(timespec="minutes") for zone in zones}


def scrub_ages(judgement: Judgement) -> dict[str, int | None]:
    """How many whole days ago each national list was last imported for the number; None where it never was."""
    at, contact = judgement.knowledge.intent.at, judgement.knowledge.contact
    ages: dict[str, int | None] = {
        fact.registry: (at - fact.scrubbed_at).days if fact.scrubbed_at else None for fact in contact.registries
    }
    if contact.reassignment:
        ages["reassigned_numbers"] = (at - contact.reassignment.asked_at).days
    return ages


def _outcome(decision: Decision) -> str:
    if isinstance(decision, Allow):
        return "allow"
    return "hold" if isinstance(decision, Hold) else "deny"


def _plain(value: object) -> object:
    """What JSON has no word for: sets in order, and mappings that are no dictionaries."""
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be kept with a decision")


def _kept(row: asyncpg.Record) -> KeptDecision:
    names = ("decision_id", "attempt_id", "stage", "outcome", "code", "at", "created_at", "seal")
    body = None if row["body"] is None else orjson.loads(row["body"])
    return KeptDecision(**{name: row[name] for name in names}, body=body)
