"""Which IP addresses are public: pure decisions over the IANA special-purpose registries, no look-ups.

Python's own `is_global` is not enough: on 3.11 it calls 192.0.0.8, 64:ff9b::a00:1, 2002:a00:1::1 and fec0::1
global. Here a block that stands in a registry is refused whatever its reachability, and so is every IPv6 form
that carries an IPv4 address inside, because a gateway may unpack it to a place that was never checked.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address

# Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890 and updates) and IPv4 Multicast Address Space.
SPECIAL_IPV4 = {
    IPv4Network("0.0.0.0/8"): "this network (RFC 791)",
    IPv4Network("10.0.0.0/8"): "private use (RFC 1918)",
    IPv4Network("100.64.0.0/10"): "shared address space of carriers (RFC 6598)",
    IPv4Network("127.0.0.0/8"): "loopback (RFC 1122)",
    IPv4Network("168.63.129.16/32"): "host service of a cloud (Azure), reachable only from inside it",
    IPv4Network("169.254.0.0/16"): "link local, with the clouds' metadata services (RFC 3927)",
    IPv4Network("172.16.0.0/12"): "private use (RFC 1918)",
    IPv4Network("192.0.0.0/24"): "IETF protocol assignments (RFC 6890)",
    IPv4Network("192.0.2.0/24"): "documentation (RFC 5737)",
    IPv4Network("192.31.196.0/24"): "AS112 (RFC 7535)",
    IPv4Network("192.52.193.0/24"): "automatic multicast tunneling (RFC 7450)",
    IPv4Network("192.88.99.0/24"): "6to4 relays, withdrawn (RFC 7526)",
    IPv4Network("192.168.0.0/16"): "private use (RFC 1918)",
    IPv4Network("192.175.48.0/24"): "AS112 (RFC 7534)",
    IPv4Network("198.18.0.0/15"): "benchmarking (RFC 2544)",
    IPv4Network("198.51.100.0/24"): "documentation (RFC 5737)",
    IPv4Network("203.0.113.0/24"): "documentation (RFC 5737)",
    IPv4Network("224.0.0.0/4"): "multicast (RFC 5771)",
    IPv4Network("240.0.0.0/4"): "reserved and broadcast (RFC 1112)",
}

# The only IPv6 space handed out for hosts (IANA IPv6 Global Unicast Address Assignments).
GLOBAL_UNICAST_IPV6 = IPv6Network("2000::/3")

# Source: IANA IPv6 Special-Purpose Address Registry. Rows outside 2000::/3 are here for their names alone.
SPECIAL_IPV6 = {
    IPv6Network("::/128"): "unspecified (RFC 4291)",
    IPv6Network("::1/128"): "loopback (RFC 4291)",
    IPv6Network("::/96"): "IPv4 inside IPv6, compatible form (RFC 4291)",
    IPv6Network("::ffff:0:0/96"): "IPv4 inside IPv6, mapped form (RFC 4291)",
    IPv6Network("::ffff:0:0:0/96"): "IPv4 inside IPv6, translated form (RFC 2765)",
    IPv6Network("64:ff9b::/96"): "IPv4 inside IPv6, NAT64 (RFC 6052)",
    IPv6Network("64:ff9b:1::/48"): "IPv4 inside IPv6, local NAT64 (RFC 8215)",
    IPv6Network("100::/64"): "discard only (RFC 6666)",
    IPv6Network("100:0:0:1::/64"): "dummy prefix (RFC 9780)",
    IPv6Network("2001::/32"): "IPv4 inside IPv6, Teredo (RFC 4380)",
    IPv6Network("2001:10::/28"): "ORCHID (RFC 4843)",
    IPv6Network("2001:20::/28"): "ORCHIDv2 (RFC 7343)",
    IPv6Network("2001::/23"): "IETF protocol assignments (RFC 2928)",
    IPv6Network("2001:db8::/32"): "documentation (RFC 3849)",
    IPv6Network("2002::/16"): "IPv4 inside IPv6, 6to4 (RFC 3056)",
    IPv6Network("2620:4f:8000::/48"): "AS112 (RFC 7534)",
    IPv6Network("3ffe::/16"): "6bone, returned (RFC 3701)",
    IPv6Network("3fff::/20"): "documentation (RFC 9637)",
    IPv6Network("5f00::/16"): "segment routing (RFC 9602)",
    IPv6Network("fc00::/7"): "unique local, with a cloud's metadata service (RFC 4193)",
    IPv6Network("fe80::/10"): "link local (RFC 4291)",
    IPv6Network("fec0::/10"): "site local, withdrawn (RFC 3879)",
    IPv6Network("ff00::/8"): "multicast (RFC 4291)",
}

ISATAP_MARK = 0x0000_5EFE
ISATAP_MASK = 0xFDFF_FFFF  # every bit but the one that tells global from local interface identifiers


def is_public(address: IPAddress) -> bool:
    """Whether a request that a tenant or vendor asked for may be sent to `address`."""
    return why_forbidden(address) is None


def why_forbidden(address: IPAddress) -> str | None:
    """What `address` is reserved for, or None for a public one.

    For the server's own log: shown to a tenant, it would tell what our names resolve to.
    """
    if isinstance(address, IPv4Address):
        return _special_ipv4(address)
    return _special_ipv6(address)


def _special_ipv4(address: IPv4Address) -> str | None:
    return next((name for block, name in SPECIAL_IPV4.items() if address in block), None)


def _special_ipv6(address: IPv6Address) -> str | None:
    for block, name in SPECIAL_IPV6.items():
        if address in block:
            return name
    if address not in GLOBAL_UNICAST_IPV6:
        return "not handed out for global unicast (RFC 4291)"
    if (int(address) >> 32) & ISATAP_MASK == ISATAP_MARK:
        return "IPv4 inside IPv6, ISATAP (RFC 5214)"
    return None
