"""The one decision: may this person be contacted in this way, now, later, or not at all, and which rules say so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from leadsail.features.contact_gate.models import (
    Allow,
    Contact,
    Decision,
    Deny,
    History,
    Hold,
    Intent,
    Reason,
    Terms,
)
from leadsail.features.contact_gate.rules import campaign, consent, destination, frequency, hours, suppression
from leadsail.features.contact_gate.rules.law import Law, law_of, law_of_sandbox
from leadsail.features.contact_gate.rules.reasons import Case, utc
from leadsail.features.contact_gate.rules.rule_book import RuleBook
from leadsail.features.contact_gate.rules.windows import HORIZON, together
from leadsail.foundation.geography import NumberKind

_IN_ORDER = (
    campaign.preflight,
    suppression.judge,
    consent.judge,
    destination.judge,
    hours.judge,
    frequency.judge,
    campaign.operating_hours,
    campaign.gaps_and_caps,
    campaign.held,
)
"""In the order of contract 7.4, so that the first reason against it gives the code."""

_HOPS = 64


def decide(contact: Contact, intent: Intent, history: History, terms: Terms, rules: RuleBook | None) -> Decision:
    """Judge one contact by every rule that has a say; all of them stand in the answer.

    `Hold` is the answer where waiting cures everything that stands against it, and where an instant is found within
    400 days at which, asked again with nothing else changed, the answer is `Allow`. Without rules it is always `Deny`.
    """
    if rules is None:
        return Deny("RULES_UNAVAILABLE", (Reason("platform.rules", "none", "RULES_UNAVAILABLE", _UNAVAILABLE),))
    if intent.at.tzinfo is not UTC:
        intent = replace(intent, at=intent.at.astimezone(UTC))
    law = _law(contact, intent, rules)
    zones = frozenset(one.place.zone for one in contact.places)
    business = campaign.business_hours(terms, intent, law, zones)
    case = Case(contact, intent, history, terms, law, business)
    reasons = _asked(case)
    against = [reason for reason in reasons if reason.code]
    if not against:
        return Allow(tuple(reasons), _latest_start(case))
    return _refused(case, reasons, against)


_UNAVAILABLE = "The rule book cannot be read; `leadsail rules check` names what is wrong with it"


def _law(contact: Contact, intent: Intent, rules: RuleBook) -> Law:
    if contact.number.kind is NumberKind.SANDBOX:
        return law_of_sandbox(rules, intent.channel, intent.purpose)
    places = frozenset(one.place for one in contact.places)
    return law_of(rules, places, intent.channel, intent.purpose)


def _asked(case: Case) -> list[Reason]:
    return [reason for judge in _IN_ORDER for reason in judge(case)]


def _refused(case: Case, reasons: list[Reason], against: list[Reason]) -> Decision:
    code = next(reason.code for reason in against if reason.code)
    until, obstacle = _first_lawful(case, against)
    if until is not None:
        return Hold(code, until, tuple(reasons))
    if obstacle:
        told = replace(against[0], detail=f"{against[0].detail} (waiting does not help: {obstacle})", until=None)
        reasons = [told if reason is against[0] else reason for reason in reasons]
    return Deny(code, tuple(reasons))


def _first_lawful(case: Case, against: list[Reason]) -> tuple[datetime | None, str]:
    """The first instant at which nothing stands against it any more; or None, with what only comes with the waiting.

    It hops from one instant before which it cannot be lawful to the next, until everything was asked again and agrees.
    """
    windows = together(case.law.windows, *(windows for _, windows in case.business_hours))
    begin = moment = case.intent.at
    for _ in range(_HOPS):
        untils = [reason.until for reason in against if reason.until]
        if len(untils) < len(against):
            lasting = next(reason for reason in against if reason.until is None)
            return None, "" if moment == begin else f"{utc(moment)}: {lasting.rule_id}, {lasting.detail}"
        opening = windows.opening(max(untils))
        if opening is None or opening > begin + HORIZON:
            return None, "no lawful instant comes within 400 days"
        moment = opening
        against = [reason for reason in _asked(_later(case, moment)) if reason.code]
        if not against:
            return moment, ""
    return None, "no lawful instant was found"


def _later(case: Case, at: datetime) -> Case:
    return replace(case, intent=replace(case.intent, at=at))


def _latest_start(case: Case) -> datetime | None:
    at = case.intent.at
    windows = (case.law.closing, *(windows for _, windows in case.business_hours))
    ends = [_end_of_confirming(case), *(window.closing(at) for window in windows)]
    return min((end for end in ends if end), default=None)


def _end_of_confirming(case: Case) -> datetime | None:
    opted_out = case.history.opted_out_at
    if case.intent.purpose != "opt_out_confirmation" or opted_out is None:
        return None
    return min(opted_out + timedelta(minutes=rule.values.within_minutes) for rule in case.law.confirmations)
