"""The reserved address ranges, first and last address, copied by hand from the IANA registries for the tests.

It shares nothing with the product's table: other notation, other arithmetic (`inet_pton` and integers).
"""

import socket

RESERVED_IPV4 = """
0.0.0.0          0.255.255.255
10.0.0.0         10.255.255.255
100.64.0.0       100.127.255.255
127.0.0.0        127.255.255.255
168.63.129.16    168.63.129.16
169.254.0.0      169.254.255.255
172.16.0.0       172.31.255.255
192.0.0.0        192.0.0.255
192.0.2.0        192.0.2.255
192.31.196.0     192.31.196.255
192.52.193.0     192.52.193.255
192.88.99.0      192.88.99.255
192.168.0.0      192.168.255.255
192.175.48.0     192.175.48.255
198.18.0.0       198.19.255.255
198.51.100.0     198.51.100.255
203.0.113.0      203.0.113.255
224.0.0.0        239.255.255.255
240.0.0.0        255.255.255.255
"""

RESERVED_IPV6 = """
::               1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
2001::           2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff
2001:db8::       2001:db8:ffff:ffff:ffff:ffff:ffff:ffff
2002::           2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff
2620:4f:8000::   2620:4f:8000:ffff:ffff:ffff:ffff:ffff
3ffe::           3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff
3fff::           3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff
4000::           ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
"""


def ranges_of(table: str, family: socket.AddressFamily) -> list[tuple[int, int]]:
    """The table's rows as numbers."""

    def number(text: str) -> int:
        return int.from_bytes(socket.inet_pton(family, text))

    rows = (row.split() for row in table.strip().splitlines())
    return [(number(first), number(last)) for first, last in rows]


IPV4_RANGES = ranges_of(RESERVED_IPV4, socket.AF_INET)
IPV6_RANGES = ranges_of(RESERVED_IPV6, socket.AF_INET6)


def is_reserved_ipv4(address: int) -> bool:
    """Whether a registry row holds this IPv4 address."""
    return any(first <= address <= last for first, last in IPV4_RANGES)


def is_reserved_ipv6(address: int) -> bool:
    """Whether a registry row holds this IPv6 address, or its interface half is an ISATAP one."""
    marks = f"{address:032x}"[16:24]
    return marks in {"00005efe", "02005efe"} or any(first <= address <= last for first, last in IPV6_RANGES)
