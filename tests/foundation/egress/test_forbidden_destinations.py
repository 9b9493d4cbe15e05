"""No URL and no name server leads a public request to a private place: the canaries are the witnesses.

The connector here would really connect to them, whatever the port, if the guard let it.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadsail.foundation.egress import (
    DestinationForbidden,
    Egress,
    EgressError,
    EgressRequest,
    ForbiddenReason,
    check_public_url,
)
from leadsail.foundation.egress.connecting import GuardedBackend
from leadsail.foundation.egress.policies import PublicPolicy
from tests.foundation.egress.address_vectors import FORBIDDEN_ADDRESSES, addresses_in
from tests.foundation.egress.doubles import (
    HAS_IPV6,
    TRUST_NOBODY,
    Canaries,
    ForwardingConnector,
    LoopbackConnector,
    TableResolver,
)
from tests.foundation.egress.url_vectors import FORBIDDEN_URLS

NO_VISITS = dict.fromkeys(Canaries.ADDRESSES, 0)
URL_VECTORS = [(url, reason) for reason, urls in FORBIDDEN_URLS.items() for url in urls]


needs_ipv6 = pytest.mark.skipif(not HAS_IPV6, reason="this machine has no IPv6")


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


class TestCanaries:
    @pytest.mark.parametrize(
        ("host", "canary"),
        [
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.2", "127.0.0.2"),
            ("127.127.127.127", "127.127.127.127"),
            pytest.param("[::1]", "::1", marks=needs_ipv6),
            ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - dialed, not listened on
            pytest.param("[::]", "::1", marks=needs_ipv6),
            ("loopback.buyer.example", "127.0.0.1"),
        ],
    )
    async def test_hear_an_operator_request(self, egress: Egress, canaries: Canaries, host: str, canary: str) -> None:
        """The proof that silence elsewhere in this file means something."""
        request = EgressRequest("GET", f"http://{host}:{canaries.port}/")

        response = await egress.send(request, destination="operator")

        assert response.status == 200
        assert canaries.visits == NO_VISITS | {canary: 1}

    async def test_would_hear_a_mapped_address_too(self, canaries: Canaries, connector: LoopbackConnector) -> None:
        host = f"[::ffff:127.0.0.1]:{canaries.port}"
        async with Egress(operator_hosts=[host], connector=connector) as egress:
            await egress.send(EgressRequest("GET", f"http://{host}/"), destination="operator")

        assert canaries.visits == NO_VISITS | {"127.0.0.1": 1}


class TestPublicRequest:
    def test_vectors_are_many(self) -> None:
        assert len(set(URL_VECTORS)) + len(set(addresses_in(FORBIDDEN_ADDRESSES))) >= 300

    @pytest.mark.parametrize(("url", "reason"), URL_VECTORS)
    async def test_refuses_url_before_any_connection(
        self,
        egress: Egress,
        canaries: Canaries,
        connector: LoopbackConnector,
        url: str,
        reason: ForbiddenReason,
    ) -> None:
        with pytest.raises(DestinationForbidden) as refusal:
            await egress.send(EgressRequest("GET", url), destination="public")

        assert refusal.value.reason is reason
        assert connector.dialed == []
        assert canaries.visits == NO_VISITS

    @pytest.mark.parametrize("address", [a for a in addresses_in(FORBIDDEN_ADDRESSES) if "%" not in a])
    async def test_refuses_forbidden_address_in_url(
        self, egress: Egress, canaries: Canaries, connector: LoopbackConnector, address: str
    ) -> None:
        with pytest.raises(DestinationForbidden) as refusal:
            await egress.send(EgressRequest("POST", f"https://{bracketed(address)}/"), destination="public")

        assert refusal.value.reason is ForbiddenReason.ADDRESS_NOT_PUBLIC
        assert connector.dialed == []
        assert canaries.visits == NO_VISITS

    @pytest.mark.parametrize("address", addresses_in(FORBIDDEN_ADDRESSES))
    async def test_refuses_name_that_leads_to_forbidden_address(
        self, canaries: Canaries, connector: LoopbackConnector, address: str
    ) -> None:
        resolver = TableResolver({"hooks.buyer.example": [["1.1.1.1", address]]})
        async with Egress(resolver=resolver, connector=connector, tls=TRUST_NOBODY) as egress:
            with pytest.raises(DestinationForbidden) as refusal:
                await egress.send(EgressRequest("GET", "https://hooks.buyer.example/"), destination="public")

        assert refusal.value.reason is ForbiddenReason.ADDRESS_NOT_PUBLIC
        assert connector.dialed == []
        assert canaries.visits == NO_VISITS

    async def test_refuses_operator_host_even_after_operator_used_it(self, egress: Egress, canaries: Canaries) -> None:
        """The two classes share no connection that could be used again."""
        request = EgressRequest("GET", f"http://127.0.0.1:{canaries.port}/")
        await egress.send(request, destination="operator")

        with pytest.raises(DestinationForbidden):
            await egress.send(request, destination="public")

        assert sum(canaries.visits.values()) == 1

    async def test_ignores_proxies_from_the_environment(
        self, canaries: Canaries, connector: LoopbackConnector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{canaries.port}")
        resolver = TableResolver({"hooks.buyer.example": [["1.1.1.1"]]})
        async with Egress(resolver=resolver, connector=connector) as egress:
            with pytest.raises(EgressError):
                await egress.send(EgressRequest("GET", "http://hooks.buyer.example/"), destination="public")

        assert connector.dialed == [("1.1.1.1", 80)]
        assert canaries.visits == NO_VISITS

    async def test_refusal_tells_nothing_about_our_network(self, egress: Egress) -> None:
        with pytest.raises(DestinationForbidden) as refusal:
            await egress.send(EgressRequest("GET", "http://private.buyer.example/"), destination="public")

        assert "10." not in str(refusal.value)
        assert "private" not in str(refusal.value)
        assert (refusal.value.retryable, refusal.value.may_have_arrived) == (False, False)

    @given(text=st.text(st.characters(max_codepoint=0x2FF) | st.sampled_from("[]@:/\\#?%.127x"), max_size=30))
    @settings(max_examples=500, deadline=None)
    def test_reads_or_refuses_any_text_whatever_it_holds(self, text: str) -> None:
        for url in (text, f"http://{text}", f"http://{text}/", f"http://127.0.0.1{text}"):
            try:
                check_public_url(url)
            except DestinationForbidden:
                continue
            assert url.isascii()
            assert url.isprintable()


class TestConnectTimeGuard:
    """The same without the reading of URLs before it: what connects is safe by itself."""

    @pytest.mark.parametrize("address", addresses_in(FORBIDDEN_ADDRESSES))
    async def test_refuses_address_whatever_asked_for_it(
        self, canaries: Canaries, connector: LoopbackConnector, address: str
    ) -> None:
        backend = GuardedBackend(PublicPolicy(), resolver=TableResolver({}), connector=connector)

        with pytest.raises(DestinationForbidden):
            await backend.connect_tcp(address, 443)

        assert connector.dialed == []
        assert canaries.visits == NO_VISITS

    async def test_refuses_port_whatever_asked_for_it(self, connector: LoopbackConnector) -> None:
        resolver = TableResolver({"hooks.buyer.example": [["1.1.1.1"]]})
        backend = GuardedBackend(PublicPolicy(), resolver=resolver, connector=connector)

        with pytest.raises(DestinationForbidden) as refusal:
            await backend.connect_tcp("hooks.buyer.example", 5432)

        assert refusal.value.reason is ForbiddenReason.PORT_NOT_ALLOWED
        assert (resolver.asked, connector.dialed) == ([], [])

    async def test_hangs_up_when_somebody_else_answers(self, canaries: Canaries) -> None:
        resolver = TableResolver({"hooks.buyer.example": [["1.1.1.1"]]})
        connector = ForwardingConnector(canaries.port, peer="127.0.0.1")
        backend = GuardedBackend(PublicPolicy(), resolver=resolver, connector=connector)

        with pytest.raises(DestinationForbidden):
            await backend.connect_tcp("hooks.buyer.example", 443)

        assert [stream.closed for stream in connector.streams] == [True]


class TestOperatorRequest:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:1/",
            "http://127.0.0.1/",
            "http://127.0.0.3:{port}/",
            "http://localhost:{port}/",
            "http://[::ffff:127.0.0.1]:{port}/",
            "http://1.1.1.1:{port}/",
            "http://private.buyer.example:{port}/",
        ],
    )
    async def test_refuses_hosts_that_are_not_configured(
        self, egress: Egress, canaries: Canaries, connector: LoopbackConnector, url: str
    ) -> None:
        with pytest.raises(DestinationForbidden) as refusal:
            await egress.send(EgressRequest("GET", url.format(port=canaries.port)), destination="operator")

        assert refusal.value.reason is ForbiddenReason.NOT_AN_OPERATOR_HOST
        assert connector.dialed == []

    @pytest.mark.parametrize("host", ["", "ollama", "ollama:", "ollama:0", "http://ollama:80", "a b:80"])
    def test_names_a_configured_host_that_cannot_be_read(self, host: str) -> None:
        with pytest.raises(ValueError, match="host:port"):
            Egress(operator_hosts=[host])
