"""The parts of a dossier, each made of what was kept. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from leadsail.features.contact_gate.service.audit import KeptDecision
from leadsail.features.do_not_call.schemas import DoNotCallRecord
from leadsail.features.dossiers.schemas import (
    Disclosure,
    DossierAttempt,
    DossierConsent,
    DossierDecision,
    DossierRule,
    OptOutEntry,
    Recording,
)

_NAMES_AI = re.compile(
    r"\b(ai|a\.i\.|artificial|automated|virtual|digital|robot|bot|machine|computer|automatic|asistente virtual|"
    r"inteligencia artificial|automatizad[ao]|intelligence artificielle|automatique|virtuelle?)\b",
    re.IGNORECASE,
)


def attempt_of(row: Mapping[str, Any], decisions: Iterable[KeptDecision]) -> DossierAttempt:
    """One attempt with its decisions, in order."""
    names = ("attempt_id", "channel", "purpose", "state", "planned_at", "committed_at", "ended_at")
    return DossierAttempt(**{name: row[name] for name in names}, decisions=[decision_of(one) for one in decisions])


def decision_of(kept: KeptDecision) -> DossierDecision:
    """A decision as a reader needs it; of an erased lead only what names nobody is left."""
    body = kept.body or {}
    reasons = body.get("decision", {}).get("reasons", [])
    return DossierDecision(
        decision_id=kept.decision_id,
        stage=kept.stage,
        outcome=kept.outcome,
        code=kept.code,
        at=kept.at,
        local_times=body.get("localTimes", {}),
        list_ages_in_days=body.get("scrubAgesInDays", {}),
        earlier_attempts=len(body.get("history", {}).get("attempts", [])),
        rules=[_rule(reason, body.get("rules", {})) for reason in reasons],
        seal=kept.seal,
        erased=kept.body is None,
    )


def consents_of(decisions: Iterable[KeptDecision]) -> list[DossierConsent]:
    """Every agreement that the decisions knew of, each once."""
    found: dict[str, DossierConsent] = {}
    for kept in decisions:
        for consent in (kept.body or {}).get("contact", {}).get("consents", []):
            told = DossierConsent.model_validate(_wire(consent))
            found.setdefault(told.model_dump_json(), told)
    return list(found.values())


def disclosure_of(transcript: Sequence[Mapping[str, Any]]) -> Disclosure:
    """What was said first from our side, word for word."""
    first = next((turn for turn in transcript if turn["role"] == "agent"), None)
    if first is None:
        return Disclosure(by_ai=False, names_ai=False)
    said = first["message"]
    return Disclosure(
        said=said,
        at=datetime.fromisoformat(first["timestamp"]),
        by_ai=first["speaker"] != "human",
        names_ai=bool(_NAMES_AI.search(said)),
    )


def recording_of(talk: Mapping[str, Any]) -> Recording:
    """Where the recording is and what its hash is, where there is one."""
    call = talk.get("call") or {}
    return Recording(url=call.get("recordingUrl"), sha256=call.get("recordingSha256"))


def began_by(talk: Mapping[str, Any]) -> Literal["us", "lead"]:
    """Whether we or the lead began the conversation."""
    part = talk.get("call") or talk.get("sms") or {}
    return "lead" if part.get("direction") == "inbound" else "us"


def entry_of(record: DoNotCallRecord, interaction_id: str) -> OptOutEntry:
    """A live entry of the list, with the words by which it was asked for in this conversation."""
    told = [event for event in record.events if event.interaction_id == interaction_id]
    words = next((str(event.evidence["words"]) for event in told if "words" in event.evidence), None)
    return OptOutEntry(
        entry_id=record.entry_id, source=record.source, since=record.created_at, asked_here=bool(told), words=words
    )


def _rule(reason: Mapping[str, Any], texts: Mapping[str, str]) -> DossierRule:
    return DossierRule(
        rule_id=reason["rule_id"],
        version=reason["version"],
        said=reason.get("code") or "agreed",
        text=texts.get(reason["rule_id"], ""),
        detail=reason.get("detail") or None,
    )


def _wire(consent: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": consent["kind"],
        "source": consent["source"],
        "givenAt": consent.get("given_at"),
        "channels": list(consent.get("channels", [])),
        "sellers": list(consent.get("sellers", [])),
        "evidence": dict(consent.get("evidence", {})),
    }
