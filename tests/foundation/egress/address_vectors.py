"""Addresses that must never be connected to, and public ones beside them: one a line, with what it is."""

FORBIDDEN_ADDRESSES = """
0.0.0.0                                  reaches the machine itself on Linux
0.0.0.1                                  this network
0.127.0.1                                this network
0.255.255.255                            end of this network
10.0.0.0                                 private, first
10.0.0.1                                 private
10.1.2.3                                 private
10.96.0.1                                the usual address of a cluster's API
10.255.255.255                           private, last
100.64.0.0                               carrier space, first
100.64.0.1                               carrier space; not `is_private` in Python
100.100.100.200                          metadata of a cloud (Alibaba)
100.127.255.255                          carrier space, last
127.0.0.0                                loopback, first
127.0.0.1                                loopback
127.0.0.2                                loopback
127.0.0.53                               the usual local name server
127.0.1.1                                Debian's own host name
127.1.2.3                                loopback
127.127.127.127                          loopback
127.255.255.254                          loopback
127.255.255.255                          loopback, last
168.63.129.16                            host service of a cloud (Azure)
169.254.0.0                              link local, first
169.254.0.1                              link local
169.254.169.123                          time service of a cloud (AWS)
169.254.169.249                          DNS of a cloud
169.254.169.253                          DNS of a cloud (AWS)
169.254.169.254                          metadata (AWS, Azure, Google, DigitalOcean, Oracle)
169.254.170.2                            credentials of a container (AWS)
169.254.255.255                          link local, last
172.16.0.0                               private, first
172.16.0.1                               private
172.17.0.1                               the usual bridge of containers
172.31.255.255                           private, last
192.0.0.0                                protocol assignments, first
192.0.0.1                                protocol assignments
192.0.0.8                                dummy address; `is_global` in Python
192.0.0.9                                port control anycast
192.0.0.10                               relay anycast
192.0.0.170                              NAT64 discovery
192.0.0.171                              NAT64 discovery
192.0.0.192                              metadata of a cloud (Oracle)
192.0.0.255                              protocol assignments, last
192.0.2.0                                documentation, first
192.0.2.1                                documentation
192.0.2.255                              documentation, last
192.31.196.1                             AS112
192.52.193.1                             multicast tunneling
192.88.99.1                              6to4 relay
192.88.99.255                            6to4 relay, last
192.168.0.0                              private, first
192.168.0.1                              private, the usual router
192.168.1.1                              private
192.168.65.2                             the usual host of a container machine
192.168.255.255                          private, last
192.175.48.1                             AS112
198.18.0.0                               benchmarking, first
198.18.0.1                               benchmarking
198.19.255.255                           benchmarking, last
198.51.100.1                             documentation
198.51.100.255                           documentation, last
203.0.113.1                              documentation
203.0.113.255                            documentation, last
224.0.0.0                                multicast, first
224.0.0.1                                all hosts
224.0.0.251                              multicast DNS
232.1.1.1                                source-specific multicast
239.255.255.250                          discovery
239.255.255.255                          multicast, last
240.0.0.0                                reserved, first
240.0.0.1                                reserved
254.1.2.3                                reserved
255.255.255.254                          reserved
255.255.255.255                          broadcast
::                                       reaches the machine itself on Linux
::1                                      loopback
::2                                      compatible form of 0.0.0.2
::7f00:1                                 compatible form of 127.0.0.1
::127.0.0.1                              compatible form of 127.0.0.1
::10.0.0.1                               compatible form of 10.0.0.1
::169.254.169.254                        compatible form of metadata
::8.8.8.8                                compatible form of a public address
::ffff:0.0.0.0                           mapped 0.0.0.0
::ffff:127.0.0.1                         mapped loopback
::ffff:7f00:1                            mapped loopback in hexadecimal
::ffff:10.0.0.1                          mapped private
::ffff:192.168.0.1                       mapped private
::ffff:169.254.169.254                   mapped metadata
::ffff:a9fe:a9fe                         mapped metadata in hexadecimal
::ffff:8.8.8.8                           mapped public address
::ffff:0:127.0.0.1                       translated loopback
::ffff:0:a00:1                           translated private
64:ff9b::                                NAT64, first
64:ff9b::127.0.0.1                       NAT64 of loopback
64:ff9b::7f00:1                          NAT64 of loopback in hexadecimal
64:ff9b::10.0.0.1                        NAT64 of private; `is_global` in Python
64:ff9b::169.254.169.254                 NAT64 of metadata
64:ff9b::8.8.8.8                         NAT64 of a public address
64:ff9b:1::                              local NAT64, first
64:ff9b:1::10.0.0.1                      local NAT64 of private
64:ff9b:1:ffff:ffff:ffff:ffff:ffff       local NAT64, last
64:ff9b:2::1                             beside NAT64, not handed out
100::                                    discard, first
100::1                                   discard
100:0:0:1::1                             dummy prefix
100:0:0:2::1                             beside the dummy prefix, not handed out
200::1                                   once NSAP, not handed out
400::1                                   once IPX, not handed out
1000::1                                  not handed out
1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  last before global unicast
2001::                                   Teredo, first
2001::1                                  Teredo
2001:0:4136:e378:8000:63bf:3fff:fdd2     Teredo with an address inside
2001:0:7f00:1::1                         Teredo server 127.0.0.1
2001:1::1                                port control anycast
2001:1::2                                relay anycast
2001:2::1                                benchmarking
2001:3::1                                multicast tunneling
2001:4:112::1                            AS112
2001:5::1                                EID space
2001:10::1                               ORCHID
2001:1f:ffff:ffff:ffff:ffff:ffff:ffff    ORCHID, last
2001:20::1                               ORCHIDv2
2001:2f:ffff:ffff:ffff:ffff:ffff:ffff    ORCHIDv2, last
2001:30::1                               drone identifiers
2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff   protocol assignments, last
2001:db8::                               documentation, first
2001:db8::1                              documentation
2001:db8:ffff:ffff:ffff:ffff:ffff:ffff   documentation, last
2002::                                   6to4, first
2002:7f00:1::                            6to4 of loopback
2002:7f00:1::1                           6to4 of loopback
2002:a00:1::1                            6to4 of private; `is_global` in Python
2002:c0a8:1::1                           6to4 of private
2002:a9fe:a9fe::1                        6to4 of metadata
2002:808:808::1                          6to4 of a public address
2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff  6to4, last
2606:4700::5efe:7f00:1                   ISATAP of loopback under a public prefix
2606:4700::5efe:10.0.0.1                 ISATAP of private under a public prefix
2606:4700::200:5efe:a00:1                ISATAP, global form
2620:4f:8000::1                          AS112
3ffe::1                                  6bone
3ffe:831f::1                             the old Teredo prefix
3fff::                                   documentation, first
3fff::1                                  documentation
3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff   documentation, last
4000::1                                  first after global unicast
5f00::1                                  segment routing
8000::1                                  not handed out
c000::1                                  not handed out
e000::1                                  not handed out
f000::1                                  not handed out
fc00::                                   unique local, first
fc00::1                                  unique local
fd00::1                                  unique local
fd00:ec2::23                             time and DNS services of a cloud (AWS)
fd00:ec2::254                            metadata of a cloud (AWS)
fd20:ce::254                             metadata of a cloud (Google)
fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  unique local, last
fe00::1                                  not handed out
fe80::                                   link local, first
fe80::1                                  link local
fe80::1%lo                               link local with a zone
fe80::a9fe:a9fe                          metadata by link local (Azure)
febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff  link local, last
fec0::                                   site local, first
fec0::1                                  site local; `is_global` in Python
feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  site local, last
ff00::                                   multicast, first
ff01::1                                  all nodes of the interface
ff02::1                                  all nodes of the link
ff02::fb                                 multicast DNS
ff05::2                                  all routers of the site
ff0e::1                                  global multicast
ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  the last address of all
"""

PUBLIC_ADDRESSES = """
1.0.0.0                                  first after 0.0.0.0/8
1.1.1.1                                  a public resolver
8.8.8.8                                  a public resolver
9.255.255.255                            last before 10.0.0.0/8
11.0.0.0                                 first after it
100.63.255.255                           last before the carrier space
100.128.0.0                              first after it
126.255.255.255                          last before loopback
128.0.0.0                                first after it
168.63.129.15                            beside a cloud's host service
168.63.129.17                            beside a cloud's host service
169.253.255.255                          last before link local
169.255.0.0                              first after it
172.15.255.255                           last before 172.16.0.0/12
172.32.0.0                               first after it
191.255.255.255                          last before the protocol assignments
192.0.1.0                                between protocol assignments and documentation
192.0.3.0                                first after documentation
192.31.195.255                           last before AS112
192.31.197.0                             first after it
192.52.192.255                           last before multicast tunneling
192.52.194.0                             first after it
192.88.98.255                            last before the 6to4 relays
192.88.100.0                             first after them
192.167.255.255                          last before 192.168.0.0/16
192.169.0.0                              first after it
192.175.47.255                           last before AS112
192.175.49.0                             first after it
198.17.255.255                           last before benchmarking
198.20.0.0                               first after it
198.51.99.255                            last before documentation
198.51.101.0                             first after it
203.0.112.255                            last before documentation
203.0.114.0                              first after it
223.255.255.255                          last before multicast
2000::                                   first of global unicast
2001:200::                               first after the protocol assignments
2001:db7:ffff:ffff:ffff:ffff:ffff:ffff   last before documentation
2001:db9::                               first after it
2001:4860:4860::8888                     a public resolver
2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff  last before 6to4
2003::                                   first after it
2606:4700::1111                          a public resolver
2606:4700::5eff:1:1                      beside the ISATAP mark
2620:4f:7fff:ffff:ffff:ffff:ffff:ffff    last before AS112
2620:4f:8001::                           first after it
3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff  last before the 6bone
3fff:1000::                              first after documentation
"""


def addresses_in(table: str) -> list[str]:
    """The first column."""
    return [row.split()[0] for row in table.strip().splitlines()]
