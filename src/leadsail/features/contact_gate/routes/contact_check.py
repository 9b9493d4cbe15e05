"""`/contact-check`: the gate's answer, with nothing planned and nothing stored."""

from typing import Annotated, Any

from fastapi import Request

from leadsail.features.contact_gate.models import Allow, Decision, Hold, Reason
from leadsail.features.contact_gate.schemas.contact_check import ContactAnswer, ContactCheck, DecidingRule, LocalTime
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.requests import ContactRequest, Judgement
from leadsail.features.contact_gate.service.rule_books import RuleBooks
from leadsail.foundation.geography import PlaceSource
from leadsail.foundation.records.routes import ACTS
from leadsail.foundation.time_zones import known_zone
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.caller import caller_of
from leadsail.foundation.web.routes import ReadWork, router, service

routes = router("Contact gate")

Gate = Annotated[ContactGate, service(ContactGate)]
Books = Annotated[RuleBooks, service(RuleBooks)]


@routes.post("/contact-check", summary="May this person be contacted?", responses=ACTS)
async def check_contact(
    asked: ContactCheck, work: ReadWork, gate: Gate, books: Books, request: Request
) -> Success[ContactAnswer]:
    """Whether a lead or a number may be called or texted, now or at any instant, and which rules decided.

    It is the same decision that stands before every call and every text, with the same codes; nothing is planned.
    """
    wanted = ContactRequest(
        asked.channel,
        asked.purpose,
        lead_id=asked.lead_id,
        phone=asked.phone,
        campaign_id=asked.campaign_id,
        at=asked.at,
        test_key=caller_of(request.scope).kind == "test",
    )
    return Success(data=_told(await gate.check(work, wanted), books))


def _told(judgement: Judgement, books: RuleBooks) -> ContactAnswer:
    known, decision = judgement.knowledge, judgement.decision
    times: dict[str, Any] = {}
    if isinstance(decision, Hold):
        times["next_allowed_at"] = decision.until
    if isinstance(decision, Allow):
        times["latest_start"] = decision.latest_start
    return ContactAnswer(
        decision=_outcome(decision),
        code=None if isinstance(decision, Allow) else decision.code,
        phone=known.contact.number.e164,
        at=known.intent.at,
        local_times=[_local_time(source, judgement) for source in known.contact.places],
        decisions=[_rule(reason, books) for reason in sorted(decision.reasons, key=lambda one: one.code is None)],
        **times,
    )


def _outcome(decision: Decision) -> Any:
    return type(decision).__name__.lower()


def _rule(reason: Reason, books: RuleBooks) -> DecidingRule:
    rule = books.rule(reason.rule_id)
    return DecidingRule(
        code=reason.code,
        rule_id=reason.rule_id,
        version=reason.version,
        text=rule.text if rule else None,
        source=rule.source if rule else None,
        detail=reason.detail or None,
        next_allowed_at=reason.until if reason.code else None,
    )


def _local_time(source: PlaceSource, judgement: Judgement) -> LocalTime:
    place, at = source.place, judgement.knowledge.intent.at
    return LocalTime(
        zone=place.zone,
        country=place.country,
        region=place.region,
        found_by=source.source,
        time=at.astimezone(known_zone(place.zone)).isoformat(timespec="seconds"),
    )
