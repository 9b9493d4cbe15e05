"""What a conversation does to its lead, and who hears that a lead opted out."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.leads.events import LeadOptedOut
from leadsail.features.leads.rules.outcomes import status_after
from leadsail.features.leads.schemas import LeadChange, NewLead
from leadsail.features.leads.service import LeadService
from leadsail.features.tenants.service import TenantService
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import KeyedHash, MasterKey
from leadsail.foundation.errors import NotFound
from leadsail.foundation.event_bus import EventBus
from tests.conftest import TestTenant
from tests.features.leads.leads import lead_of, new_campaign, new_lead, person


@dataclass
class Ears:
    """A service of leads, and what it was heard to publish."""

    platform: Platform
    tenant: TestTenant
    heard: list[LeadOptedOut] = field(default_factory=list)

    def leads(self, master_key: MasterKey) -> LeadService:
        async def listen(_: Work, event: LeadOptedOut) -> None:
            self.heard.append(event)

        bus = EventBus(inside={LeadOptedOut: [listen]})
        return LeadService(SystemClock(), bus, self.platform.service(TenantService), KeyedHash(master_key))

    async def change(self, leads: LeadService, lead_id: str, change: dict[str, Any]) -> None:
        async with self.platform.database.work(self.tenant.tenant_id, "test") as work:
            await leads.change(work, lead_id, LeadChange.model_validate(change))

    async def follow(self, leads: LeadService, lead_id: str, status: str) -> None:
        async with self.platform.database.work(self.tenant.tenant_id, "test") as work:
            await leads.follow_interaction(work, lead_id, status)


@pytest.fixture
def ears(platform: Platform, tenant: TestTenant) -> Ears:
    return Ears(platform, tenant)


@pytest.fixture
def leads(ears: Ears, master_key: MasterKey) -> LeadService:
    return ears.leads(master_key)


class TestTheStatusAfterAConversation:
    @pytest.mark.parametrize(
        ("interaction", "lead"),
        [
            ("completed", "contacted"), ("incomplete", "contacted"), ("follow_up", "contacted"),
            ("voicemail", "voicemail"), ("no_answer", "no_answer"), ("busy", "no_answer"),
            ("no_contact", "no_contact"), ("scheduled_callback", "scheduled_callback"),
            ("qualified", "qualified"), ("disqualified", "disqualified"), ("dnc", "dnc"),
            ("in_progress", "new"), ("failed", "new"), ("canceled", "new"),
        ],
    )  # fmt: skip
    def test_follows_the_interaction(self, interaction: str, lead: str) -> None:
        assert status_after("new", interaction) == lead

    def test_dnc_stays_whatever_is_said_later(self) -> None:
        assert status_after("dnc", "qualified") == "dnc"


class TestFollowingAnInteraction:
    async def test_shows_status_and_activity_on_the_lead(
        self, api: httpx2.AsyncClient, ears: Ears, leads: LeadService
    ) -> None:
        lead = await new_lead(api)

        await ears.follow(leads, lead["leadId"], "scheduled_callback")

        after = await lead_of(api, lead["leadId"])
        assert after["status"] == "scheduled_callback"
        assert after["lastActivityAt"] == after["updatedAt"]

    async def test_a_call_that_runs_is_activity_only(
        self, api: httpx2.AsyncClient, ears: Ears, leads: LeadService
    ) -> None:
        lead = await new_lead(api)

        await ears.follow(leads, lead["leadId"], "in_progress")

        after = await lead_of(api, lead["leadId"])
        assert (after["status"], after["lastActivityAt"] is None) == ("new", False)

    async def test_an_opt_out_marks_and_tells(self, api: httpx2.AsyncClient, ears: Ears, leads: LeadService) -> None:
        lead = await new_lead(api)

        await ears.follow(leads, lead["leadId"], "dnc")

        after = await lead_of(api, lead["leadId"])
        assert (after["status"], after["flags"]["isDnc"]) == ("dnc", True)
        assert ears.heard == [LeadOptedOut(lead["leadId"], "+14155552671")]

    async def test_an_unknown_lead_is_not_found(self, ears: Ears, leads: LeadService) -> None:
        with pytest.raises(NotFound):
            await ears.follow(leads, "lead_nobody", "completed")


class TestTellingThatALeadOptedOut:
    @pytest.mark.parametrize("change", [{"status": "dnc"}, {"flags": {"isDnc": True}}])
    async def test_a_change_that_says_so_is_told(
        self, api: httpx2.AsyncClient, ears: Ears, leads: LeadService, change: dict[str, Any]
    ) -> None:
        lead = await new_lead(api)

        await ears.change(leads, lead["leadId"], change)

        assert ears.heard == [LeadOptedOut(lead["leadId"], "+14155552671")]

    async def test_any_other_change_is_not(self, api: httpx2.AsyncClient, ears: Ears, leads: LeadService) -> None:
        lead = await new_lead(api, flags={"isDnc": True})

        await ears.change(leads, lead["leadId"], {"detail": "x", "flags": {"isDnc": True}, "status": "contacted"})

        assert ears.heard == []

    async def test_another_number_of_such_a_lead_is(
        self, api: httpx2.AsyncClient, ears: Ears, leads: LeadService
    ) -> None:
        lead = await new_lead(api, flags={"isDnc": True})

        await ears.change(leads, lead["leadId"], {"phone": "312 555 2671"})

        assert ears.heard == [LeadOptedOut(lead["leadId"], "+13125552671")]

    async def test_a_creation_that_says_so_is_told(
        self, api: httpx2.AsyncClient, ears: Ears, leads: LeadService
    ) -> None:
        new = NewLead.model_validate(person(await new_campaign(api), flags={"isDnc": True}))

        async with ears.platform.database.work(ears.tenant.tenant_id, "test") as work:
            created = await leads.create(work, new)

        assert ears.heard == [LeadOptedOut(created.lead_id, "+14155552671")]
