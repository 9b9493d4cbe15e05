"""A number asks to be left alone: from then on nobody of this organisation contacts it, by any channel."""

import asyncio
from pathlib import Path

import asyncpg
import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.do_not_call.events import NumberOptedOut
from leadsail.features.do_not_call.models import OptOut
from leadsail.features.do_not_call.service import Barring, DoNotCallService, JournalReplay, SecretNumbers
from leadsail.features.leads.service import LeadService
from leadsail.foundation.database import Work
from leadsail.foundation.errors import Unavailable
from leadsail.foundation.event_bus import EventBus
from leadsail.ports.journal import Journal
from leadsail.providers.journal import FileJournal
from tests.conftest import NewTenant, TestTenant, eventually
from tests.features.do_not_call.listing import ANN, BEN, OTHER_OURS, OURS, Listing, listed, put_on
from tests.features.leads.leads import lead_of, new_campaign, new_lead


class Heard:
    """A service of our own, and what it told."""

    def __init__(self, platform: Platform, journal: Journal | None = None) -> None:
        self.events: list[NumberOptedOut] = []

        async def hear(_: Work, event: NumberOptedOut) -> None:
            self.events.append(event)

        bus, leads = EventBus(inside={NumberOptedOut: [hear]}), platform.service(LeadService)
        numbers = SecretNumbers(platform.keyed_hash, platform.secret_box)
        barring = Barring(leads, bus, journal or platform.journal, numbers)
        replay = JournalReplay(platform.database, barring, numbers)
        self.service = DoNotCallService(platform.clock, leads, barring, numbers, replay)


class TestOptingOut:
    async def test_puts_the_number_on_the_list(self, listing: Listing) -> None:
        done = await listing.opt_out(ANN)

        facts = await listing.facts(ANN)
        assert done.is_new
        assert facts.entry is not None
        assert (facts.entry.entry_id, facts.entry.source, facts.entry.lifted_for) == (done.entry_id, "sms", frozenset())
        assert facts.refused_at == facts.entry.since

    async def test_marks_every_lead_with_the_number(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        first, second = await new_lead(api, phone=ANN), await new_lead(api, phone=ANN)
        other = await new_lead(api, phone=BEN, email="ben@example.com")

        await listing.opt_out(ANN)

        marked = [await lead_of(api, lead["leadId"]) for lead in (first, second, other)]
        assert [(lead["status"], lead["flags"]["isDnc"]) for lead in marked] == [
            ("dnc", True), ("dnc", True), ("new", False),
        ]  # fmt: skip

    async def test_is_in_the_journal_without_a_plain_number(self, listing: Listing) -> None:
        done = await listing.opt_out(ANN)

        [entry] = await listing.journalled()
        assert (entry.kind, entry.payload["entryId"], entry.payload["source"]) == ("opt_out", done.entry_id, "sms")
        assert "4155552671" not in str(entry)
        assert "STOP" not in str(entry)

    @pytest.mark.parametrize("spelling", [
        "(415) 555-2671", "415-555-2671", "415.555.2671", "4155552671", "1 415 555 2671", "+1 415 555 2671",
        "+1 (415) 555-2671", "+1-415-555-2671", "1-415-555-2671", "+1.415.555.2671", "14155552671", " 415 555 2671 ",
        "(415)5552671", "415 5552671", "+1415 555 2671", "+1 4155552671", "+1(415)555-2671", "1.415.555.2671",
        "1 (415) 555 2671", "+ 1 415 555 2671",
    ])  # fmt: skip
    async def test_in_any_spelling_is_one_number(self, listing: Listing, spelling: str) -> None:
        done = await listing.opt_out(ANN)

        again = await listing.opt_out(spelling)

        assert (again.entry_id, again.is_new) == (done.entry_id, False)

    async def test_of_a_number_that_is_none_is_kept_as_it_came(self, listing: Listing) -> None:
        await listing.opt_out("extension 5")

        assert await listing.is_barred("extension 5")

    async def test_concerns_this_organisation_alone(self, listing: Listing, new_tenant: NewTenant) -> None:
        await listing.opt_out(ANN)

        other = Listing(listing.platform, (await new_tenant("Other")).tenant_id)

        assert not await other.is_barred(ANN)

    async def test_tells_who_calls_off_what_was_planned(self, platform: Platform, tenant: TestTenant) -> None:
        heard = Heard(platform)

        async with platform.database.work(tenant.tenant_id, "test") as work:
            done = await heard.service.opt_out(work, OptOut("(415) 555-2671", "sms", sender="(500) 255-0100"))

        [event] = heard.events
        assert (event.phone, event.entry_id, event.confirm_channel, event.sender) == (ANN, done.entry_id, "sms", OURS)

    @pytest.mark.parametrize(
        ("source", "confirm"),
        [("sms", "sms"), ("speech", "sms"), ("key_press", "sms")]
        + [(source, None) for source in ("api", "import", "manual", "buyer")],
    )
    async def test_is_confirmed_to_the_handset_that_asked(
        self, platform: Platform, tenant: TestTenant, source: str, confirm: str | None
    ) -> None:
        heard = Heard(platform)

        async with platform.database.work(tenant.tenant_id, "test") as work:
            await heard.service.opt_out(work, OptOut(ANN, source))  # type: ignore[arg-type]  # parametrized

        assert [event.confirm_channel for event in heard.events] == [confirm]


class TestAskingAgain:
    async def test_answers_the_entry_that_exists(self, listing: Listing) -> None:
        first = await listing.opt_out(ANN)

        second = await listing.opt_out(ANN, source="speech", channel="call", evidence={"words": "take me off"})

        assert (second.entry_id, second.is_new) == (first.entry_id, False)
        [row] = await listing.rows()
        assert (row["times_asked"], row["source"]) == (2, "sms")

    async def test_is_kept_as_further_evidence(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        done = await listing.opt_out(ANN)
        await listing.opt_out(ANN, source="speech", channel="call", evidence={"words": "take me off"})

        record = (await api.get(f"/do-not-call/{done.entry_id}")).json()["data"]

        assert [(event["kind"], event["source"], event["evidence"]) for event in record["events"]] == [
            ("opt_out", "sms", {"words": "STOP"}), ("repeated", "speech", {"words": "take me off"}),
        ]  # fmt: skip

    async def test_is_no_second_line_in_the_journal(self, listing: Listing) -> None:
        await listing.opt_out(ANN)
        await listing.opt_out(ANN)

        assert len(await listing.journalled()) == 1

    async def test_is_confirmed_once(self, platform: Platform, tenant: TestTenant) -> None:
        heard = Heard(platform)
        for source in ("api", "sms", "sms", "speech"):
            async with platform.database.work(tenant.tenant_id, "test") as work:
                await heard.service.opt_out(work, OptOut(ANN, source))

        assert [event.confirm_channel for event in heard.events] == [None, "sms", None, None]

    async def test_marks_a_lead_that_came_since(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        await listing.opt_out(ANN)
        lead = await new_lead(api, phone=ANN)

        await listing.opt_out(ANN)

        assert (await lead_of(api, lead["leadId"]))["status"] == "dnc"


class TestStarting:
    async def test_lifts_only_the_number_it_was_sent_to(self, listing: Listing) -> None:
        await listing.opt_out(ANN)

        assert await listing.start(ANN, OURS)

        entry = (await listing.facts(ANN)).entry
        assert entry is not None
        assert entry.lifted_for == frozenset({OURS})

    async def test_is_in_the_journal_and_in_the_record(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        done = await listing.opt_out(ANN)
        await listing.start(ANN, OURS)

        record = (await api.get(f"/do-not-call/{done.entry_id}")).json()["data"]

        assert [entry.kind for entry in await listing.journalled()] == ["opt_out", "lifted"]
        assert record["liftedFor"] == [OURS]
        assert record["events"][1] | {"at": "", "journalSequence": 0} == {
            "kind": "lifted", "source": "sms", "channel": "sms", "sender": OURS, "evidence": {"words": "START"},
            "by": "test", "at": "", "journalSequence": 0,
        }  # fmt: skip

    async def test_again_changes_nothing(self, listing: Listing) -> None:
        await listing.opt_out(ANN)
        await listing.start(ANN, OURS)

        assert not await listing.start(ANN, OURS)
        assert len(await listing.journalled()) == 2

    async def test_of_a_number_that_is_not_listed_changes_nothing(self, listing: Listing) -> None:
        assert not await listing.start(ANN, OURS)
        assert await listing.rows() == []

    async def test_is_over_when_the_number_asks_again(self, listing: Listing) -> None:
        await listing.opt_out(ANN)
        await listing.start(ANN, OURS)
        await listing.start(ANN, OTHER_OURS)

        again = await listing.opt_out(ANN)

        entry = (await listing.facts(ANN)).entry
        assert entry is not None
        assert (entry.lifted_for, again.is_new) == (frozenset(), False)
        assert [entry.kind for entry in await listing.journalled()] == ["opt_out", "lifted", "lifted", "opt_out"]

    async def test_is_confirmed_anew_when_the_number_asks_again(self, platform: Platform, tenant: TestTenant) -> None:
        heard = Heard(platform)
        async with platform.database.work(tenant.tenant_id, "test") as work:
            await heard.service.opt_out(work, OptOut(ANN, "sms"))
            await heard.service.start(work, ANN, OURS, {})
            await heard.service.opt_out(work, OptOut(ANN, "sms"))

        assert [event.confirm_channel for event in heard.events] == ["sms", "sms"]

    async def test_happens_by_no_request_to_the_api(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN)
        await listing.opt_out(ANN)

        await api.patch(f"/leads/{lead['leadId']}", json={"status": "new", "flags": {"isDnc": False}})
        await put_on(api, ANN, evidence={"words": "START"})
        await api.post("/do-not-call/import", content="phone,liftedFor\n+14155552671,+15002550100\n",
                       headers={"Content-Type": "text/csv"})  # fmt: skip
        await new_lead(api, phone=ANN, compliance={"tcpaConsent": True})

        entry = (await listing.facts(ANN)).entry
        assert entry is not None
        assert entry.lifted_for == frozenset()


class TestALeadThatIsMarked:
    async def test_by_its_status_bars_its_number(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN)

        await api.patch(f"/leads/{lead['leadId']}", json={"status": "dnc"})

        [entry] = await listed(api)
        assert (entry["phone"], entry["source"], entry["leadId"]) == (ANN, "api", lead["leadId"])

    async def test_by_its_flag_bars_its_number_from_the_start(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN, flags={"isDnc": True})

        assert await listing.is_barred(ANN)
        assert (await lead_of(api, lead["leadId"]))["flags"]["isDnc"] is True

    async def test_marks_the_others_with_its_number(self, api: httpx2.AsyncClient) -> None:
        first, second = await new_lead(api, phone=ANN), await new_lead(api, phone=ANN)

        await api.patch(f"/leads/{first['leadId']}", json={"status": "dnc"})

        assert (await lead_of(api, second["leadId"]))["status"] == "dnc"

    async def test_and_unmarked_stays_barred(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN)
        await api.patch(f"/leads/{lead['leadId']}", json={"status": "dnc"})

        await api.patch(f"/leads/{lead['leadId']}", json={"status": "new", "flags": {"isDnc": False}})

        assert await listing.is_barred(ANN)


class TestErasingALead:
    async def test_leaves_the_keyed_hash_of_its_number_alone(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN)
        done = await listing.opt_out(ANN, evidence={"words": "this is Ann, stop"}, reason="Ann rang us")
        await listing.opt_out(ANN, evidence={"words": "I said stop"})

        await api.delete(f"/leads/{lead['leadId']}")

        record = (await api.get(f"/do-not-call/{done.entry_id}")).json()["data"]
        assert "phone" not in record
        assert len(record["phoneHash"]) == 64
        stored = str([*await listing.rows(), *await listing.rows("do_not_call_event")])
        assert [word for word in ("4155552671", "Ann", "I said") if word in stored] == []

    async def test_leaves_a_proof_of_what_was_said(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN)
        done = await listing.opt_out(ANN)

        await api.delete(f"/leads/{lead['leadId']}")

        [erasure] = await listing.rows("erasure")
        [proof] = erasure["proof"]["doNotCall"]
        assert (proof["entryId"], proof["source"], len(proof["evidenceHash"])) == (done.entry_id, "sms", 64)

    async def test_does_not_let_the_person_be_contacted_again(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        campaign = await new_campaign(api)
        lead = await new_lead(api, campaign, phone=ANN)
        done = await listing.opt_out(ANN)
        await api.delete(f"/leads/{lead['leadId']}")

        await new_lead(api, campaign, phone="415 555 2671")

        assert await listing.is_barred(ANN)
        assert [entry["entryId"] for entry in await listed(api, phone="(415) 555-2671")] == [done.entry_id]

    async def test_keeps_the_entry_when_the_number_asks_again(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN)
        done = await listing.opt_out(ANN)
        await api.delete(f"/leads/{lead['leadId']}")

        again = await listing.opt_out(ANN)

        assert again.entry_id == done.entry_id


class TestWithoutAJournal:
    async def test_nothing_is_stored_and_the_caller_is_told(
        self, platform: Platform, tenant: TestTenant, tmp_path: Path
    ) -> None:
        (tmp_path / "journal").write_text("a file in the way")
        heard = Heard(platform, FileJournal(tmp_path / "journal"))

        with pytest.raises(Unavailable, match="nothing was stored"):
            async with platform.database.work(tenant.tenant_id, "test") as work:
                await heard.service.opt_out(work, OptOut(ANN, "sms"))

        assert not await Listing(platform, tenant.tenant_id).is_barred(ANN)
        assert heard.events == []


class TestTwoHundredAtOnce:
    async def test_come_to_one_entry(self, listing: Listing) -> None:
        done = await asyncio.gather(*(listing.opt_out(ANN, evidence={"number": number}) for number in range(200)))

        assert len({one.entry_id for one in done}) == 1
        assert sum(one.is_new for one in done) == 1
        [row] = await listing.rows()
        assert row["times_asked"] == 200
        events = await listing.rows("do_not_call_event")
        assert sorted(event["number"] for event in events) == list(range(1, 201))
        assert {event["evidence"]["number"] for event in events} == set(range(200))

    async def test_of_two_people_never_wait_for_each_other_for_ever(
        self, listing: Listing, api: httpx2.AsyncClient
    ) -> None:
        await new_lead(api, phone=ANN, email="shared@example.com")
        await new_lead(api, phone=BEN, email="shared@example.com")

        await asyncio.gather(*(listing.opt_out(phone) for phone in [ANN, BEN] * 20))

        assert {row["phone"] for row in await listing.rows()} == {ANN, BEN}

    async def test_can_be_put_in_the_order_of_their_locks(self, listing: Listing) -> None:
        numbers = [f"+1415555{number:04d}" for number in range(2000, 2020)]

        await asyncio.gather(*(listing.opt_out(number) for number in numbers))

        orders = [row["lock_order"] for row in await listing.rows()]
        assert len(set(orders)) == len(numbers)


class TestReconciling:
    async def test_adds_what_the_journal_holds_and_the_database_lost(
        self, listing: Listing, api: httpx2.AsyncClient
    ) -> None:
        lead = await new_lead(api, phone=ANN)
        await self.crash(listing)
        assert not await listing.is_barred(ANN)

        done = await listing.service.reconcile(listing.platform.journal)

        [row] = await listing.rows()
        assert done.added >= 1
        assert (row["phone"], row["source"], row["sender"], row["added_by"]) == (ANN, "sms", OURS, "journal")
        assert row["created_at"] == (await listing.journalled())[0].at
        assert (await lead_of(api, lead["leadId"]))["status"] == "dnc"

    async def test_again_adds_nothing(self, listing: Listing) -> None:
        await self.crash(listing)
        await listing.service.reconcile(listing.platform.journal)
        before = [await listing.rows(), await listing.rows("do_not_call_event")]

        done = await listing.service.reconcile(listing.platform.journal)

        assert done.added == 0
        assert [await listing.rows(), await listing.rows("do_not_call_event")] == before

    async def test_removes_and_lifts_nothing(self, listing: Listing) -> None:
        await listing.opt_out(ANN)
        await self.crash(listing, start=True)

        await listing.service.reconcile(listing.platform.journal)

        entry = (await listing.facts(ANN)).entry
        assert entry is not None
        assert entry.lifted_for == frozenset()

    async def test_leaves_a_removed_entry_removed(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        done = await listing.opt_out(ANN)
        await api.request("DELETE", f"/do-not-call/{done.entry_id}", json={"reason": "x", "evidence": {"a": 1}})

        await listing.service.reconcile(listing.platform.journal)

        assert not await listing.is_barred(ANN)

    async def test_keeps_what_was_lifted_after_the_lost_line(self, listing: Listing) -> None:
        """A request that was lost and made again at once is one request; START after it stands."""
        await self.crash(listing)
        await listing.opt_out(ANN)
        await listing.start(ANN, OURS)

        done = await listing.service.reconcile(listing.platform.journal)
        again = await listing.service.reconcile(listing.platform.journal)

        entry = (await listing.facts(ANN)).entry
        assert entry is not None
        assert entry.lifted_for == frozenset({OURS})
        assert (done.added, again.added) == (0, 0)

    async def test_leaves_what_was_removed_after_the_lost_line_was_made_up_for(
        self, listing: Listing, api: httpx2.AsyncClient
    ) -> None:
        await self.crash(listing)
        done = await listing.opt_out(ANN)
        await api.request("DELETE", f"/do-not-call/{done.entry_id}", json={"reason": "x", "evidence": {"a": 1}})

        await listing.service.reconcile(listing.platform.journal)

        assert not await listing.is_barred(ANN)

    async def test_bars_again_what_was_lifted_before_the_lost_line(self, listing: Listing) -> None:
        await listing.opt_out(ANN)
        await listing.start(ANN, OURS)
        await self.crash(listing)

        await listing.service.reconcile(listing.platform.journal)

        entry = (await listing.facts(ANN)).entry
        assert entry is not None
        assert entry.lifted_for == frozenset()

    async def test_goes_on_from_where_it_was(self, listing: Listing) -> None:
        last = await listing.platform.journal.last()
        start = last.sequence if last else 0
        await self.crash(listing)

        done = await listing.service.reconcile(listing.platform.journal, after=start)

        assert (done.read, done.added, done.upto) == (1, 1, start + 1)

    async def test_waits_for_an_opt_out_that_is_just_being_stored(self, listing: Listing) -> None:
        """Its line is in the journal already, and its entry comes with the commit."""
        last = await listing.platform.journal.last()
        start = last.sequence if last else 0

        async def waiting() -> bool:
            query = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            return bool(await listing.platform.database.fetchval(query))

        async with listing.work() as work:
            await listing.service.opt_out(work, OptOut(ANN, "sms"))
            reconciling = asyncio.create_task(listing.service.reconcile(listing.platform.journal, after=start))
            await eventually(waiting)

        assert (await reconciling).added == 0
        assert len(await listing.rows("do_not_call_event")) == 1

    async def test_counts_organisations_that_the_database_does_not_have(
        self, platform: Platform, tmp_path: Path
    ) -> None:
        """A copy from before they were created was put back."""
        journal = FileJournal(tmp_path / "journal")
        heard = Heard(platform, journal)
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with platform.database.work("org_ofanothertime", "test") as work:
                await heard.service.opt_out(work, OptOut(ANN, "sms"))

        done = await heard.service.reconcile(journal)

        assert (done.read, done.added, done.unknown_tenants) == (1, 0, 1)

    async def crash(self, listing: Listing, *, start: bool = False) -> None:
        """An opt-out, or a START, whose journal line was written and whose transaction was lost."""
        with pytest.raises(ConnectionResetError):
            async with listing.work() as work:
                if start:
                    await listing.service.start(work, ANN, OURS, {})
                else:
                    await listing.service.opt_out(work, OptOut(ANN, "sms", "sms", {"words": "STOP"}, OURS))
                raise ConnectionResetError
