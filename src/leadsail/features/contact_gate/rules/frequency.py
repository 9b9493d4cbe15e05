"""How often one person is tried: attempts count, not answers, over all their numbers, channels and campaigns."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from leadsail.features.contact_gate.models import PastAttempt, Reason
from leadsail.features.contact_gate.rules.reasons import Case, utc, whole_second
from leadsail.features.contact_gate.rules.rule import FrequencyCap, Pause

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def judge(case: Case) -> list[Reason]:
    """What the caps of the law and of the tenant say, and the pause after a refusal."""
    reasons = [_paused(case, rule) for rule in case.law.pauses]
    reasons += [_capped(case, rule) for rule in case.law.caps]
    if case.is_first_move and not case.law.is_sandbox:
        reasons += _capped_by_tenant(case)
    return reasons


def free_again(
    attempts: Iterable[PastAttempt], most: int, within: timedelta, at: datetime
) -> tuple[int, datetime | None]:
    """How many of the attempts lie in the stretch before `at`, and from when there is room for one more.

    The stretch rolls and excludes its first instant. Attempts after `at` count too: a clock that went back forgets
    nothing. None where there is room now, and where no room ever comes since nothing at all is allowed.
    """
    counted = sorted((one.at for one in attempts if one.at > at - within), reverse=True)
    if len(counted) < most or not most:
        return len(counted), None
    return len(counted), whole_second(counted[most - 1] + within)


def _capped(case: Case, rule: FrequencyCap) -> Reason:
    counts, untils = [], []
    for cap in rule.values.caps:
        within = timedelta(hours=cap.hours)
        count, until = free_again(case.history.attempts, cap.attempts, within, case.intent.at)
        counts.append(f"{count} of {cap.attempts} attempts in {_length(cap.hours)}")
        untils += [until] if until else []
    if untils:
        return case.fails(rule.id, "FREQUENCY_CAP", ", ".join(counts), max(untils))
    return case.passes(rule.id, ", ".join(counts))


def _length(hours: int) -> str:
    return f"{hours} hours" if hours <= 24 else f"{hours // 24} days"


def _paused(case: Case, rule: Pause) -> Reason:
    refused = case.history.refused_at
    if refused is None or case.intent.at >= refused + timedelta(days=rule.values.days):
        return case.passes(rule.id)
    until = whole_second(refused + timedelta(days=rule.values.days))
    detail = f"refused on {utc(refused)}; {rule.values.days} days of pause end on {utc(until)}"
    return case.fails(rule.id, "FREQUENCY_CAP", detail, until)


def _capped_by_tenant(case: Case) -> list[Reason]:
    tenant, reasons = case.terms.tenant, []
    for most, within, name in (
        (tenant.max_attempts_per_day, DAY, "24 hours"),
        (tenant.max_attempts_per_week, WEEK, "7 days"),
    ):
        if most is not None:
            count, until = free_again(case.history.attempts, most, within, case.intent.at)
            detail = f"{count} of {most} attempts in {name}"
            is_full = count >= most
            reasons.append(
                case.fails("tenant.frequency", "FREQUENCY_CAP", detail, until)
                if is_full
                else case.passes("tenant.frequency", detail)
            )
    return reasons
