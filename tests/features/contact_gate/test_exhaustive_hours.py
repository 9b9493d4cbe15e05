"""Nobody is called outside lawful hours: the product against the oracle, sampled here and whole in `make chaos`."""

from itertools import islice

import pytest

from tests.features.contact_gate.oracle.sample import answer, ordinary_questions, questions

_SHARDS = 4


class TestAgainstTheOracle:
    @pytest.mark.parametrize("shard", range(_SHARDS))
    def test_product_never_allows_what_law_forbids(self, shard: int) -> None:
        """Every distinct place at every edge of its hours; people whose area code, zip, address and zone disagree."""
        tally = answer(islice(questions(), shard, None, _SHARDS))

        told = "\n".join(str(finding) for finding in tally.findings[:20])
        assert not tally.findings, f"{len(tally.findings)} unlawful allows, such as\n{told}"
        assert tally.asked > 20_000

    def test_product_is_not_much_stricter_than_law(self) -> None:
        """A gate that refuses everybody would pass the other test."""
        tally = answer(ordinary_questions())

        assert not tally.other_refusals
        assert tally.stricter_share < 0.1
