"""Campaigns: leads for one offer of one client, who talks to them, and when."""

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.features.campaigns.making import campaign, created, faults, owners

_OPEN = {"active": True, "start": "09:00", "end": "20:00"}
_CLOSED = {"active": False, "start": "09:00", "end": "20:00"}
_DIALER = {
    "active": False,
    "operatingHours": {
        "mon": _OPEN, "tue": _OPEN, "wed": _OPEN, "thu": _OPEN, "fri": _OPEN, "sat": _CLOSED, "sun": _CLOSED,
    },
    "minGapMinutes": 240,
    "maxAttempts": 6,
    "maxAttemptsPerDay": 3,
    "sequence": [],
    "excludedStatuses": ["delivered", "accepted", "dnc", "rejected", "disqualified", "duplicate"],
    "concurrency": 1,
    "callsPerSecond": 1,
    "ringTimeoutSeconds": 30,
    "maxDurationSeconds": 1800,
    "voicemail": {"action": "hangup"},
}  # fmt: skip


class TestCreatingACampaign:
    async def test_answers_every_default_and_leaves_out_what_is_not_set(self, api: httpx2.AsyncClient) -> None:
        named = await owners(api)

        answer = await api.post("/campaigns", json={"campaignId": "HXZ", "name": " Texas ", **named})

        assert answer.status_code == 201
        assert answer.headers["etag"] == '"1"'
        stored = answer.json()["data"]
        assert stored.pop("createdAt") == stored.pop("updatedAt")
        assert stored == {
            "campaignId": "HXZ",
            "name": "Texas",
            "active": True,
            **named,
            "clientName": "Sunny Solar",
            "clientAbbrev": "SUN",
            "offerName": "Rooftop panels",
            "offerAbbrev": "ROOF",
            "documents": [],
            "questionnaire": [],
            "autoDialer": _DIALER,
        }

    async def test_makes_up_a_short_code_when_none_is_given(self, api: httpx2.AsyncClient) -> None:
        named = await owners(api)

        codes = [(await campaign(api, **named))["campaignId"] for _ in range(5)]

        assert len(set(codes)) == 5
        assert {len(code) for code in codes} == {3}

    async def test_refuses_a_code_that_is_taken(self, api: httpx2.AsyncClient) -> None:
        named = await owners(api)
        await campaign(api, campaignId="ABC", **named)

        answer = await api.post("/campaigns", json={"campaignId": "ABC", "name": "Again", **named})

        assert answer.status_code == 409
        assert answer.json()["error"] == {
            "code": "CONFLICT",
            "message": "campaignId ABC exists already; choose another or change that one",
        }

    async def test_lets_two_tenants_use_one_code(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        await campaign(api, campaignId="ABC")

        async with client_of(app, (await new_tenant()).key) as other:
            theirs = await campaign(other, campaignId="ABC")

        assert theirs["campaignId"] == "ABC"

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        body = {"name": "Texas", **await owners(api)}

        first = await api.post("/campaigns", json=body, headers={"Idempotency-Key": "k1"})
        again = await api.post("/campaigns", json=body, headers={"Idempotency-Key": "k1"})

        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"
        assert (await api.get("/campaigns")).json()["data"]["pagination"]["total"] == 1

    async def test_gives_ids_to_documents_and_their_overrides(self, api: httpx2.AsyncClient) -> None:
        document = {
            "documentId": "mine",
            "documentTemplateId": "dt_1",
            "type": "retainer",
            "name": "Retainer",
            "templateId": "17",
            "conditions": {
                "logicalOperator": "OR",
                "subRules": [{"conditions": [{"field": "state", "operator": "equals", "value": ["TX", 7]}]}],
            },
            "fieldMappingOverrides": [{"providerFieldName": "Name", "sourceType": "field_library"}],
        }

        stored = (await campaign(api, documents=[document, {"name": "Terms"}]))["documents"]

        [override] = stored[0].pop("fieldMappingOverrides")
        assert override.pop("id").startswith("map_")
        assert override == {"providerFieldName": "Name", "sourceType": "field_library"}
        condition = {"field": "state", "operator": "equals", "value": ["TX", 7]}
        assert stored[0]["conditions"] == {
            "logicalOperator": "OR",
            "isActive": True,
            "subRules": [{"logicalOperator": "AND", "conditions": [condition]}],
        }
        assert (stored[0]["documentId"], stored[0]["provider"]) == ("mine", "docuseal")
        assert stored[1]["documentId"].startswith("doc_")

    async def test_keeps_what_the_leads_agreed_to(self, api: httpx2.AsyncClient) -> None:
        basis = {
            "kind": "written",
            "text": "I agree to be called and texted by Sunny Solar.",
            "pageUrl": "https://solar.example/form?v=3",
            "sellers": ["Sunny Solar"],
            "channels": ["call", "sms"],
            "attestedBy": "Ann Lee",
            "attestedAt": "2026-03-01T10:00:00.000Z",
        }

        stored = await campaign(api, consentBasis=basis)

        assert stored["consentBasis"] == basis


_WRONG = {
    "an_id_that_is_too_long": (
        {"campaignId": "TOOLONG"},
        "campaignId: string should match pattern '^[A-Z0-9]{2,5}$'",
    ),
    "an_id_in_small_letters": (
        {"campaignId": "abc"},
        "campaignId: string should match pattern '^[A-Z0-9]{2,5}$'",
    ),
    "an_unknown_field": ({"colour": "red"}, "colour: is not a field of this request"),
    "a_name_that_is_read_only": ({"clientName": "Mine"}, "clientName: is not a field of this request"),
    "an_unknown_client": ({"clientId": "client_0"}, "clientId: no such client"),
    "an_unknown_offer": ({"offerId": "offer_0"}, "offerId: no such offer"),
    "an_unknown_voice_agent": ({"voice": {"agentId": "agent_0"}}, "voice.agentId: no such voice agent"),
    "an_unknown_sms_agent": ({"sms": {"agentId": "smsagent_0"}}, "sms.agentId: no such SMS agent"),
    "an_agent_slot_without_agent": ({"voice": {"phoneNumberId": "num_0"}}, "voice.agentId: is required"),
    "two_questions_with_one_key": (
        {"questionnaire": [{"key": "roof", "question": "Age?"}, {"key": "roof", "question": "Size?"}]},
        "questionnaire.1.key: stands in this list already",
    ),
    "two_documents_with_one_id": (
        {"documents": [{"documentId": "d", "name": "A"}, {"documentId": "d", "name": "B"}]},
        "documents.1.documentId: stands in this list already",
    ),
    "hours_that_end_before_they_start": (
        {"autoDialer": {"operatingHours": {"mon": {"start": "20:00", "end": "09:00"}}}},
        "autoDialer.operatingHours.mon: start must be before end",
    ),
    "an_hour_that_is_none": (
        {"autoDialer": {"operatingHours": {"mon": {"start": "24:00"}}}},
        "autoDialer.operatingHours.mon.start: string should match pattern '^([01]\\d|2[0-3]):[0-5]\\d$'",
    ),
    "no_concurrency": (
        {"autoDialer": {"concurrency": 0}},
        "autoDialer.concurrency: input should be greater than or equal to 1",
    ),
    "no_calls_per_second": (
        {"autoDialer": {"callsPerSecond": 0}},
        "autoDialer.callsPerSecond: input should be greater than 0",
    ),
    "a_ring_that_is_too_short_by_law": (
        {"autoDialer": {"ringTimeoutSeconds": 14}},
        "autoDialer.ringTimeoutSeconds: input should be greater than or equal to 15",
    ),
    "a_ring_that_is_too_long": (
        {"autoDialer": {"ringTimeoutSeconds": 121}},
        "autoDialer.ringTimeoutSeconds: input should be less than or equal to 120",
    ),
    "a_voicemail_without_words": (
        {"autoDialer": {"voicemail": {"action": "leave_message", "message": " "}}},
        "autoDialer.voicemail: message is required when the action is leave_message",
    ),
    "a_step_with_an_unknown_agent": (
        {"autoDialer": {"sequence": [{"afterMinutes": 5, "action": "call", "agentId": "agent_0"}]}},
        "autoDialer.sequence.0.agentId: no such voice agent",
    ),
    "a_step_with_an_unknown_template": (
        {"autoDialer": {"sequence": [{"afterMinutes": 5, "action": "sms", "templateId": "tmpl_0"}]}},
        "autoDialer.sequence.0.templateId: no such prompt template",
    ),
    "a_condition_without_value": (
        {"documents": [{"name": "A", "conditions": {"subRules": [{"conditions": [
            {"field": "state", "operator": "equals"}]}]}}]},
        "documents.0.conditions.subRules.0.conditions.0: the operator equals needs a value to compare with",
    ),
    "a_condition_without_value_set": (
        {"documents": [{"name": "A", "conditions": {"subRules": [{"conditions": [
            {"field": "state", "operator": "in_value_set"}]}]}}]},
        "documents.0.conditions.subRules.0.conditions.0: the operator in_value_set needs a valueSetId",
    ),
    "webhooks_that_go_nowhere": (
        {"webhooks": {"inheritFromTenant": False}},
        "webhooks.url: is required when nothing is inherited from the tenant",
    ),
    "too_many_retries": (
        {"webhooks": {"retryAttempts": 11}},
        "webhooks.retryAttempts: input should be less than or equal to 10",
    ),
    "too_much_patience": (
        {"webhooks": {"timeoutSeconds": 121}},
        "webhooks.timeoutSeconds: input should be less than or equal to 120",
    ),
    "a_header_with_a_line_break": (
        {"webhooks": {"headers": {"X-Token": "a\r\nHost: evil"}}},
        "webhooks.headers: the value of X-Token must be at most 4,000 printable ASCII characters",
    ),
    "a_header_with_a_broken_name": (
        {"webhooks": {"headers": {"X Token": "a"}}},
        "webhooks.headers: 'X Token' is not a header name",
    ),
    "a_header_of_the_connection": (
        {"webhooks": {"headers": {"Host": "a"}}},
        "webhooks.headers: the header Host is set by the platform; leave it out",
    ),
    "a_header_of_the_signature": (
        {"webhooks": {"headers": {"Webhook-Signature": "a"}}},
        "webhooks.headers: the header Webhook-Signature is set by the platform; leave it out",
    ),
    "a_header_given_twice": (
        {"webhooks": {"headers": {"X-A": "1", "x-a": "2"}}},
        "webhooks.headers: the header x-a is named twice",
    ),
}  # fmt: skip


class TestRefusingACampaign:
    @pytest.mark.parametrize(("wrong", "line"), _WRONG.values(), ids=_WRONG)
    async def test_names_the_field_and_the_fault(
        self, api: httpx2.AsyncClient, wrong: dict[str, object], line: str
    ) -> None:
        body = {"name": "Texas", **await owners(api), **wrong}

        answer = await api.post("/campaigns", json=body)

        assert faults(answer) == [line]
        assert (await api.get("/campaigns")).json()["data"]["campaigns"] == []

    async def test_names_an_unknown_event_of_webhooks(self, api: httpx2.AsyncClient) -> None:
        body = {"name": "Texas", **await owners(api), "webhooks": {"events": {"lead.lost": True}}}

        [line] = faults(await api.post("/campaigns", json=body))

        assert line.startswith("webhooks.events.lead.lost: input should be 'lead.delivered', ")

    async def test_names_only_the_steps_that_lead_nowhere(self, api: httpx2.AsyncClient) -> None:
        voice = await created(api, "/voice-agents", name="Ava")
        template = await created(api, "/prompt-templates", name="Texting", kind="sms", body="Be brief.")
        known = {"afterMinutes": 5, "action": "call", "agentId": voice["agentId"]}
        wrong_kind = {"afterMinutes": 5, "action": "sms", "agentId": voice["agentId"]}
        half_known = {
            "afterMinutes": 60,
            "action": "call",
            "agentId": "agent_0",
            "templateId": template["promptTemplateId"],
            "onlyIfStatus": "no_answer",
        }
        dialer = {"sequence": [known, wrong_kind, half_known]}

        answer = await api.post("/campaigns", json={"name": "T", **await owners(api), "autoDialer": dialer})

        assert sorted(faults(answer)) == [
            "autoDialer.sequence.1.agentId: no such SMS agent",
            "autoDialer.sequence.2.agentId: no such voice agent",
        ]

    async def test_treats_another_tenants_client_like_an_unknown_one(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant()).key) as other:
            theirs = await owners(other)
        body = {"name": "Texas", **await owners(api), "clientId": theirs["clientId"]}

        answer = await api.post("/campaigns", json=body)

        assert faults(answer) == ["clientId: no such client"]


class TestReadingACampaign:
    async def test_shows_the_present_names_of_client_and_offer(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api)
        await api.patch(f"/clients/{stored['clientId']}", json={"name": "Moony Solar"})

        read = (await api.get(f"/campaigns/{stored['campaignId']}")).json()["data"]

        assert (read["clientName"], read["clientAbbrev"]) == ("Moony Solar", "SUN")

    async def test_tells_nothing_of_another_tenants_campaign(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant()).key) as other:
            await campaign(other, campaignId="ABC")

        foreign = await api.get("/campaigns/ABC")
        unknown = await api.get("/campaigns/ABD")

        assert foreign.status_code == 404
        assert foreign.content == unknown.content

    async def test_needs_the_scope_read(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        async with client_of(app, (await new_tenant(scopes=["write"])).key) as writer:
            answer = await writer.get("/campaigns")

        assert answer.status_code == 403


class TestListingCampaigns:
    async def test_shows_the_newest_first_page_by_page(self, api: httpx2.AsyncClient) -> None:
        named = await owners(api)
        ids = [(await campaign(api, **named))["campaignId"] for _ in range(3)]

        data = (await api.get("/campaigns", params={"page": "2", "limit": "2"})).json()["data"]

        assert [item["campaignId"] for item in data["campaigns"]] == ids[:1]
        assert data["pagination"] == {"total": 3, "page": 2, "limit": 2}

    async def test_filters_by_client_offer_and_activity(self, api: httpx2.AsyncClient) -> None:
        mine, other = await owners(api), await owners(api)
        await campaign(api, campaignId="AAA", **mine)
        await campaign(api, campaignId="BBB", **mine, active=False)
        await campaign(api, campaignId="CCC", clientId=mine["clientId"], offerId=other["offerId"])

        async def found(**wanted: str) -> list[str]:
            data = (await api.get("/campaigns", params=wanted)).json()["data"]
            return sorted(item["campaignId"] for item in data["campaigns"])

        assert await found(clientId=mine["clientId"]) == ["AAA", "BBB", "CCC"]
        assert await found(offerId=other["offerId"]) == ["CCC"]
        assert await found(offerId=mine["offerId"], active="true") == ["AAA"]
        assert await found(clientId="client_0") == []

    @pytest.mark.parametrize("text", ["texas", "HX", "sunny", "PANELS", "100%"])
    async def test_finds_by_name_code_client_and_offer(self, api: httpx2.AsyncClient, text: str) -> None:
        await campaign(api, campaignId="HXZ", name="Texas 100%")
        client = await created(api, "/clients", name="Other", abbrev="O")
        offer = await created(api, "/offers", name="Else", abbrev="E")
        await campaign(
            api,
            campaignId="ABC",
            name="Ohio 1000",
            **{k: v for k, v in (client | offer).items() if k in ("clientId", "offerId")},
        )

        data = (await api.get("/campaigns", params={"search": text})).json()["data"]

        assert [item["campaignId"] for item in data["campaigns"]] == ["HXZ"]

    async def test_hides_archived_ones_unless_asked(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api)
        await api.post(f"/campaigns/{stored['campaignId']}/archive")

        hidden = (await api.get("/campaigns")).json()["data"]
        shown = (await api.get("/campaigns", params={"includeArchived": "true"})).json()["data"]

        assert hidden["pagination"]["total"] == 0
        assert [item["campaignId"] for item in shown["campaigns"]] == [stored["campaignId"]]

    async def test_refuses_a_filter_that_means_nothing(self, api: httpx2.AsyncClient) -> None:
        answer = await api.get("/campaigns", params={"active": "yes"})

        assert faults(answer) == ['active: must be "true" or "false"']


class TestChangingACampaign:
    async def test_leaves_what_is_absent_and_merges_objects_one_level(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api, managerId="user_1", autoDialer={"active": True, "maxAttempts": 9})
        path = f"/campaigns/{stored['campaignId']}"

        answer = await api.patch(path, json={"autoDialer": {"concurrency": 4}, "name": "Ohio"})

        changed = answer.json()["data"]
        assert answer.headers["etag"] == '"2"'
        assert (changed["name"], changed["managerId"]) == ("Ohio", "user_1")
        assert changed["autoDialer"] == _DIALER | {"active": True, "maxAttempts": 9, "concurrency": 4}

    async def test_clears_what_is_null(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(
            api,
            managerId="user_1",
            webhooks={"url": "https://crm.example/hook", "timeoutSeconds": 5},
            autoDialer={"minGapMinutes": 10, "maxAttempts": 9},
        )
        path = f"/campaigns/{stored['campaignId']}"

        answer = await api.patch(
            path,
            json={"managerId": None, "webhooks": {"timeoutSeconds": None}, "autoDialer": {"minGapMinutes": None}},
        )

        changed = answer.json()["data"]
        assert "managerId" not in changed
        assert changed["webhooks"] == {
            "url": "https://crm.example/hook",
            "events": {},
            "headers": {},
            "enabled": True,
            "inheritFromTenant": True,
        }
        assert changed["autoDialer"] == _DIALER | {"maxAttempts": 9}

    async def test_closes_the_days_that_new_hours_leave_out(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api)

        answer = await api.patch(
            f"/campaigns/{stored['campaignId']}",
            json={"autoDialer": {"operatingHours": {"sat": {"start": "10:00", "end": "24:00"}}}},
        )

        hours = answer.json()["data"]["autoDialer"]["operatingHours"]
        assert hours["sat"] == {"active": True, "start": "10:00", "end": "24:00"}
        assert [day for day in hours if hours[day]["active"]] == ["sat"]

    async def test_keeps_the_code_for_good(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api)

        answer = await api.patch(f"/campaigns/{stored['campaignId']}", json={"campaignId": "NEW"})

        assert faults(answer) == ["campaignId: is not a field of this request"]

    async def test_refuses_to_clear_what_a_campaign_needs(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api)

        answer = await api.patch(f"/campaigns/{stored['campaignId']}", json={"clientId": None, "name": None})

        assert faults(answer) == ["name: is required", "clientId: is required"]

    async def test_gives_the_slots_agents_and_numbers(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api)
        voice = await created(api, "/voice-agents", name="Ava")
        number = await created(
            api, "/phone-numbers", number="+15005550006", provider="sandbox", capabilities=["voice", "sms"]
        )
        slot = {"agentId": voice["agentId"], "phoneNumberId": number["phoneNumberId"]}

        answer = await api.patch(f"/campaigns/{stored['campaignId']}", json={"voice": slot})

        assert answer.json()["data"]["voice"] == slot

    async def test_refuses_a_version_that_has_passed(self, api: httpx2.AsyncClient) -> None:
        stored = await campaign(api)
        path = f"/campaigns/{stored['campaignId']}"
        await api.patch(path, json={"active": False})

        answer = await api.patch(path, json={"active": True}, headers={"If-Match": '"1"'})

        assert answer.status_code == 409
        assert (await api.get(path)).json()["data"]["active"] is False


class TestArchivingACampaign:
    async def test_marks_it_and_takes_the_mark_off_again(self, api: httpx2.AsyncClient) -> None:
        path = f"/campaigns/{(await campaign(api))['campaignId']}"

        archived = await api.post(f"{path}/archive")
        back = await api.post(f"{path}/unarchive")

        assert archived.json()["data"]["archivedAt"].endswith("Z")
        assert "archivedAt" not in back.json()["data"]
        assert back.headers["etag"] == '"3"'

    async def test_changes_nothing_when_repeated(self, api: httpx2.AsyncClient) -> None:
        path = f"/campaigns/{(await campaign(api))['campaignId']}"

        first = await api.post(f"{path}/archive")
        second = await api.post(f"{path}/archive")

        assert second.json() == first.json()
