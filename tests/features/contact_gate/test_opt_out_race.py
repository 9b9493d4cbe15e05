"""Opt-outs against dials, in several processes; `make chaos` runs ten thousand pairs."""

from chaos.opt_out_race import race


class TestRacing:
    async def test_nothing_is_committed_after_an_opt_out(self) -> None:
        """PostgreSQL's own commit times are the judge; both sides must win often, or nothing was raced."""
        outcome = await race(120, processes=1)

        assert outcome.late == []
        assert outcome.deadlocks == 0
        assert outcome.permits > 10
        assert outcome.refusals > 10
