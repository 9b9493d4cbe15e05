"""Public identifiers."""

import time

import pytest

from leadsail.foundation.ids import is_possible_id, new_id


class TestANewId:
    def test_is_a_prefix_and_thirty_two_hex_digits(self) -> None:
        prefix, _, rest = new_id("lead").partition("_")

        assert prefix == "lead"
        assert len(rest) == 32
        assert set(rest) <= set("0123456789abcdef")

    def test_is_a_version_seven_uuid_of_the_present(self) -> None:
        before = time.time_ns() // 1_000_000
        rest = new_id("lead").removeprefix("lead_")

        assert (rest[12], rest[16] in "89ab") == ("7", True)
        assert before <= int(rest[:12], 16) <= time.time_ns() // 1_000_000

    def test_sorts_by_age_even_within_a_millisecond(self) -> None:
        ids = [new_id("lead") for _ in range(10_000)]

        assert ids == sorted(ids)

    def test_never_repeats_and_counts_nothing(self) -> None:
        ids = [new_id("int") for _ in range(10_000)]

        assert len(set(ids)) == len(ids)
        assert len({text[-8:] for text in ids}) > 9_990, "the last 32 bits are drawn, not counted"


class TestAPossibleId:
    @pytest.mark.parametrize("text", ["lead_1", "HXZ", "x" * 255, "a b", "..", "'; drop table lead"])
    def test_is_whatever_could_be_stored(self, text: str) -> None:
        assert is_possible_id(text)

    @pytest.mark.parametrize("text", ["", "x" * 256, "a\0b", "a\nb", "lead_\u00e9", "\ud800", "\u202e"])
    def test_is_nothing_that_could_not(self, text: str) -> None:
        assert not is_possible_id(text)
