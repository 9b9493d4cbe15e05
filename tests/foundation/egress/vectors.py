"""The addresses and URLs that must never be connected to, one a line, with what each of them tries."""

from leadsail.foundation.egress import ForbiddenReason

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

FORBIDDEN_URLS = {
    ForbiddenReason.URL_MALFORMED: [
        # not a URL
        "",
        " ",
        "/",
        "//",
        "//127.0.0.1/",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost",
        "http",
        "http:",
        "http:/",
        "http://",
        "http:///",
        "http:127.0.0.1/",
        "http:/127.0.0.1/",
        "http:///127.0.0.1/",
        "http://?x=127.0.0.1",
        "http://#127.0.0.1",
        "://127.0.0.1/",
        "https://buyer.example/" + "a" * 5000,
        # IPv4 in other notations
        "http://2130706433/",
        "http://02130706433/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://0177.0.0.01/",
        "http://00000177.0.0.1/",
        "http://127.0.0.01/",
        "http://127.0.00.1/",
        "http://0x7f000001/",
        "http://0X7F000001/",
        "http://0x7f.0.0.1/",
        "http://0x7f.0x0.0x0.0x1/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0x1/",
        "http://0/",
        "http://0x0/",
        "http://0x/",
        "http://00/",
        "http://0.0/",
        "http://0.0.0/",
        "http://1/",
        "http://10.1/",
        "http://167772161/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/",
        "http://025177524776/",
        "http://169.254.43518/",
        "http://169.16689662/",
        "http://4294967295/",
        "http://4294967296/",
        "http://18446744073709551616/",
        "http://127.0.0.1.1/",
        "http://127.0.0.256/",
        "http://256.0.0.1/",
        "http://127.0.0.1.0x0/",
        "http://buyer.example.1/",
        "http://buyer.example.0x7f/",
        # dots
        "http://127.0.0.1./",
        "http://127.0.0.1../",
        "http://.127.0.0.1/",
        "http://127..0.0.1/",
        "http://localhost./",
        "http://localhost../",
        "http://buyer.example./",
        "http://.buyer.example/",
        "http://buyer..example/",
        "http://./",
        "http://../",
        "http://127。0。0。1/",  # noqa: RUF001 - the look-alike is the attack
        "http://127.0.0。1/",
        "http://127.0.0．1/",  # noqa: RUF001 - the look-alike is the attack
        "http://127｡0｡0｡1/",
        "http://localhost。/",
        # look-alike digits and letters
        "http://１２７.０.０.１/",  # noqa: RUF001 - the look-alike is the attack
        "http://①②⑦.⓪.⓪.①/",
        "http://127.0.0.¹/",
        "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏/",  # noqa: RUF001 - the look-alike is the attack
        "http://١٢٧.٠.٠.١/",  # noqa: RUF001 - the look-alike is the attack
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
        "http://ｌｏｃａｌｈｏｓｔ/",  # noqa: RUF001 - the look-alike is the attack
        "http://lοcalhost/",  # noqa: RUF001 - the look-alike is the attack
        "http://localhoſt/",
        "http://buyer.exam\u00adple/",
        "http://local\u200dhost/",
        "http://local\ufeffhost/",
        "http://\u202e1.0.0.721/",
        "http://müller.example/",
        "http://buyer.example/straße",
        "ʰttp://127.0.0.1/",
        # white space, controls and header splitting
        " http://127.0.0.1/",
        "http://127.0.0.1/ ",
        "\thttp://127.0.0.1/",
        "http://127.0.0.1\t/",
        "ht\ntp://127.0.0.1/",
        "http://127.0.0.1\n/",
        "http://127.0.0.1/\n",
        "http://127.0.0.1\r\n/",
        "http://buyer.example/\r\nHost: 127.0.0.1",
        "http://buyer.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "http://buyer.example\r\n@127.0.0.1/",
        "http://127.0.0.1\x00.buyer.example/",
        "http://buyer.example\x00@127.0.0.1/",
        "http://127.0.0.1\x0b/",
        "http://127.0.0.1\x7f/",
        "http://127.0.0.1\x85/",
        "http://127.0.0.1\u2028/",
        "http://127.0.0.1\u3000/",
        "http://buyer.example 127.0.0.1/",
        # backslashes and other characters outside RFC 3986
        "http:\\\\127.0.0.1\\",
        "http:/\\127.0.0.1/",
        "http://buyer.example\\@127.0.0.1/",
        "http://127.0.0.1\\@buyer.example/",
        "http://127.0.0.1\\.buyer.example/",
        'http://"127.0.0.1"/',
        "http://<127.0.0.1>/",
        "http://{127.0.0.1}/",
        "http://127.0.0.1|buyer.example/",
        "http://127.0.0.1^/",
        "http://`127.0.0.1`/",
        # sub-delimiters and percent signs in the host
        "http://127.0.0.1,buyer.example/",
        "http://127.0.0.1;buyer.example/",
        "http://127.0.0.1&buyer.example/",
        "http://127.0.0.1=buyer.example/",
        "http://127.0.0.1+buyer.example/",
        "http://127.0.0.1*buyer.example/",
        "http://127.0.0.1!/",
        "http://(127.0.0.1)/",
        "http://$HOST/",
        "http://~127.0.0.1/",
        "http://%31%32%37.0.0.1/",
        "http://127%2e0%2e0%2e1/",
        "http://127.0.0.1%00.buyer.example/",
        "http://127.0.0.1%2f.buyer.example/",
        "http://127.0.0.1%23.buyer.example/",
        "http://127.0.0.1%3f.buyer.example/",
        "http://127.0.0.1%40buyer.example/",
        "http://%6c%6f%63%61%6c%68%6f%73%74/",
        "http://localhost%2e/",
        "http://%E3%80%82/",
        "http://%/",
        "http://%00/",
        # labels no name may have
        "http://-buyer.example/",
        "http://buyer-.example/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "abcdefghi." * 26 + "example/",
        # brackets
        "http://[]/",
        "http://[:]/",
        "http://[::1/",
        "http://::1/",
        "http://::1]/",
        "http://[[::1]]/",
        "http://[::1]]/",
        "http://[::1].buyer.example/",
        "http://buyer.example[::1]/",
        "http://[127.0.0.1]/",
        "http://[localhost]/",
        "http://[::1%lo]/",
        "http://[::1%25lo]/",
        "http://[fe80::1%eth0]/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%251]/",
        "http://[::ffff:127.0.0.01]/",
        "http://[::ffff:0177.0.0.1]/",
        "http://[::ffff:127.1]/",
        "http://[0:0:0:0:0:0:0:0:1]/",
        "http://[::1::]/",
        "http://[:::1]/",
        "http://[::g]/",
        "http://[00000::1]/",
        "http://[v1.127.0.0.1]/",
        # ports
        "http://127.0.0.1:/",
        "http://buyer.example:/",
        "http://buyer.example:0/",
        "http://buyer.example:00/",
        "http://buyer.example:080/",
        "http://buyer.example:0x50/",
        "http://buyer.example:+80/",
        "http://buyer.example:-80/",
        "http://buyer.example:8_0/",
        "http://buyer.example:80.0/",
        "http://buyer.example:80:80/",
        "http://buyer.example:http/",
        "http://buyer.example:65536/",
        "http://buyer.example:65616/",
        "http://buyer.example:4294967376/",
        "http://buyer.example:99999999999999999999/",
        "http://buyer.example:８０/",  # noqa: RUF001 - the look-alike is the attack
        "http://buyer.example:80%2f/",
        "http://127.0.0.1:80,443/",
    ],
    ForbiddenReason.SCHEME_NOT_ALLOWED: [
        "ftp://buyer.example/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "file://127.0.0.1/etc/passwd",
        "gopher://127.0.0.1:80/_GET",
        "dict://127.0.0.1:80/info",
        "ldap://127.0.0.1/",
        "ws://127.0.0.1/",
        "wss://127.0.0.1/",
        "unix://127.0.0.1/",
        "http+unix://127.0.0.1/",
        "jar://127.0.0.1/",
        "view-source+http://127.0.0.1/",
        "httpx://127.0.0.1/",
        "httpss://127.0.0.1/",
        "data://127.0.0.1/,x",
        "javascript://127.0.0.1/%0aalert(1)",
    ],
    ForbiddenReason.CREDENTIALS_IN_URL: [
        "http://user@buyer.example/",
        "http://user:password@buyer.example/",
        "http://:@buyer.example/",
        "http://@buyer.example/",
        "http://@127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://buyer.example@127.0.0.1/",
        "http://buyer.example:80@127.0.0.1/",
        "http://buyer.example:80@127.0.0.1:80/",
        "http://127.0.0.1@buyer.example/",
        "http://a@b@127.0.0.1/",
        "http://buyer.example%40@127.0.0.1/",
        "http://buyer.example%2f@127.0.0.1/",
        "http://buyer.example%23@127.0.0.1/",
        "http://[::1]@buyer.example/",
        "http://buyer.example@[::1]/",
        "https://user:pass%0d%0aword@buyer.example/",
    ],
    ForbiddenReason.FRAGMENT_IN_URL: [
        "http://buyer.example#@127.0.0.1/",
        "http://buyer.example/#@127.0.0.1/",
        "http://buyer.example/#",
        "http://127.0.0.1#.buyer.example/",
        "http://127.0.0.1/#buyer.example",
        "http://127.0.0.1/?#buyer.example",
        "http://buyer.example/?a=b#c",
    ],
    ForbiddenReason.PORT_NOT_ALLOWED: [
        "http://buyer.example:1/",
        "http://buyer.example:22/",
        "http://buyer.example:25/",
        "http://buyer.example:81/",
        "http://buyer.example:444/",
        "http://buyer.example:2375/",
        "http://buyer.example:5432/",
        "http://buyer.example:6379/",
        "http://buyer.example:8080/",
        "http://buyer.example:8443/",
        "http://buyer.example:9200/",
        "http://buyer.example:11434/",
        "http://buyer.example:65535/",
        "http://127.0.0.1:5432/",
        "http://[::1]:6379/",
        "https://1.1.1.1:853/",
    ],
    ForbiddenReason.HOST_NOT_PUBLIC: [
        "http://localhost/",
        "https://localhost/",
        "http://LOCALHOST/",
        "http://LocalHost:80/",
        "http://app.localhost/",
        "http://a.b.localhost/",
        "http://localhost.localhost/",
        "http://db.internal/",
        "http://metadata.google.internal/",
        "http://METADATA.GOOGLE.INTERNAL/computeMetadata/v1/",
        "http://ip-10-0-0-1.ec2.internal/",
        "http://printer.local/",
        "http://kubernetes.default.svc.cluster.local/",
        "http://router.home.arpa/",
        "http://metadata/",
        "http://kubernetes/",
        "http://postgres/",
        "http://instance-data/",
        "http://loopback/",
        "http://ip6-localhost/",
        "http://x/",
        "http://_/",
        "http://a1/",
        "http://0x7f000001g/",
        "http://127-0-0-1/",
    ],
    ForbiddenReason.ADDRESS_NOT_PUBLIC: [
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "HTTP://127.0.0.1/",
        "hTtPs://127.0.0.1:443/",
        "http://127.0.0.1:443/",
        "http://127.0.0.1?x",
        "http://127.0.0.1/?http://buyer.example/",
        "http://127.0.0.1/@buyer.example/",
        "http://127.0.0.1//buyer.example/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::1]:443/",
        "http://[::]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
        "http://[::FFFF:127.0.0.1]/",
        "http://[::ffff:7F00:0001]/",
        "http://[0:0:0:0:0:ffff:127.0.0.1]/",
        "http://[64:FF9B::127.0.0.1]/",
        "http://[FE80::1]/",
        # ordinary names that lead astray; see NAMES
        "http://loopback.buyer.example/",
        "https://loopback.buyer.example/",
        "http://loopback6.buyer.example/",
        "http://any.buyer.example/",
        "http://any6.buyer.example/",
        "http://private.buyer.example/",
        "http://metadata.buyer.example/",
        "http://mapped.buyer.example/",
        "http://mixed.buyer.example/",
        "http://mixed-last.buyer.example/",
        "http://mixed-families.buyer.example/",
        "http://xn--mller-kva.example/",
        "http://127.0.0.1.buyer.example/",
        "http://2130706433.buyer.example/",
        "http://0x7f.buyer.example/",
        "http://_dmarc.buyer.example/",
    ],
}

NAMES = {
    "loopback.buyer.example": ["127.0.0.1"],
    "loopback6.buyer.example": ["::1"],
    "any.buyer.example": ["0.0.0.0"],  # noqa: S104 - an answer to refuse
    "any6.buyer.example": ["::"],
    "private.buyer.example": ["10.0.0.1"],
    "metadata.buyer.example": ["169.254.169.254"],
    "mapped.buyer.example": ["::ffff:127.0.0.1"],
    "mixed.buyer.example": ["127.0.0.1", "1.1.1.1"],
    "mixed-last.buyer.example": ["1.1.1.1", "8.8.8.8", "127.0.0.1"],
    "mixed-families.buyer.example": ["1.1.1.1", "::1"],
    "xn--mller-kva.example": ["127.0.0.2"],
    "127.0.0.1.buyer.example": ["127.0.0.1"],
    "2130706433.buyer.example": ["127.0.0.1"],
    "0x7f.buyer.example": ["127.0.0.1"],
    "_dmarc.buyer.example": ["127.0.0.1"],
}


def addresses_in(table: str) -> list[str]:
    """The first column."""
    return [row.split()[0] for row in table.strip().splitlines()]
