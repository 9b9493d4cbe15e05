"""What the business itself sets: its campaigns, agents, numbers, hours, gaps and caps, and what holds all of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from leadsail.features.contact_gate.models import CampaignTerms, Code, DayHours, Intent, Reason, Terms, Week
from leadsail.features.contact_gate.rules.frequency import DAY, free_again
from leadsail.features.contact_gate.rules.law import Law
from leadsail.features.contact_gate.rules.reasons import ANSWERS, BusinessHours, Case, utc, whole_second
from leadsail.features.contact_gate.rules.windows import Windows, windows_in
from leadsail.foundation.geography import NumberKind

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOSED = DayHours(0, 0)


def week_of(days: Mapping[str, Mapping[str, Any] | None]) -> Week:
    """Operating hours as they are stored (`mon` to `sun` with `active`, `start`, `end`); a missing day is closed."""
    mon, tue, wed, thu, fri, sat, sun = (_day(days.get(name)) for name in _DAYS)
    return mon, tue, wed, thu, fri, sat, sun


def _day(day: Mapping[str, Any] | None) -> DayHours:
    if not day or not day.get("active"):
        return _CLOSED
    return DayHours(_minute(day["start"]), _minute(day["end"]))


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def preflight(case: Case) -> list[Reason]:
    """Whether everything is there that a call or text needs."""
    return [*_number(case), *_campaign(case), *_sender(case), *_one_call(case)]


def _number(case: Case) -> list[Reason]:
    if case.contact.number.kind is not NumberKind.INVALID:
        return [case.passes("platform.number")]
    return [case.fails("platform.number", "INVALID_PHONE_NUMBER", "no network gives out this number")]


def _campaign(case: Case) -> list[Reason]:
    campaign = case.terms.campaign
    if campaign is None or case.intent.purpose == "opt_out_confirmation":
        return []
    agent: Code = "VOICE_AGENT_NOT_CONFIGURED" if case.intent.channel == "call" else "SMS_AGENT_NOT_CONFIGURED"
    return [
        case.passes("campaign.active")
        if campaign.active
        else case.fails("campaign.active", "CAMPAIGN_INACTIVE", f"the campaign {campaign.campaign_id} is not active"),
        case.passes("campaign.agent")
        if campaign.agent_configured
        else case.fails("campaign.agent", agent, f"give the campaign {campaign.campaign_id} an agent"),
    ]


def _sender(case: Case) -> list[Reason]:
    sender = case.terms.sender
    if sender.number is None:
        return [case.fails("sender.number", "MISSING_PHONE_NUMBER", "no number of ours is there for this channel")]
    if sender.registered:
        return [case.passes("sender.number", sender.number), *(case.passes(rule.id) for rule in case.law.registrations)]
    detail = f"register {sender.number} with the carriers"
    return [case.fails(rule.id, "SENDER_NOT_REGISTERED", detail) for rule in case.law.registrations] or [
        case.passes("sender.number", sender.number)
    ]


def _one_call(case: Case) -> list[Reason]:
    if case.intent.channel != "call":
        return []
    if case.history.call_in_progress:
        return [case.fails("platform.one_call", "CALL_IN_PROGRESS", "a call to this number has not ended")]
    return [case.passes("platform.one_call")]


def business_hours(terms: Terms, intent: Intent, law: Law, places: frozenset[str]) -> BusinessHours:
    """The hours of tenant and campaign, as far as each has set some, with the rule of the house that each is.

    The tenant's are the law's, only tighter, so that the sandbox has none. The campaign's are read in the lead's one
    zone; where that is not known in every zone of its places, and by no clock at all where there are none.
    """
    if intent.purpose in ANSWERS:
        return ()
    tenant, campaign, hours = terms.tenant, terms.campaign, []
    if tenant.hours is not None and not law.is_sandbox:
        hours.append(("tenant.hours", windows_in(law.zones, tenant.hours, margin=law.margin)))
    if tenant.closed_days and not law.is_sandbox:
        hours.append(("tenant.closed_days", windows_in(law.zones, None, tenant.closed_days)))
    if campaign is not None and campaign.hours is not None:
        zones = frozenset({campaign.lead_zone}) if campaign.lead_zone else places or frozenset({""})
        hours.append(("campaign.hours", windows_in(zones, campaign.hours)))
    return tuple(hours)


def operating_hours(case: Case) -> list[Reason]:
    """What the hours of tenant and campaign say."""
    return [_open(case, rule_id, windows) for rule_id, windows in case.business_hours]


def _open(case: Case, rule_id: str, windows: Windows) -> Reason:
    at = case.intent.at
    closed = next((zone for zone in windows.zones if not zone.is_open(at)), None)
    if closed is None:
        return case.passes(rule_id)
    clock = f"in {closed.zone.key} it is {at.astimezone(closed.zone):%A %H:%M}" if closed.zone else "no zone is known"
    return case.fails(rule_id, "OUTSIDE_OPERATING_HOURS", f"{clock}, which is outside the hours", windows.opening(at))


def gaps_and_caps(case: Case) -> list[Reason]:
    """What the campaign says on the time between attempts and on their number."""
    campaign = case.terms.campaign
    if campaign is None or not case.is_first_move:
        return []
    asked_for = case.intent.purpose == "callback"  # the lead named the time, so neither gap nor daily cap stands in it
    return [
        *([] if asked_for else _gap(case, campaign)),
        *_most(case, campaign),
        *([] if asked_for else _most_per_day(case, campaign)),
    ]


def _gap(case: Case, campaign: CampaignTerms) -> list[Reason]:
    if not campaign.min_gap_minutes:
        return []
    last = max((one.at for one in case.history.attempts), default=None)
    if last is None or case.intent.at >= last + timedelta(minutes=campaign.min_gap_minutes):
        return [case.passes("campaign.min_gap")]
    until = whole_second(last + timedelta(minutes=campaign.min_gap_minutes))
    detail = f"the last attempt was on {utc(last)}; {campaign.min_gap_minutes} minutes must pass"
    return [case.fails("campaign.min_gap", "MIN_GAP_NOT_ELAPSED", detail, until)]


def _most(case: Case, campaign: CampaignTerms) -> list[Reason]:
    if campaign.max_attempts is None:
        return []
    count = sum(one.campaign_id == campaign.campaign_id for one in case.history.attempts)
    detail = f"{count} of {campaign.max_attempts} attempts"
    if count < campaign.max_attempts:
        return [case.passes("campaign.max_attempts", detail)]
    return [case.fails("campaign.max_attempts", "MAX_ATTEMPTS_REACHED", detail)]


def _most_per_day(case: Case, campaign: CampaignTerms) -> list[Reason]:
    most = campaign.max_attempts_per_day
    if most is None:
        return []
    own = [one for one in case.history.attempts if one.campaign_id == campaign.campaign_id]
    count, until = free_again(own, most, DAY, case.intent.at)
    detail = f"{count} of {most} attempts in 24 hours"
    if count < most:
        return [case.passes("campaign.max_attempts_per_day", detail)]
    return [case.fails("campaign.max_attempts_per_day", "MAX_ATTEMPTS_REACHED", detail, until)]


def held(case: Case) -> list[Reason]:
    """Whether contact was stopped, by whom or what ever."""
    reasons = case.terms.hold.reasons
    return [case.fails("platform.hold", "PLATFORM_ON_HOLD", why) for why in reasons] or [case.passes("platform.hold")]
