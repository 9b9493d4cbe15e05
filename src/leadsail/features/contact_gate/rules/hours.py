"""Legal hours: every place where a person could be must allow it, by the clock of that place."""

from datetime import UTC, datetime

from leadsail.features.contact_gate.models import Channel, Purpose, Reason
from leadsail.features.contact_gate.rules.calendars import holidays_of
from leadsail.features.contact_gate.rules.law import HoursRule, law_of
from leadsail.features.contact_gate.rules.reasons import Case
from leadsail.features.contact_gate.rules.rule_book import RuleBook
from leadsail.features.contact_gate.rules.windows import ZoneWindows, in_words
from leadsail.foundation.geography import Place

FOREVER = datetime.max.replace(tzinfo=UTC)


def legal_hours(
    places: frozenset[Place], at: datetime, channel: Channel, purpose: Purpose, rules: RuleBook
) -> datetime | None:
    """None where the law lets something start at `at`; else the first instant at which it does.

    `FOREVER` where there is none within 400 days.
    """
    windows = law_of(rules, places, channel, purpose).windows
    if windows.is_open(at):
        return None
    return windows.opening(at) or FOREVER


def hours_are_open(places: frozenset[Place], at: datetime, channel: Channel, purpose: Purpose, rules: RuleBook) -> bool:
    """Whether the law lets something start at `at`: what `legal_hours` asks first, for who asks it a million times."""
    return law_of(rules, places, channel, purpose).windows.is_open(at)


def judge(case: Case) -> list[Reason]:
    """What the rules on hours say. Those that allow it say nothing more than that they were asked."""
    if case.law.windows.is_open(case.intent.at):
        return [*case.law.general, *(asked.passed for asked in case.law.hours)]
    return [*case.law.general, *(_asked(case, asked) for asked in case.law.hours)]


def _asked(case: Case, asked: HoursRule) -> Reason:
    at = case.intent.at
    closed = [zone for zone in asked.windows.zones if not zone.is_open(at)]
    if not closed:
        return asked.passed
    detail = f"{_clock(closed[0], at)}{_others(closed)}. Open there: {_week(asked)}.{_margin(case)}"
    return case.fails(asked.rule.id, "OUTSIDE_LEGAL_HOURS", detail, asked.windows.opening(at))


def _clock(windows: ZoneWindows, at: datetime) -> str:
    if windows.zone is None:
        return "It is not known where the person is, nor what the clock shows there"
    local = at.astimezone(windows.zone)
    feasts = (holidays_of(calendar, local.year).get(local.date()) for calendar in windows.calendars)
    feast = next((f", a public holiday ({name})" for name in feasts if name), "")
    return f"In {windows.zone.key} it is {local:%A %H:%M}{feast}"


def _others(closed: list[ZoneWindows]) -> str:
    return f", and {len(closed) - 1} more zones are closed" if len(closed) > 1 else ""


def _week(asked: HoursRule) -> str:
    values = asked.rule.values
    holidays = "" if values.holidays == "open" else ", public holidays closed"
    return in_words((*(values.weekdays,) * 5, values.saturday, values.sunday)) + holidays


def _margin(case: Case) -> str:
    return f" Nothing starts in the last {case.law.margin} minutes of a window." if case.law.margin else ""
