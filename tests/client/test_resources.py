"""Every part of the API through both clients, against the real platform."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadsail.client import ConflictError, InvalidInputError, NotFoundError, UnauthorizedError
from tests.client.callers import Caller
from tests.features.interactions.calls import Conversations

RECORDS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "clients": (
        {"name": "Sunny Solar", "abbrev": "SUN", "settings": {"max_leads_per_day": 50}, "tags": ["solar"]},
        {"contact_name": "Maria Diaz", "settings": {"timezone": "America/Chicago"}},
        "client_id",
    ),
    "offers": ({"name": "Rooftop solar", "abbrev": "ROOF"}, {"description": "Panels"}, "offer_id"),
    "field_library": (
        {"key": "roof_age", "label": "Age of the roof", "data_type": "number", "validation_rules": {"min": 0}},
        {"label": "Age of the roof in years"},
        "key",
    ),
    "value_sets": ({"name": "States", "values": ["Texas"]}, {"values": ["Texas", "Ohio"]}, "value_set_id"),
    "prompt_templates": (
        {"name": "First call", "kind": "voice", "body": "Hello {{ lead.firstName }}"},
        {"body": "Hi {{ lead.firstName }}"},
        "prompt_template_id",
    ),
    "flows": ({"name": "Solar", "yaml": "start: a\n"}, {"yaml": "start: b\n"}, "flow_id"),
    "phone_numbers": (
        {"number": "+15005550100", "provider": "sandbox", "capabilities": ["voice", "sms"]},
        {"capabilities": ["sms"]},
        "phone_number_id",
    ),
    "voice_agents": (
        {"name": "Ava", "inbound": {"enabled": False, "campaign_ids": []}},
        {"description": "Friendly"},
        "agent_id",
    ),
    "sms_agents": (
        {"name": "Texting Ava", "provider": "sandbox", "webhook_url": "https://buyer.example/sms"},
        {"batch_window_ms": 5000},
        "agent_id",
    ),
}
"""How each kind of record is made and changed, and what its id is called."""


async def new_campaign(caller: Caller) -> Any:
    client = await caller.ask(caller.client.clients.create, name="Sunny Solar", abbrev="SUN")
    offer = await caller.ask(caller.client.offers.create, name="Rooftop solar", abbrev="ROOF")
    return await caller.ask(
        caller.client.campaigns.create, name="Texas", client_id=client.client_id, offer_id=offer.offer_id
    )


async def new_lead(caller: Caller, **details: Any) -> Any:
    campaign = await new_campaign(caller)
    created = await caller.ask(
        caller.client.leads.create,
        campaign_id=campaign.campaign_id,
        first_name="Ann",
        last_name="Lee",
        email="ann.lee@example.com",
        phone="(415) 555-2671",
        **details,
    )
    return await caller.ask(caller.client.leads.get, created.lead_id)


def told(record: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """What a record tells of the fields that were sent; of an object, only the parts that were sent."""
    values = {name: getattr(record, name) for name in sent}
    return {name: told(values[name], part) if isinstance(part, dict) else values[name] for name, part in sent.items()}


@pytest.mark.parametrize("name", RECORDS)
class TestEveryKindOfRecord:
    async def test_is_created_read_and_listed(self, caller: Caller, name: str) -> None:
        new, _, id_name = RECORDS[name]
        resource = getattr(caller.client, name)

        created = await caller.ask(resource.create, **new)

        assert told(created, new) == new
        assert await caller.ask(resource.get, getattr(created, id_name)) == created
        assert created in await caller.all(resource.list())

    async def test_is_changed_where_something_was_given(self, caller: Caller, name: str) -> None:
        new, change, id_name = RECORDS[name]
        resource = getattr(caller.client, name)
        created = await caller.ask(resource.create, **new)

        changed = await caller.ask(resource.update, getattr(created, id_name), **change)

        assert told(changed, change) == change
        kept = {field: value for field, value in new.items() if field not in change}
        assert told(changed, kept) == kept
        assert changed.updated_at >= created.updated_at

    async def test_is_put_away_and_fetched_back(self, caller: Caller, name: str) -> None:
        new, _, id_name = RECORDS[name]
        resource = getattr(caller.client, name)
        record_id = getattr(await caller.ask(resource.create, **new), id_name)

        archived = await caller.ask(resource.archive, record_id)
        shown = await caller.all(resource.list())
        everything = await caller.all(resource.list(include_archived=True))
        back = await caller.ask(resource.unarchive, record_id)

        assert archived.archived_at is not None
        assert record_id not in [getattr(record, id_name) for record in shown]
        assert record_id in [getattr(record, id_name) for record in everything]
        assert back.archived_at is None

    async def test_raises_when_it_is_not_there(self, caller: Caller, name: str) -> None:
        with pytest.raises(NotFoundError) as missing:
            await caller.ask(getattr(caller.client, name).get, "none/of these")

        assert (missing.value.status, missing.value.code) == (404, "NOT_FOUND")
        assert missing.value.request_id


class TestChanges:
    async def test_clear_what_is_none_and_leave_what_is_not_given(self, caller: Caller) -> None:
        client = await caller.ask(
            caller.client.clients.create, name="Sunny", abbrev="SUN", contact_name="Maria", description="Buys"
        )

        changed = await caller.ask(caller.client.clients.update, client.client_id, contact_name=None)

        assert (changed.contact_name, changed.description) == (None, "Buys")

    async def test_are_refused_when_somebody_was_faster(self, caller: Caller) -> None:
        offer = await caller.ask(caller.client.offers.create, name="Solar", abbrev="SOL")
        seen = offer.meta.etag
        await caller.ask(caller.client.offers.update, offer.offer_id, name="Faster", if_match=seen)

        with pytest.raises(ConflictError):
            await caller.ask(caller.client.offers.update, offer.offer_id, name="Slower", if_match=seen)


class TestMeta:
    async def test_tells_the_request_and_the_version(self, caller: Caller) -> None:
        offer = await caller.ask(caller.client.offers.create, name="Solar", abbrev="SOL")

        assert offer.meta.request_id.startswith("req_")
        assert (offer.meta.etag, offer.meta.replayed) == ('"1"', False)

    async def test_tells_an_answer_that_was_stored(self, caller: Caller) -> None:
        first, second = [
            await caller.ask(caller.client.offers.create, name="Solar", abbrev="SOL", idempotency_key="import-7")
            for _ in range(2)
        ]

        assert second == first
        assert (first.meta.replayed, second.meta.replayed) == (False, True)

    async def test_tells_what_meant_nothing(self, caller: Caller) -> None:
        lead = await new_lead(caller)

        changed = await caller.ask(caller.client.leads.update, lead.lead_id, favourite_colour="red")

        assert changed.meta.ignored_fields == ("favourite_colour",)


class TestErrors:
    async def test_name_every_fault_of_what_was_sent(self, caller: Caller) -> None:
        with pytest.raises(InvalidInputError) as refused:
            await caller.ask(caller.client.clients.create, name="", abbrev="SUN", settings={"timezone": "Mars"})

        assert [line.partition(":")[0] for line in refused.value.details] == ["name", "settings.timezone"]
        assert all(line in str(refused.value) for line in refused.value.details)

    async def test_tell_a_key_that_opens_nothing(self, make: Any, server_url: str) -> None:
        stranger = make(server_url, "ls_live_unknown")

        with pytest.raises(UnauthorizedError):
            await stranger.ask(stranger.client.tenant.get)

        await stranger.close()


class TestTheTenant:
    async def test_is_read_and_changed(self, caller: Caller) -> None:
        tenant = await caller.ask(caller.client.tenant.get)

        changed = await caller.ask(caller.client.tenant.update, timezone="America/Chicago", if_match=tenant.meta.etag)

        assert (changed.tenant_id, changed.timezone) == (tenant.tenant_id, "America/Chicago")


class TestApiKeys:
    async def test_are_made_listed_and_revoked(self, caller: Caller) -> None:
        tomorrow = datetime.now(UTC) + timedelta(days=1)

        made = await caller.ask(caller.client.api_keys.create, name="CRM", scopes=["read"], expires_at=tomorrow)
        keys = await caller.all(caller.client.api_keys.list())
        revoked = await caller.ask(caller.client.api_keys.revoke, made.key_id)

        assert made.key.startswith("ls_live_")
        assert made.key_id in [key.key_id for key in keys]
        assert revoked.revoked_at is not None
        assert abs(made.expires_at - tomorrow) < timedelta(milliseconds=1)


class TestScripts:
    async def test_a_template_is_tried_with_variables_of_ones_own(self, caller: Caller) -> None:
        tried = await caller.ask(
            caller.client.prompt_templates.preview,
            body="Hello {{ lead.firstName }}",
            variables={"lead": {"firstName": "Zoë"}},
        )

        assert tried.text == "Hello Zoë"

    async def test_a_flow_keeps_what_it_said(self, caller: Caller) -> None:
        flow = await caller.ask(caller.client.flows.create, name="Solar", yaml="start: a\n")
        await caller.ask(caller.client.flows.update, flow.flow_id, yaml="start: b\n")

        versions = await caller.all(caller.client.flows.versions(flow.flow_id))
        first = await caller.ask(caller.client.flows.version, flow.flow_id, 1)

        assert [entry.version for entry in versions] == [2, 1]
        assert first.yaml == "start: a\n"


class TestCampaigns:
    async def test_hold_what_hangs_on_them(self, caller: Caller) -> None:
        campaign = await new_campaign(caller)

        changed = await caller.ask(
            caller.client.campaigns.update,
            campaign.campaign_id,
            auto_dialer={"active": True, "operating_hours": {"mon": {"start": "10:00"}}, "max_attempts": 4},
            webhooks={"url": "https://buyer.example/hook", "events": {"lead.delivered": True}},
            questionnaire=[{"key": "roof_age", "question": "How old is the roof?"}],
        )

        assert changed.auto_dialer.operating_hours.mon.start == "10:00"
        assert (changed.auto_dialer.max_attempts, changed.webhooks.events) == (4, {"lead.delivered": True})
        assert changed.questionnaire[0].question == "How old is the roof?"
        found = await caller.all(caller.client.campaigns.list(client_id=campaign.client_id, active=True))
        assert found == [changed]


class TestLeads:
    async def test_keep_what_they_were_made_with(self, caller: Caller) -> None:
        lead = await new_lead(
            caller,
            address={"city": "Austin", "zip": "78701"},
            questionnaire={"roof_age": 12, "ownsHome": True},
            compliance={"tcpa_consent": True, "formVersion": "7"},
            attribution={"params": {"utm_source": "mail"}},
        )

        assert (lead.phone, lead.address.city) == ("+14155552671", "Austin")
        assert [(answer.key, answer.answer) for answer in lead.questionnaire] == [("roof_age", 12), ("ownsHome", True)]
        assert (lead.compliance.tcpa_consent, lead.compliance.model_extra) == (True, {"formVersion": "7"})
        assert lead.attribution.params == {"utm_source": "mail"}

    async def test_are_changed_and_found_by_what_changed(self, caller: Caller) -> None:
        lead = await new_lead(caller)

        changed = await caller.ask(
            caller.client.leads.update, lead.lead_id, status="qualified", custom_fields={"roof_age": 12}, tags=["hot"]
        )

        assert (changed.status, changed.custom_fields, changed.tags) == ("qualified", {"roof_age": 12}, ["hot"])
        today = datetime.now(UTC).date()
        found = caller.client.leads.list(
            status="qualified", campaign_ids=[lead.campaign.campaign_id, "ZZ"], search="lee", start_date=today
        )
        assert await caller.all(found) == [changed]

    async def test_have_submissions_of_their_own(self, caller: Caller) -> None:
        lead = await new_lead(caller)

        submissions = await caller.all(caller.client.leads.submissions(lead.lead_id))

        assert [submission.submission_number for submission in submissions] == [1]

    async def test_are_gone_once_they_were_erased(self, caller: Caller) -> None:
        lead = await new_lead(caller)

        erased = await caller.ask(caller.client.leads.erase, lead.lead_id)

        assert erased.lead_id == lead.lead_id
        with pytest.raises(NotFoundError):
            await caller.ask(caller.client.leads.get, lead.lead_id)


class TestConsents:
    async def test_are_recorded_read_and_withdrawn(self, caller: Caller) -> None:
        lead = await new_lead(caller)
        given_at = datetime(2026, 1, 2, 15, 4, 5, tzinfo=UTC)

        made = await caller.ask(
            caller.client.consents.create, lead_id=lead.lead_id, kind="written", text="Yes", given_at=given_at
        )
        counting = await caller.all(caller.client.leads.consents(lead.lead_id))
        withdrawn = await caller.ask(caller.client.consents.withdraw, made.consent_id, reason="Asked")

        assert (made.given_at, made.phone) == (given_at, lead.phone)
        assert [(consent.kind, consent.evidence["consentId"]) for consent in counting] == [("written", made.consent_id)]
        assert withdrawn.withdrawal.reason == "Asked"
        assert await caller.ask(caller.client.consents.get, made.consent_id) == withdrawn
        assert await caller.all(caller.client.consents.list(lead_id=lead.lead_id)) == [withdrawn]
        assert await caller.all(caller.client.leads.consents(lead.lead_id)) == []

    async def test_are_imported_line_by_line(self, caller: Caller) -> None:
        table = "phone,kind,text,givenAt\n4155552671,express,Yes,2026-01-02T15:04:05Z\n1,express,Yes,never"

        told = await caller.ask(caller.client.consents.import_many, csv=table)

        assert (told.recorded, [fault.line for fault in told.faults]) == (1, [3])


class TestTheDoNotCallList:
    async def test_is_added_to_read_and_taken_from(self, caller: Caller) -> None:
        made = await caller.ask(
            caller.client.do_not_call.create, phone="(415) 555-2671", reason="Asked", evidence={"words": "STOP"}
        )
        found = await caller.all(caller.client.do_not_call.list(phone="415 555 2671"))
        removed = await caller.ask(
            caller.client.do_not_call.remove, made.entry_id, reason="Signed up again", evidence={"form": 7}
        )
        record = await caller.ask(caller.client.do_not_call.get, made.entry_id)

        assert (made.phone, found) == ("+14155552671", [made])
        assert (removed.removed_reason, removed.removed_evidence) == ("Signed up again", {"form": 7})
        assert [event.kind for event in record.events] == ["opt_out", "removed"]
        assert await caller.all(caller.client.do_not_call.list()) == []

    async def test_is_imported_and_exported(self, caller: Caller) -> None:
        told = await caller.ask(caller.client.do_not_call.import_many, numbers=["+14155552671", "nobody"])

        exported = await caller.ask(caller.client.do_not_call.export)

        assert (told.added, [fault.line for fault in told.faults]) == (1, [2])
        assert "'+14155552671" in exported.splitlines()[1]


class TestRegistries:
    async def test_are_imported_and_listed(self, caller: Caller) -> None:
        today = datetime.now(UTC).date()

        told = await caller.ask(
            caller.client.registries.import_file, "us_dnc", lines=["4155552671"], as_of=today, area_codes=["415"]
        )

        states = await caller.all(caller.client.registries.list())
        assert (told.numbers, told.as_of, told.area_codes) == (1, today.isoformat(), ["415"])
        assert (states[0].registry, states[0].state) == ("us_dnc", "current")


class TestHolds:
    async def test_are_placed_listed_and_released(self, caller: Caller) -> None:
        campaign = await new_campaign(caller)

        placed = await caller.ask(caller.client.holds.place, campaign_id=campaign.campaign_id, reason="Wrong list")
        in_force = await caller.all(caller.client.holds.list(active=True))
        released = await caller.ask(caller.client.holds.release, campaign_id=campaign.campaign_id, reason="Cleaned")

        assert (placed.scope, placed.campaign_id, placed.reason) == ("campaign", campaign.campaign_id, "Wrong list")
        assert in_force == [placed]
        assert (released.released.hold_id, released.released.lift_reason) == (placed.hold_id, "Cleaned")
        assert released.still_held == []


class TestTheContactPolicy:
    async def test_is_read_and_changed(self, caller: Caller) -> None:
        before = await caller.ask(caller.client.contact_policy.get)

        changed = await caller.ask(
            caller.client.contact_policy.update,
            if_match=before.meta.etag,
            hours={"sun": {"active": False}},
            max_attempts_per_day=2,
        )

        assert (before.hours, before.max_attempts_per_day) == (None, None)
        assert (changed.hours.sun.active, changed.hours.mon, changed.max_attempts_per_day) == (False, None, 2)
        assert await caller.ask(caller.client.contact_policy.get) == changed


class TestInteractions:
    async def test_are_read_with_everything_that_was_said(self, caller: Caller, talk: Conversations) -> None:
        call = await talk.call()
        await talk.say(call, "Hello")

        interaction = await caller.ask(caller.client.interactions.get, call)

        assert (interaction.type, interaction.status) == ("call", "in_progress")
        assert interaction.call.voice_ai.agent_id == "agent_1"
        assert [(turn.role, turn.message) for turn in interaction.transcript] == [("agent", "Hello")]

    async def test_are_listed_by_lead_and_by_filter(self, caller: Caller, talk: Conversations) -> None:
        call, thread = await talk.call(), await talk.thread()
        lead_id = (await caller.ask(caller.client.interactions.get, call)).lead_id

        of_lead = await caller.all(caller.client.interactions.of_lead(lead_id))
        threads = await caller.all(caller.client.interactions.list(type="sms"))

        assert [interaction.interaction_id for interaction in of_lead] == [call]
        assert [interaction.interaction_id for interaction in threads] == [thread]


class TestTheContactGate:
    async def test_says_whether_a_number_may_be_called(self, caller: Caller) -> None:
        answer = await caller.ask(
            caller.client.contacts.check, phone="+13055550142", channel="call", at=datetime(2026, 11, 24, 6, tzinfo=UTC)
        )

        assert (answer.decision, answer.local_times[0].region) == ("deny", "FL")
        assert {rule.rule_id for rule in answer.decisions if rule.code} >= {"us.federal.consent", "us.fl.hours"}

    async def test_shows_why_somebody_was_contacted(self, caller: Caller, talk: Conversations) -> None:
        call = await talk.call()
        await talk.say(call, "Hello, this is Ava, a virtual assistant.")

        dossier = await caller.ask(caller.client.interactions.dossier, call)
        page = await caller.ask(caller.client.interactions.dossier_page, call)

        assert (dossier.attempts, dossier.disclosure.names_ai) == ([], True)
        assert page.startswith("<!doctype html>")

    async def test_has_no_dossier_of_what_is_not_there(self, caller: Caller) -> None:
        for read in (caller.client.interactions.dossier, caller.client.interactions.dossier_page):
            with pytest.raises(NotFoundError):
                await caller.ask(read, "int_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d")


class TestLists:
    async def test_with_cursors_are_read_to_their_end(self, caller: Caller) -> None:
        leads = [await new_lead(caller) for _ in range(5)]

        found = await caller.all(caller.client.leads.list(limit=2))

        assert [lead.lead_id for lead in found] == [lead.lead_id for lead in reversed(leads)]

    async def test_with_numbered_pages_are_read_to_their_end(self, caller: Caller) -> None:
        for number in range(5):
            await caller.ask(caller.client.offers.create, name=f"Offer {number}", abbrev="OFF")

        pages = await caller.all(caller.client.offers.list(limit=2).pages())

        assert [[offer.name for offer in page.items] for page in pages] == [
            ["Offer 4", "Offer 3"],
            ["Offer 2", "Offer 1"],
            ["Offer 0"],
        ]
        assert {page.total for page in pages} == {5}

    async def test_can_be_begun_in_the_middle(self, caller: Caller) -> None:
        for number in range(3):
            await caller.ask(caller.client.offers.create, name=f"Offer {number}", abbrev="OFF")

        second = await caller.ask(caller.client.offers.list(limit=2, page=2).first_page)

        assert [offer.name for offer in second.items] == ["Offer 0"]
        assert second.next_query is None
