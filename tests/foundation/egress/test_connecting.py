"""A public name: resolved once, judged, dialed at exactly the judged address, and spoken to by its name."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from leadsail.foundation.egress import (
    DestinationForbidden,
    Egress,
    EgressFailed,
    EgressLimits,
    EgressRequest,
    EgressTimeout,
    SystemResolver,
)
from tests.foundation.egress.doubles import ForwardingConnector, LocalServer, TableResolver, reply

NAME = "hooks.buyer.example"
CLOSING = reply("Connection: close")
KEEPING = reply()


def certificate_for(name: str) -> tuple[bytes, bytes]:
    """A self-signed certificate for `name` and its key, both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), secret


@pytest.fixture
def certificate_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = certificate_for(NAME)
    (folder / "certificate.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    return str(folder)


@pytest.fixture
def server_tls(certificate_folder: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certificate_folder}/certificate.pem", f"{certificate_folder}/key.pem")
    return context


@pytest.fixture
def client_tls(certificate_folder: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=f"{certificate_folder}/certificate.pem")


async def get(egress: Egress, url: str) -> int:
    return (await egress.send(EgressRequest("GET", url), destination="public")).status


class TestPinning:
    async def test_dials_the_judged_address_and_keeps_the_name(self) -> None:
        resolver = TableResolver({NAME: [["93.184.216.34"]]})
        async with LocalServer(CLOSING).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector) as egress:
                status = await get(egress, f"http://{NAME}/lead?id=1")

        assert status == 200
        assert resolver.asked == [NAME]
        assert connector.dialed == [("93.184.216.34", 80)]
        assert server.heads[0].startswith("GET /lead?id=1 HTTP/1.1\r\n")
        assert f"host: {NAME}\r\n" in server.heads[0].lower()

    async def test_asks_for_the_certificate_of_the_name(
        self, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
    ) -> None:
        names: list[str | None] = []
        server_tls.sni_callback = lambda _socket, name, _context: names.append(name)
        resolver = TableResolver({NAME: [["2606:4700::1111"]]})
        async with LocalServer(CLOSING).listening(server_tls) as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector, tls=client_tls) as egress:
                status = await get(egress, f"https://{NAME}/")

        assert status == 200
        assert names == [NAME]
        assert connector.dialed == [("2606:4700::1111", 443)]
        assert f"host: {NAME}\r\n" in server.heads[0].lower()

    async def test_refuses_a_certificate_for_another_name(
        self, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
    ) -> None:
        resolver = TableResolver({"other.buyer.example": [["1.1.1.1"]]})
        async with LocalServer(CLOSING).listening(server_tls) as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector, tls=client_tls) as egress:
                with pytest.raises(EgressFailed, match="certificate") as failure:
                    await get(egress, "https://other.buyer.example/")

        assert not failure.value.may_have_arrived
        assert server.heads == []

    @pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111"])
    async def test_dials_a_public_address_written_in_the_url(self, address: str) -> None:
        host = f"[{address}]" if ":" in address else address
        async with LocalServer(CLOSING).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=TableResolver({}), connector=connector) as egress:
                status = await get(egress, f"http://{host}/")

        assert status == 200
        assert connector.dialed == [(address, 80)]
        assert f"host: {host}\r\n" in server.heads[0].lower()


class TestSeveralAddresses:
    async def test_goes_on_to_the_next_when_one_is_dead(self) -> None:
        resolver = TableResolver({NAME: [["2606:4700::1111", "1.1.1.1"]]})
        async with LocalServer(CLOSING).listening() as server:
            connector = ForwardingConnector(server.port, dead=["2606:4700::1111"])
            async with Egress(resolver=resolver, connector=connector) as egress:
                status = await get(egress, f"http://{NAME}/")

        assert status == 200
        assert connector.dialed == [("2606:4700::1111", 80), ("1.1.1.1", 80)]

    async def test_leaves_time_for_the_next_when_one_is_silent(self) -> None:
        resolver = TableResolver({NAME: [["2606:4700::1111", "1.1.1.1"]]})
        limits = EgressLimits(connect_seconds=1)
        async with LocalServer(CLOSING).listening() as server:
            connector = ForwardingConnector(server.port, silent=["2606:4700::1111"])
            async with Egress(resolver=resolver, connector=connector, limits=limits) as egress:
                status = await get(egress, f"http://{NAME}/")

        assert status == 200

    async def test_gives_up_after_three_dead_ones(self) -> None:
        addresses = ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"]
        connector = ForwardingConnector(0, dead=addresses)
        async with Egress(resolver=TableResolver({NAME: [addresses]}), connector=connector) as egress:
            with pytest.raises(EgressFailed) as failure:
                await get(egress, f"http://{NAME}/")

        assert len(connector.dialed) == 3
        assert (failure.value.retryable, failure.value.may_have_arrived) == (True, False)

    async def test_judges_addresses_beyond_those_it_would_try(self) -> None:
        answer = ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4", "127.0.0.1"]
        connector = ForwardingConnector(0)
        async with Egress(resolver=TableResolver({NAME: [answer]}), connector=connector) as egress:
            with pytest.raises(DestinationForbidden):
                await get(egress, f"http://{NAME}/")

        assert connector.dialed == []


class TestRebinding:
    async def test_judges_the_name_again_at_every_connection(self) -> None:
        """A name server that flips after the check is the attack that early checks cannot see."""
        resolver = TableResolver({NAME: [["1.1.1.1"], ["127.0.0.1"]]})
        async with LocalServer(CLOSING).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector) as egress:
                await get(egress, f"http://{NAME}/")
                with pytest.raises(DestinationForbidden):
                    await get(egress, f"http://{NAME}/")

        assert resolver.asked == [NAME, NAME]
        assert connector.dialed == [("1.1.1.1", 80)]
        assert server.connections == 1

    async def test_resolves_once_for_a_connection(self) -> None:
        """Were it asked twice, the second answer could differ from the judged one."""
        resolver = TableResolver({NAME: [["1.1.1.1"], ["127.0.0.1"]]})
        async with LocalServer(CLOSING).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector) as egress:
                await get(egress, f"http://{NAME}/")

        assert resolver.asked == [NAME]
        assert connector.dialed == [("1.1.1.1", 80)]


class TestKeepAlive:
    async def test_reuses_a_connection_for_the_same_host_alone(self) -> None:
        resolver = TableResolver({NAME: [["1.1.1.1"]], "other.buyer.example": [["1.1.1.1"]]})
        async with LocalServer(KEEPING).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector) as egress:
                await get(egress, f"http://{NAME}/1")
                await get(egress, f"http://{NAME}/2")
                await get(egress, "http://other.buyer.example/3")

        assert resolver.asked == [NAME, "other.buyer.example"]
        assert connector.dialed == [("1.1.1.1", 80), ("1.1.1.1", 80)]
        assert len(server.heads) == 3

    async def test_never_leads_another_name_over_a_judged_connection(self) -> None:
        resolver = TableResolver({NAME: [["1.1.1.1"]], "evil.buyer.example": [["127.0.0.1"]]})
        async with LocalServer(KEEPING).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector) as egress:
                await get(egress, f"http://{NAME}/")
                with pytest.raises(DestinationForbidden):
                    await get(egress, "http://evil.buyer.example/")

        assert len(server.heads) == 1


class TestRedirect:
    @pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Again", "308 For ever"])
    async def test_is_handed_back_and_not_followed(self, status: str) -> None:
        resolver = TableResolver({NAME: [["1.1.1.1"]]})
        redirect = reply("Location: http://127.0.0.1/", "Connection: close", status=status)
        async with LocalServer(redirect).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector) as egress:
                response = await egress.send(EgressRequest("GET", f"http://{NAME}/"), destination="public")

        assert response.status == int(status[:3])
        assert response.headers["location"] == "http://127.0.0.1/"
        assert connector.dialed == [("1.1.1.1", 80)]

    async def test_chain_followed_by_hand_ends_at_the_guard(self) -> None:
        resolver = TableResolver({NAME: [["1.1.1.1"]]})
        redirect = reply("Location: http://127.0.0.1/", status="302 Found")
        async with LocalServer(redirect).listening() as server:
            connector = ForwardingConnector(server.port)
            async with Egress(resolver=resolver, connector=connector) as egress:
                first = await egress.send(EgressRequest("GET", f"http://{NAME}/"), destination="public")
                with pytest.raises(DestinationForbidden):
                    await get(egress, first.headers["location"])

        assert len(server.heads) == 1


class TestResolving:
    async def test_unknown_name_is_a_failure_worth_repeating(self) -> None:
        async with Egress(resolver=TableResolver({}), connector=ForwardingConnector(0)) as egress:
            with pytest.raises(EgressFailed, match="resolved") as failure:
                await get(egress, f"http://{NAME}/")

        assert (failure.value.retryable, failure.value.may_have_arrived) == (True, False)

    async def test_name_without_address_is_a_failure(self) -> None:
        async with Egress(resolver=TableResolver({NAME: [[]]}), connector=ForwardingConnector(0)) as egress:
            with pytest.raises(EgressFailed, match="no address"):
                await get(egress, f"http://{NAME}/")

    async def test_the_system_knows_this_machine(self) -> None:
        addresses = await SystemResolver().resolve("localhost")

        assert addresses
        assert all(address.is_loopback for address in addresses)

    async def test_the_system_name_of_this_machine_is_refused(self) -> None:
        """The whole real path, with nothing put in place of anything."""
        async with Egress() as egress:
            for url in ("http://localhost/", "http://127.0.0.1/", "http://[::1]/"):
                with pytest.raises(DestinationForbidden):
                    await get(egress, url)

    async def test_nobody_listening_is_a_failure_that_sent_nothing(self) -> None:
        async with LocalServer(KEEPING).listening() as server:
            port = server.port
        async with Egress(operator_hosts=[f"127.0.0.1:{port}"]) as egress:
            with pytest.raises(EgressFailed) as failure:
                await egress.send(EgressRequest("GET", f"http://127.0.0.1:{port}/"), destination="operator")

        assert (failure.value.retryable, failure.value.may_have_arrived) == (True, False)
        assert not isinstance(failure.value, EgressTimeout)
