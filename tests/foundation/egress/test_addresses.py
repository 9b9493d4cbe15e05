"""Which addresses are public, held against a second, independent copy of the registries."""

import random
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadsail.foundation.egress import is_public, why_forbidden
from tests.foundation.egress.address_vectors import FORBIDDEN_ADDRESSES, PUBLIC_ADDRESSES, addresses_in
from tests.foundation.egress.registry import IPV4_RANGES, IPV6_RANGES, is_reserved_ipv4, is_reserved_ipv6

MAX_IPV4 = 2**32 - 1
MAX_IPV6 = 2**128 - 1
RANDOM_ADDRESSES = 100_000


def edges(ranges: list[tuple[int, int]], largest: int) -> st.SearchStrategy[int]:
    """Addresses close to where a reserved range begins or ends."""
    ends = [end for pair in ranges for end in pair]
    near = st.builds(lambda end, off: end + off, st.sampled_from(ends), st.integers(-300, 300))
    return near.filter(lambda number: 0 <= number <= largest)


class TestIsPublic:
    @pytest.mark.parametrize("address", addresses_in(FORBIDDEN_ADDRESSES))
    def test_refuses_reserved_address_and_names_its_block(self, address: str) -> None:
        assert why_forbidden(ip_address(address))
        assert not is_public(ip_address(address))

    @pytest.mark.parametrize("address", addresses_in(PUBLIC_ADDRESSES))
    def test_accepts_public_address_beside_every_reserved_block(self, address: str) -> None:
        assert is_public(ip_address(address))

    @given(st.integers(0, MAX_IPV4) | edges(IPV4_RANGES, MAX_IPV4))
    @settings(max_examples=1000, deadline=None)
    def test_agrees_with_the_registry_on_any_ipv4_address(self, number: int) -> None:
        assert is_public(IPv4Address(number)) is not is_reserved_ipv4(number)

    @given(st.integers(0, MAX_IPV6) | st.integers(0x2000 << 112, 0x3FFF << 112) | edges(IPV6_RANGES, MAX_IPV6))
    @settings(max_examples=1000, deadline=None)
    def test_agrees_with_the_registry_on_any_ipv6_address(self, number: int) -> None:
        assert is_public(IPv6Address(number)) is not is_reserved_ipv6(number)

    def test_agrees_with_the_registry_on_many_random_addresses(self) -> None:
        source = random.Random(1)  # noqa: S311 - test data, and the same in every run
        ipv4 = [source.getrandbits(32) for _ in range(RANDOM_ADDRESSES)]
        ipv6 = [source.getrandbits(128) for _ in range(RANDOM_ADDRESSES)]

        wrong_ipv4 = [n for n in ipv4 if is_public(IPv4Address(n)) is is_reserved_ipv4(n)]
        wrong_ipv6 = [n for n in ipv6 if is_public(IPv6Address(n)) is is_reserved_ipv6(n)]

        assert (wrong_ipv4, wrong_ipv6) == ([], [])

    @given(st.integers(0, MAX_IPV4))
    @settings(deadline=None)
    def test_refuses_every_ipv6_form_that_carries_ipv4(self, inner: int) -> None:
        """Even a public address inside: a gateway would unpack it where nobody checks."""
        forms = [
            inner,
            0xFFFF << 32 | inner,
            0xFFFF << 48 | inner,
            0x64FF9B << 96 | inner,
            0x64FF9B0001 << 80 | inner,
            0x2002 << 112 | inner << 80 | 1,
            0x20010000 << 96 | inner,
            0x20010000 << 96 | inner << 64,
            0x26064700 << 96 | 0x5EFE << 32 | inner,
        ]

        assert [form for form in forms if is_public(IPv6Address(form))] == []
