"""The instant that a hold names: lawful when asked again, with nothing lawful before it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from leadsail.features.contact_gate.models import (
    Allow,
    CampaignTerms,
    Channel,
    Consent,
    DayHours,
    Decision,
    History,
    Hold,
    Intent,
    PastAttempt,
    Purpose,
    Terms,
    Week,
)
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.foundation.geography import Place
from tests.features.contact_gate.rules.situations import (
    AGREED,
    ANYTHING,
    TUESDAY_NOON,
    ask,
    local,
    scrubbed,
    shipped,
    somebody,
    tried,
)

PLACES = [
    Place("US", "NY", "America/New_York"), Place("US", "TX", "America/Chicago"), Place("US", "HI", "Pacific/Honolulu"),
    Place("US", "LA", "America/Chicago"), Place("US", "RI", "America/New_York"), Place("US", "AZ", "America/Phoenix"),
    Place("CA", "NL", "America/St_Johns"), Place("FR", None, "Europe/Paris"), Place("AU", None, "Australia/Lord_Howe"),
]  # fmt: skip
BEGIN, GRID = datetime(2026, 12, 20, tzinfo=UTC), timedelta(minutes=5)

instants = st.builds(lambda minutes: BEGIN + timedelta(minutes=minutes), st.integers(0, 420 * 24 * 60))
days = st.builds(
    lambda start, length: DayHours(start, min(start + length, 1440)), st.integers(0, 1380), st.integers(0, 900)
)
weeks: st.SearchStrategy[Week] = st.tuples(days, days, days, days, days, days, days)
campaigns = st.builds(
    CampaignTerms, st.just("SUN"), st.just(True), st.just(True),
    hours=st.none() | weeks, min_gap_minutes=st.integers(0, 3000), max_attempts=st.none() | st.integers(2, 9),
    max_attempts_per_day=st.none() | st.integers(1, 3), lead_zone=st.sampled_from([one.zone for one in PLACES]),
)  # fmt: skip
tenants = st.builds(
    lambda hours, day, week: replace(
        ANYTHING, tenant=replace(ANYTHING.tenant, hours=hours, max_attempts_per_day=day, max_attempts_per_week=week)
    ),
    st.none() | weeks, st.none() | st.integers(1, 3), st.none() | st.integers(1, 5),
)  # fmt: skip
pasts = st.lists(st.tuples(st.integers(0, 9 * 24 * 3600), st.sampled_from(["SUN", "OTHER"])), max_size=9)


def history_before(at: datetime, past: list[tuple[int, str]], refused_days_ago: int | None) -> History:
    attempts = (PastAttempt(at - timedelta(seconds=ago), "call", name, same_number=True) for ago, name in past)
    refused_at = None if refused_days_ago is None else at - timedelta(days=refused_days_ago)
    return History(tuple(sorted(attempts, key=lambda one: one.at, reverse=True)), refused_at=refused_at)


def grid_before(at: datetime, until: datetime) -> Iterator[datetime]:
    """Every five minutes between the two; where they lie far apart the last two days and every 95 minutes before."""
    moment = at
    while moment < until:
        yield moment
        moment += GRID if until - moment < timedelta(days=2) else 19 * GRID


class TestAHold:
    @settings(max_examples=50, deadline=None)
    @given(
        places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3, unique=True),
        at=instants,
        sort=st.tuples(st.sampled_from(["call", "sms"]), st.sampled_from(["marketing", "informational", "callback"])),
        terms=tenants,
        campaign=st.none() | campaigns,
        past=pasts,
        refused=st.none() | st.integers(0, 70),
    )
    def test_names_the_first_lawful_instant(  # noqa: PLR0917 - a person, a wish, a business and a past
        self,
        places: list[Place],
        at: datetime,
        sort: tuple[Channel, Purpose],
        terms: Terms,
        campaign: CampaignTerms | None,
        past: list[tuple[int, str]],
        refused: int | None,
    ) -> None:
        contact = scrubbed(somebody(*places), at)
        history, terms = history_before(at, past, refused), replace(terms, campaign=campaign)

        def asked(moment: datetime) -> Decision:
            return decide(contact, Intent(*sort, moment), history, terms, shipped())

        decision = asked(at)

        if isinstance(decision, Hold):
            assert decision.until > at
            assert isinstance(asked(decision.until), Allow)
            assert not [moment for moment in grid_before(at, decision.until) if isinstance(asked(moment), Allow)]
        else:
            assert isinstance(decision, Allow) or not any(
                isinstance(asked(at + number * 7 * GRID), Allow) for number in range(400)
            )

    @settings(max_examples=120, deadline=None)
    @given(
        places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3, unique=True), at=instants, campaign=campaigns
    )
    def test_an_allowed_start_is_allowed_until_its_latest(
        self, places: list[Place], at: datetime, campaign: CampaignTerms
    ) -> None:
        """The latest start lies in the same window: all of the way there the windows stay open, but for the margin."""
        contact = scrubbed(somebody(*places), at)
        terms = replace(ANYTHING, campaign=campaign)
        decision = decide(contact, Intent("call", "marketing", at), History(), terms, shipped())

        if isinstance(decision, Allow) and decision.latest_start is not None:
            last = decision.latest_start - timedelta(minutes=6)
            asked = decide(contact, Intent("call", "marketing", max(at, last)), History(), terms, shipped())
            after = decide(contact, Intent("call", "marketing", decision.latest_start), History(), terms, shipped())
            assert isinstance(asked, Allow)
            assert not isinstance(after, Allow)


class TestExamples:
    def test_a_saturday_evening_in_alabama_waits_for_monday(self) -> None:
        decision = ask(somebody(Place("US", "AL", "America/Chicago")), local("America/Chicago", "2027-03-06 19:56"))

        assert isinstance(decision, Hold)
        assert decision.until == local("America/Chicago", "2027-03-08 08:00")

    def test_the_eve_of_a_long_weekend_waits_for_tuesday(self) -> None:
        """Labor Day is a Monday."""
        decision = ask(somebody(Place("US", "LA", "America/Chicago")), local("America/Chicago", "2027-09-04 20:00"))

        assert isinstance(decision, Hold)
        assert decision.until == local("America/Chicago", "2027-09-07 08:00")

    def test_several_cures_are_waited_for_together(self) -> None:
        """The third attempt of the day leaves the 24 hours at night, so that the morning is named."""
        evening = local("America/New_York", "2027-03-02 20:54")
        times = [evening - timedelta(hours=hours) for hours in (0.1, 0.2, 0.3)]

        decision = ask(at=evening, history=tried(*times))

        assert isinstance(decision, Hold)
        assert decision.until == times[-1] + timedelta(days=1)

    def test_an_instant_is_a_whole_second(self) -> None:
        """What is told to a client is rounded, and must still be lawful then."""
        just_now = TUESDAY_NOON - timedelta(hours=23, microseconds=17)

        decision = ask(history=tried(just_now, just_now, just_now))

        assert isinstance(decision, Hold)
        assert decision.until == TUESDAY_NOON + timedelta(hours=1)

    def test_a_consent_that_begins_later_is_not_waited_for(self) -> None:
        soon: Consent = replace(AGREED, given_at=TUESDAY_NOON + timedelta(minutes=1))

        assert not isinstance(ask(somebody(consents=(soon,))), Hold)
