"""Keys and ranges: what can be named at all, before any store is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadsail.ports.object_store import (
    ByteRange,
    ByteRangeOutside,
    InvalidObjectKey,
    object_key,
    object_prefix,
    parse_key,
    parse_prefix,
)
from tests.ports.object_store_contract import HOSTILE_KEYS, HOSTILE_PREFIXES


class TestObjectKey:
    def test_the_tenant_stands_first(self) -> None:
        assert object_key("ten_1", "recording", "rec_9") == "ten_1/recording/rec_9"

    def test_a_key_is_recognised_again(self) -> None:
        key = object_key("ten_1", "recording", "rec_9")

        assert parse_key(key) == key

    @pytest.mark.parametrize("text", HOSTILE_KEYS)
    def test_a_hostile_text_is_no_key(self, text: str) -> None:
        with pytest.raises(InvalidObjectKey):
            parse_key(text)

    @given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=100))
    def test_parts_never_break_out_of_their_place(self, tenant: str, kind: str, name: str) -> None:
        try:
            key = object_key(tenant, kind, name)
        except InvalidObjectKey:
            return

        assert key.split("/") == [tenant, kind, name]
        assert all(part.isascii() and "." not in part for part in (tenant, kind, name))

    @given(st.text(max_size=300))
    def test_any_text_is_a_key_or_refused(self, text: str) -> None:
        try:
            key = parse_key(text)
        except InvalidObjectKey:
            return

        assert key == text

    def test_a_key_fits_into_a_file_name_and_a_column(self) -> None:
        assert len(object_key("a" * 80, "b" * 80, "c" * 80)) <= 255


class TestObjectPrefix:
    def test_a_prefix_names_a_tenant_or_one_kind_of_it(self) -> None:
        assert object_prefix("ten_1") == "ten_1/"
        assert object_prefix("ten_1", "recording") == "ten_1/recording/"

    @pytest.mark.parametrize("prefix", [object_prefix("ten_1"), object_prefix("ten_1", "recording")])
    def test_a_prefix_is_recognised_again(self, prefix: str) -> None:
        assert parse_prefix(prefix) == prefix

    @pytest.mark.parametrize("text", HOSTILE_PREFIXES)
    def test_nothing_names_all_tenants(self, text: str) -> None:
        with pytest.raises(InvalidObjectKey):
            parse_prefix(text)


class TestByteRange:
    @pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (5, 4), (0, 0), (-5, None)])
    def test_a_range_without_bytes_cannot_be_made(self, start: int, end: int | None) -> None:
        with pytest.raises(InvalidObjectKey):
            ByteRange(start, end)

    @given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50))
    def test_a_range_is_cut_to_the_object(self, start: int, length: int, size: int) -> None:
        asked, content = ByteRange(start, start + length), bytes(size)

        if start >= size:
            with pytest.raises(ByteRangeOutside):
                asked.within(size)
        else:
            first, end = asked.within(size)
            assert content[first:end] == content[start : start + length]
