"""What a client is made from, and what it never shows."""

import logging
import subprocess
import sys
import traceback

import httpx2
import pytest

from leadsail.client import AsyncLeadSail, ConfigurationError, ConnectionFailedError, LeadSail, LeadSailError
from leadsail.client.connection import Connection
from tests.client.callers import Caller, waiting
from tests.client.lying_server import TENANT, LyingServer, refusal, success

KEY = "ls_live_verysecret"


class TestTheAddress:
    @pytest.mark.parametrize(
        ("given", "api"),
        [
            ("https://leads.example", "https://leads.example/api/v1"),
            (" https://leads.example/ ", "https://leads.example/api/v1"),
            ("https://leads.example/api/v1/", "https://leads.example/api/v1"),
            ("http://host:8000/behind/a/proxy", "http://host:8000/behind/a/proxy/api/v1"),
        ],
    )
    def test_may_end_with_the_api_or_not(self, given: str, api: str) -> None:
        assert Connection.of(KEY, given).base_url == api

    @pytest.mark.parametrize(
        "wrong", ["leads.example", "ftp://leads.example", "https://", "http://[x", "https://a?b=c"]
    )
    def test_is_refused_when_it_is_none(self, wrong: str) -> None:
        with pytest.raises(ConfigurationError, match="base_url"):
            Connection.of(KEY, wrong)

    def test_comes_from_the_environment_else_this_machine(self) -> None:
        told = {"LEADSAIL_API_KEY": KEY, "LEADSAIL_BASE_URL": "https://leads.example"}

        assert Connection.of(None, None, told).base_url == "https://leads.example/api/v1"
        assert Connection.of(KEY, None, {}).base_url == "http://127.0.0.1:8000/api/v1"


class TestTheKey:
    def test_is_asked_for_when_there_is_none(self) -> None:
        with pytest.raises(ConfigurationError, match="LEADSAIL_API_KEY"):
            Connection.of(None, None, {})

    @pytest.mark.parametrize("wrong", ["two words", "two\nlines", "ls_live_ü"])
    def test_is_refused_without_being_shown(self, wrong: str) -> None:
        with pytest.raises(ConfigurationError) as refused:
            LeadSail(api_key=wrong)

        assert wrong not in str(refused.value)

    async def test_travels_in_its_header_alone(self, liar: LyingServer) -> None:
        liar.will(success(TENANT))
        caller = waiting(liar.url, KEY)

        await caller.ask(caller.client.tenant.get)

        assert liar.ledger[0].headers["x-api-key"] == KEY
        assert KEY not in liar.ledger[0].target
        await caller.close()

    async def test_is_in_no_text_log_or_traceback(self, liar: LyingServer, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        liar.will(refusal(401, "UNAUTHORIZED"), b"")
        caller = waiting(liar.url, KEY, max_retries=0)

        shown = repr(caller.client) + repr(vars(caller.client))
        for _ in range(2):
            with pytest.raises(LeadSailError) as failure:
                await caller.ask(caller.client.tenant.get)
            shown += _report(traceback.TracebackException.from_exception(failure.value, capture_locals=True))

        assert KEY not in shown + caplog.text
        await caller.close()

    async def test_is_not_reached_through_the_cause_of_a_failure(self, liar: LyingServer) -> None:
        """The HTTP library's own error holds the request, and so the key."""
        caller = waiting(liar.url, KEY, max_retries=0)

        with pytest.raises(ConnectionFailedError) as failure:
            await caller.ask(caller.client.tenant.get)

        assert (failure.value.__cause__, failure.value.__suppress_context__) == (None, True)
        await caller.close()


def _report(error: traceback.TracebackException) -> str:
    """What an error reporter would keep: every frame's variables, those of the causes too, but the tests' own."""
    frames = [str(frame.locals) for frame in error.stack if "/tests/" not in frame.filename]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return str(error) + "".join(frames) + (_report(cause) if cause else "")


class TestOptions:
    async def test_can_differ_for_a_part_of_a_program(self, misled: Caller, liar: LyingServer) -> None:
        liar.will(refusal(503, "UNAVAILABLE"), success(TENANT))

        impatient = misled.client.with_options(max_retries=0)
        with pytest.raises(LeadSailError):
            await misled.ask(impatient.tenant.get)
        tenant = await misled.ask(misled.client.tenant.get)

        assert tenant.tenant_id == "org_1"


class TestConnections:
    def test_are_given_back_at_the_end_of_the_block(self) -> None:
        with LeadSail(api_key=KEY) as client:
            pass

        with pytest.raises(RuntimeError, match="closed"):
            client.tenant.get()

    async def test_are_given_back_by_the_one_that_awaits(self) -> None:
        async with AsyncLeadSail(api_key=KEY) as client:
            pass

        with pytest.raises(RuntimeError, match="closed"):
            await client.tenant.get()

    def test_that_were_brought_stay_open(self) -> None:
        with httpx2.Client(trust_env=False) as http:
            with LeadSail(api_key=KEY, http_client=http):
                pass

            assert not http.is_closed


class TestImporting:
    def test_needs_nothing_of_the_server(self) -> None:
        program = (
            "import sys; from leadsail.client import LeadSail, AsyncLeadSail;"
            "print(*sorted({name.partition('.')[0] for name in sys.modules}));"
            "print(*[name for name in sys.modules if name.startswith('leadsail.')])"
        )

        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - a constant program

        packages, own = (set(line.split()) for line in ran.stdout.splitlines())
        assert packages.isdisjoint(
            {"fastapi", "starlette", "asyncpg", "uvicorn", "structlog", "alembic", "cryptography"}
        )
        assert {name for name in own if not name.startswith("leadsail.client")} == set()
