"""Time, which everything else is given."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from leadsail.foundation.clock import ManualClock, SystemClock, to_milliseconds

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


class TestCuttingToMilliseconds:
    def test_drops_what_the_wire_cannot_show(self) -> None:
        instant = NEW_YEAR.replace(microsecond=123_999)

        assert to_milliseconds(instant) == NEW_YEAR.replace(microsecond=123_000)

    def test_answers_in_utc(self) -> None:
        instant = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))

        assert to_milliseconds(instant).isoformat() == "2026-01-01T00:00:00+00:00"


class TestTheSystemClock:
    def test_takes_over_the_databases_time(self) -> None:
        clock = SystemClock()
        ahead = datetime.now(UTC) + timedelta(days=3)

        clock.follow(ahead)

        assert clock.now() >= to_milliseconds(ahead)
        assert clock.offset > timedelta(days=2)

    def test_does_not_tremble_with_every_reading(self) -> None:
        """A reading is off by its time in transit; following each would let time go back by moments."""
        clock = SystemClock()

        clock.follow(datetime.now(UTC) - timedelta(milliseconds=20))

        assert clock.offset == timedelta(0)

    def test_never_shows_more_than_milliseconds(self) -> None:
        assert SystemClock().now().microsecond % 1000 == 0

    def test_measures_time_that_never_goes_back(self) -> None:
        clock = SystemClock()
        readings = [clock.monotonic() for _ in range(1000)]

        assert readings == sorted(readings)

    async def test_lets_time_pass(self) -> None:
        clock = SystemClock()
        before = clock.monotonic()

        await clock.sleep(0.001)

        assert clock.monotonic() > before


class TestTheManualClock:
    def test_stands_still_until_told_to_move(self) -> None:
        clock = ManualClock(NEW_YEAR)

        assert (clock.now(), clock.now(), clock.monotonic()) == (NEW_YEAR, NEW_YEAR, 0)

    def test_moves_both_times_together(self) -> None:
        clock = ManualClock(NEW_YEAR)

        clock.advance(timedelta(days=7))

        assert clock.now() == NEW_YEAR + timedelta(days=7)
        assert clock.monotonic() == timedelta(days=7).total_seconds()

    async def test_sleeps_by_jumping_ahead(self) -> None:
        clock = ManualClock(NEW_YEAR)

        await clock.sleep(3600)

        assert clock.now() == NEW_YEAR + timedelta(hours=1)

    @pytest.mark.parametrize("steps", [10, 1000])
    def test_adds_up_steps_below_a_millisecond(self, steps: int) -> None:
        clock = ManualClock(NEW_YEAR)

        for _ in range(steps):
            clock.advance(timedelta(microseconds=100))

        assert clock.now() == NEW_YEAR + timedelta(microseconds=100) * steps
