"""Frequency caps under random schedules; `make chaos` runs a hundred thousand of them."""

from datetime import timedelta

from chaos.frequency import allowed_in, breaches


class TestRandomSchedules:
    def test_no_person_is_tried_too_often(self) -> None:
        assert breaches(range(1_000)) == []

    def test_the_schedules_reach_the_caps(self) -> None:
        """A schedule that never comes near its cap would prove nothing."""
        full = [times for seed in range(200) if (times := allowed_in(seed)[1]) and _most_in_a_day(times) == 3]

        assert len(full) > 20


def _most_in_a_day(times: list) -> int:  # type: ignore[type-arg]
    return max(sum(1 for other in times if timedelta(0) <= other - at < timedelta(hours=24)) for at in times)
