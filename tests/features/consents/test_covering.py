"""Which consents cover a contact: the lead's own, its campaign's, and those recorded for the number."""

import asyncio

import asyncpg
import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from leadsail.entrypoints.wiring import Platform
from leadsail.features.consents.models import Asked, Consent
from leadsail.features.consents.schemas import NewConsent, Withdrawal
from leadsail.features.consents.service import ConsentService
from leadsail.foundation.database import Work
from tests.conftest import NewTenant, TestTenant
from tests.features.consents.making import GIVEN, PHONE, in_force, recorded
from tests.features.leads.leads import new_campaign, new_lead

BASIS = {"kind": "written", "text": "They agreed.", "sellers": ["Sunny Solar"], "attestedBy": "Maria Diaz"}


class CountedWork(Work):
    """A unit of work that counts its queries and can do nothing else."""

    def __init__(self, work: Work) -> None:
        self.tenant_id = work.tenant_id
        self.queries = 0
        self._counted = work

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """See `Work`."""
        self.queries += 1
        return await self._counted.fetch(query, *args)


class TestWhatCountsForALead:
    async def test_is_told_with_where_it_is_from(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(
            api, compliance={"tcpaConsent": True, "consentText": "Yes.", "consentAt": "2026-01-01T00:00:00Z"}
        )
        by_phone = await recorded(api)
        of_lead = await recorded(api, leadId=lead["leadId"], givenAt="2026-02-01T00:00:00Z", channels=["sms"])

        consents = await in_force(api, lead["leadId"])

        assert [(each["source"], each["evidence"].get("consentId")) for each in consents] == [
            ("lead", None),
            ("api", of_lead["consentId"]),
            ("api", by_phone["consentId"]),
        ]
        assert consents[0] == {
            "kind": "express",
            "source": "lead",
            "givenAt": "2026-01-01T00:00:00.000Z",
            "channels": [],
            "sellers": [],
            "evidence": {"text": "Yes."},
        }

    async def test_holds_what_its_campaign_attests(self, api: httpx2.AsyncClient) -> None:
        campaign_id = await new_campaign(api)
        await api.patch(f"/campaigns/{campaign_id}", json={"consentBasis": BASIS})
        lead = await new_lead(api, campaign_id, compliance={"tcpaConsent": True})

        [consent] = await in_force(api, lead["leadId"])

        assert consent == {
            "kind": "written",
            "source": "campaign",
            "channels": [],
            "sellers": ["Sunny Solar"],
            "evidence": {"text": "They agreed.", "attestedBy": "Maria Diaz"},
        }

    async def test_ends_when_the_lead_takes_it_back(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, compliance={"tcpaConsent": True})

        await api.patch(f"/leads/{lead['leadId']}", json={"compliance": {"tcpaConsent": False}})

        assert await in_force(api, lead["leadId"]) == []

    async def test_leaves_out_what_is_not_yet_or_no_more(self, api: httpx2.AsyncClient) -> None:
        future = {"tcpaConsent": True, "consentText": "Yes.", "consentAt": "2999-01-01T00:00:00Z"}
        lead = await new_lead(api, compliance=future)
        await recorded(api, expiresAt="2026-02-01T00:00:00Z")

        assert await in_force(api, lead["leadId"]) == []

    async def test_is_not_what_another_number_agreed_to(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        await recorded(api, phone="+15125550143")

        assert await in_force(api, lead["leadId"]) == []

    async def test_of_an_unknown_lead_is_not_found(self, api: httpx2.AsyncClient) -> None:
        assert (await api.get("/leads/lead_nobody/consents")).status_code == 404


class TestAskingForAContact:
    async def test_a_leads_consent_covers_no_other_number(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        await recorded(api, phone="+15125550143")
        lead = {"phone": PHONE, "compliance": {"tcpaConsent": True}}

        async with platform.database.work(tenant.tenant_id, "test") as work:
            found = await platform.service(ConsentService).of_contact(work, lead, "+15125550143", None)

        assert [consent.source for consent in found] == ["api"]

    async def test_a_bare_number_has_what_was_recorded(
        self, api: httpx2.AsyncClient, platform: Platform, tenant: TestTenant
    ) -> None:
        await recorded(api)

        async with platform.database.work(tenant.tenant_id, "test") as work:
            found = await platform.service(ConsentService).of_contact(work, None, PHONE, None)

        assert [(consent.kind, consent.source) for consent in found] == [("written", "api")]

    async def test_another_tenants_consents_cover_nobody_here(
        self, api: httpx2.AsyncClient, platform: Platform, new_tenant: NewTenant
    ) -> None:
        await recorded(api)
        stranger = await new_tenant("Stranger")

        async with platform.database.work(stranger.tenant_id, "test") as work:
            found = await platform.service(ConsentService).of_contact(work, None, PHONE, None)

        assert found == []


PHONES = [f"+1512555010{number}" for number in range(4)]
CAMPAIGNS = st.sampled_from([None, {}, {"consentBasis": BASIS}, {"consentBasis": BASIS | {"channels": ["sms"]}}])
COMPLIANCE = st.fixed_dictionaries(
    {},
    optional={
        "tcpaConsent": st.booleans(),
        "consentText": st.sampled_from(["", "Yes."]),
        "consentAt": st.sampled_from(["2026-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z", "never"]),
        "consentKind": st.sampled_from(["none", "express", "written", "automated_call", "spoken"]),
        "sellers": st.lists(st.sampled_from(["Sunny Solar", "Moonlight"]), max_size=2),
        "ipAddress": st.just("203.0.113.7"),
    },
)
LEADS = st.one_of(
    st.none(), st.builds(lambda phone, told: {"phone": phone, "compliance": told}, st.sampled_from(PHONES), COMPLIANCE)
)
ASKED = st.lists(st.builds(Asked, st.sampled_from(PHONES), LEADS, CAMPAIGNS), max_size=8)


class TestAskingForMany:
    async def test_answers_each_as_if_it_were_asked_alone(self, platform: Platform, tenant: TestTenant) -> None:
        consents = platform.service(ConsentService)
        async with platform.database.work(tenant.tenant_id, "test") as work:
            made = [
                await consents.record(work, NewConsent.model_validate(GIVEN | {"phone": phone, "jornayaLeadId": name}))
                for name, phone in zip("abcd", [*PHONES[:3], PHONES[0]], strict=True)
            ]
            await consents.withdraw(work, made[-1].consent_id, Withdrawal(reason="Asked"))
        loop = asyncio.get_running_loop()

        async def both(asked: list[Asked]) -> tuple[list[list[Consent]], list[list[Consent]]]:
            async with platform.database.work(tenant.tenant_id, "test") as work:
                together = await consents.of_contacts(work, asked)
                alone = [await consents.of_contact(work, one.lead, one.phone, one.campaign) for one in asked]
            return together, alone

        @settings(max_examples=60)
        @given(ASKED)
        def agree(asked: list[Asked]) -> None:
            together, alone = asyncio.run_coroutine_threadsafe(both(asked), loop).result(30)
            assert together == alone

        await asyncio.to_thread(agree)

    async def test_is_answered_with_one_query(self, platform: Platform, tenant: TestTenant) -> None:
        """A thousand leads are planned at once, so nothing may be asked lead by lead."""
        phones = [f"+1512555{number:04d}" for number in range(1_000)]
        asked = [Asked(phone, {"phone": phone, "compliance": {"tcpaConsent": True}}) for phone in phones]

        async with platform.database.work(tenant.tenant_id, "test") as work:
            counted = CountedWork(work)
            found = await platform.service(ConsentService).of_contacts(counted, asked)

        assert [len(consents) for consents in found] == [1] * 1_000
        assert counted.queries == 1
