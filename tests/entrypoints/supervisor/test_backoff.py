"""How patient the supervisor is with what keeps ending."""

from leadsail.entrypoints.supervisor.backoff import Backoff


class TestWaitingBeforeAnotherStart:
    def test_doubles_from_a_fifth_of_a_second_to_ten(self) -> None:
        backoff = Backoff()

        pauses = [backoff.after(lived=0.1) for _ in range(8)]

        assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]

    def test_begins_anew_after_half_a_minute_of_health(self) -> None:
        backoff = Backoff()
        for _ in range(5):
            backoff.after(lived=1)

        pauses = [backoff.after(lived=30), backoff.after(lived=1)]

        assert pauses == [0.2, 0.4]
