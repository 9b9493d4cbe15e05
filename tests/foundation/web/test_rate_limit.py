"""The rate limit: never over budget, never in the way of somebody quiet."""

from hypothesis import given, settings
from hypothesis import strategies as st

from leadsail.foundation.web.rate_limit import RateLimiter

GAPS = st.lists(st.floats(0, 0.5), min_size=1, max_size=200)
RATES = st.integers(1, 50)
BURSTS = st.integers(1, 20)


def passed_at(limiter: RateLimiter, gaps: list[float]) -> list[float]:
    """When requests with these gaps between them were let through."""
    now, passed = 0.0, []
    for gap in gaps:
        now += gap
        if limiter.take("key", now).allowed:
            passed.append(now)
    return passed


class TestTheBudget:
    @given(GAPS, RATES, BURSTS)
    def test_is_kept_in_every_window(self, gaps: list[float], rate: int, burst: int) -> None:
        passed = passed_at(RateLimiter(rate=rate, burst=burst), gaps)

        for start in range(len(passed)):
            for end in range(start, len(passed)):
                window = passed[end] - passed[start]
                assert end - start + 1 <= burst + rate * window + 1e-6

    @given(RATES, BURSTS, st.floats(0, 1e6))
    def test_gives_a_quiet_key_its_whole_burst(self, rate: int, burst: int, now: float) -> None:
        limiter = RateLimiter(rate=rate, burst=burst)

        verdicts = [limiter.take("key", now).allowed for _ in range(burst + 1)]

        assert verdicts == [True] * burst + [False]

    @given(RATES, BURSTS)
    def test_lets_a_steady_key_through_for_ever(self, rate: int, burst: int) -> None:
        limiter = RateLimiter(rate=rate, burst=burst)

        assert all(limiter.take("key", step / rate).allowed for step in range(1000))

    @given(GAPS, RATES, BURSTS)
    @settings(max_examples=50)
    def test_is_each_keys_own(self, gaps: list[float], rate: int, burst: int) -> None:
        alone, beside = RateLimiter(rate=rate, burst=burst), RateLimiter(rate=rate, burst=burst)
        for _ in range(burst + 5):
            beside.take("somebody else", 0)

        assert passed_at(beside, gaps) == passed_at(alone, gaps)

    def test_costs_nothing_to_be_refused(self) -> None:
        limiter = RateLimiter(rate=1, burst=1)
        limiter.take("key", 0)

        for step in range(100):
            limiter.take("key", step / 1000)

        assert limiter.take("key", 1.0).allowed


class TestWhatTheCallerIsTold:
    @given(GAPS, RATES, BURSTS)
    def test_as_many_as_remain_pass_at_once(self, gaps: list[float], rate: int, burst: int) -> None:
        limiter = RateLimiter(rate=rate, burst=burst)
        now = sum(gaps)
        passed_at(limiter, gaps)
        verdict = limiter.take("key", now)

        following = [limiter.take("key", now).allowed for _ in range(verdict.remaining + 1)]

        assert following == [True] * verdict.remaining + [False]

    @given(GAPS, RATES, BURSTS)
    def test_whoever_waits_as_told_is_let_in(self, gaps: list[float], rate: int, burst: int) -> None:
        limiter = RateLimiter(rate=rate, burst=burst)
        now = sum(gaps)
        passed_at(limiter, gaps)
        while (verdict := limiter.take("key", now)).allowed:
            pass

        assert limiter.take("key", now + verdict.retry_after).allowed

    @given(GAPS, RATES, BURSTS)
    def test_after_the_reset_the_burst_is_whole_again(self, gaps: list[float], rate: int, burst: int) -> None:
        limiter = RateLimiter(rate=rate, burst=burst)
        now = sum(gaps)
        passed_at(limiter, gaps)
        verdict = limiter.take("key", now)
        while not verdict.allowed:
            now += verdict.retry_after
            verdict = limiter.take("key", now)

        later = now + verdict.reset

        assert all(limiter.take("key", later).allowed for _ in range(burst))

    def test_names_the_quota_and_its_window(self) -> None:
        assert RateLimiter(rate=100, burst=200).policy == '"default";q=200;w=2'


class TestTheSwitch:
    def test_a_rate_of_nothing_limits_nothing(self) -> None:
        assert not RateLimiter(rate=0, burst=200).enabled
        assert RateLimiter(rate=0.5, burst=1).enabled


class TestManyKeys:
    def test_are_forgotten_once_they_are_quiet(self) -> None:
        limiter = RateLimiter(rate=1, burst=1)
        for number in range(100_000):
            limiter.take(f"key {number}", 0)

        limiter.take("one more", 10)
        limiter.take("and another", 10)

        assert len(limiter._arrivals) == 2
