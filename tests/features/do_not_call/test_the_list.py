"""`/do-not-call`: read, searched, added to, imported, exported, and taken from on an admin's word."""

import csv
from io import StringIO
from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.do_not_call.service import ListTransferService
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of
from tests.features.do_not_call.listing import ANN, BEN, Listing, listed, put_on
from tests.features.leads.leads import lead_of, new_lead

REMOVAL = {"reason": "Signed up again at our stand", "evidence": {"form": "stand-17"}}
CSV = {"Content-Type": "text/csv"}


async def imported(api: httpx2.AsyncClient, text: str) -> dict[str, Any]:
    answer = await api.post("/do-not-call/import", content=text.encode(), headers=CSV)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def exported(api: httpx2.AsyncClient) -> list[dict[str, str]]:
    answer = await api.get("/do-not-call/export")
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.text, newline="")))


async def removed(api: httpx2.AsyncClient, entry_id: str, **body: Any) -> httpx2.Response:
    return await api.request("DELETE", f"/do-not-call/{entry_id}", json=body or REMOVAL)


class TestPuttingANumberOn:
    async def test_answers_201_and_the_entry(self, api: httpx2.AsyncClient) -> None:
        new = {"phone": "(415) 555-2671", "reason": "Asked by letter", "evidence": {"letter": "17"}, "channel": "other"}

        answer = await api.post("/do-not-call", json=new)

        entry = answer.json()["data"]
        assert answer.status_code == 201
        assert answer.headers["etag"] == '"1"'
        assert {name: entry[name] for name in new} == new | {"phone": ANN}
        assert (entry["source"], entry["timesAsked"], entry["liftedFor"]) == ("api", 1, [])
        assert entry["addedBy"].startswith("key_")
        assert entry["entryId"].startswith("dnc_")

    async def test_again_answers_200_and_the_same_entry(self, api: httpx2.AsyncClient) -> None:
        first = await put_on(api, ANN)

        answer = await api.post("/do-not-call", json={"phone": "415-555-2671"})

        entry = answer.json()["data"]
        assert (answer.status_code, entry["entryId"], entry["timesAsked"]) == (200, first["entryId"], 2)

    async def test_with_one_idempotency_key_counts_once(self, api: httpx2.AsyncClient) -> None:
        headers = {"Idempotency-Key": "once"}
        answers = [await api.post("/do-not-call", json={"phone": ANN}, headers=headers) for _ in range(2)]

        assert answers[0].content == answers[1].content
        assert [answer.status_code for answer in answers] == [201, 201]
        assert (await listed(api))[0]["timesAsked"] == 1

    async def test_marks_its_leads(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN)

        await put_on(api, ANN)

        assert (await lead_of(api, lead["leadId"]))["status"] == "dnc"

    @pytest.mark.parametrize(
        ("new", "line"),
        [
            ({}, "phone: is required"),
            ({"phone": "hello"}, "phone: not a phone number; write it with its country, such as +14155552671"),
            ({"phone": "12"}, "phone: not a phone number; write it with its country, such as +14155552671"),
            ({"phone": ANN, "channel": "fax"}, "channel: input should be 'call', 'sms', 'email', 'web' or 'other'"),
            ({"phone": ANN, "source": "sms"}, "source: is not a field of this request"),
            ({"phone": ANN, "liftedFor": []}, "liftedFor: is not a field of this request"),
        ],
    )
    async def test_refuses_what_is_wrong_line_by_line(
        self, api: httpx2.AsyncClient, new: dict[str, Any], line: str
    ) -> None:
        answer = await api.post("/do-not-call", json=new)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])
        assert await listed(api) == []

    async def test_needs_the_scope_to_write(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        reader = await new_tenant(scopes=["read"])
        async with client_of(app, reader.key) as api:
            answer = await api.post("/do-not-call", json={"phone": ANN})

        assert answer.status_code == 403


class TestTheList:
    async def test_is_newest_first_and_goes_on_after_a_cursor(self, api: httpx2.AsyncClient) -> None:
        entries = [await put_on(api, f"+1415555{number}") for number in range(2000, 2005)]

        first = (await api.get("/do-not-call", params={"limit": "3"})).json()["data"]
        second = (await api.get("/do-not-call", params={"limit": "3", "cursor": first["nextCursor"]})).json()["data"]

        found = [entry["entryId"] for entry in first["entries"] + second["entries"]]
        assert found == [entry["entryId"] for entry in reversed(entries)]
        assert (first["hasMore"], second["hasMore"], "nextCursor" in second) == (True, False, False)

    @pytest.mark.parametrize("spelling", ["+14155552671", "(415) 555-2671", "1 415 555 2671"])
    async def test_finds_a_number_in_any_spelling(self, api: httpx2.AsyncClient, spelling: str) -> None:
        entry = await put_on(api, ANN)
        await put_on(api, BEN)

        assert [found["entryId"] for found in await listed(api, phone=spelling)] == [entry["entryId"]]

    async def test_is_narrowed_by_source_and_dates(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        await put_on(api, ANN)
        done = await listing.opt_out(BEN)

        assert [entry["entryId"] for entry in await listed(api, source="sms")] == [done.entry_id]
        assert len(await listed(api, startDate="2020-01-01")) == 2
        assert await listed(api, endDate="2020-01-01") == []

    async def test_shows_removed_entries_when_asked(self, api: httpx2.AsyncClient) -> None:
        entry = await put_on(api, ANN)
        await removed(api, entry["entryId"])

        assert await listed(api) == []
        assert [found["entryId"] for found in await listed(api, includeRemoved="true")] == [entry["entryId"]]

    @pytest.mark.parametrize(
        ("params", "line"),
        [
            ({"cursor": "dnc_nobody"}, "cursor: no such entry; begin again without a cursor"),
            ({"limit": "0"}, "limit: must be a whole number from 1 on"),
            ({"includeRemoved": "yes"}, 'includeRemoved: must be "true" or "false"'),
            ({"startDate": "soon"}, "startDate: must be an ISO 8601 date or date-time"),
        ],
    )
    async def test_refuses_a_wrong_filter(self, api: httpx2.AsyncClient, params: dict[str, str], line: str) -> None:
        answer = await api.get("/do-not-call", params=params)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])

    async def test_shows_nothing_of_another_organisation(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        theirs = await new_tenant("Other")
        async with client_of(app, theirs.key) as their_api:
            entry = await put_on(their_api, ANN)

        assert await listed(api, phone=ANN) == []
        foreign, unknown = await api.get(f"/do-not-call/{entry['entryId']}"), await api.get("/do-not-call/dnc_nobody")
        assert (foreign.status_code, foreign.content) == (404, unknown.content)


class TestRemoving:
    async def test_keeps_reason_evidence_and_who(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        entry = await put_on(api, ANN)

        answer = await removed(api, entry["entryId"])

        told = answer.json()["data"]
        assert answer.status_code == 200
        assert (told["removedReason"], told["removedEvidence"]) == (REMOVAL["reason"], REMOVAL["evidence"])
        assert told["removedBy"] == entry["addedBy"]
        assert told["removedAt"] >= entry["createdAt"]
        assert not await listing.is_barred(ANN)
        assert (await listing.facts(ANN)).refused_at is not None

    async def test_is_in_the_journal_and_in_the_record(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        entry = await put_on(api, ANN)

        await removed(api, entry["entryId"])

        record = (await api.get(f"/do-not-call/{entry['entryId']}")).json()["data"]
        lines = await listing.journalled()
        assert [line.kind for line in lines] == ["opt_out", "removed"]
        assert [event["journalSequence"] for event in record["events"]] == [line.position.sequence for line in lines]

    async def test_again_keeps_the_first_reason(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        entry = await put_on(api, ANN)
        await removed(api, entry["entryId"])

        again = await removed(api, entry["entryId"], reason="other", evidence={"a": 1})

        assert (again.status_code, again.json()["data"]["removedReason"]) == (200, REMOVAL["reason"])
        assert len(await listing.journalled()) == 2

    async def test_lets_the_number_ask_again(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        entry = await put_on(api, ANN)
        await removed(api, entry["entryId"])

        again = await put_on(api, ANN)

        assert again["entryId"] != entry["entryId"]
        assert await listing.is_barred(ANN)

    @pytest.mark.parametrize(
        ("body", "lines"),
        [
            ({"reason": "x"}, ["evidence: is required"]),
            ({"evidence": {"a": 1}}, ["reason: is required"]),
            ({"reason": " ", "evidence": {"a": 1}}, ["reason: string should have at least 1 character"]),
            ({"reason": "x", "evidence": {}},
             ["evidence: dictionary should have at least 1 item after validation, not 0"]),
        ],
    )  # fmt: skip
    async def test_without_reason_and_evidence_is_refused(
        self, api: httpx2.AsyncClient, listing: Listing, body: dict[str, Any], lines: list[str]
    ) -> None:
        entry = await put_on(api, ANN)

        answer = await removed(api, entry["entryId"], **body)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, lines)
        assert await listing.is_barred(ANN)

    async def test_needs_the_scope_of_an_admin(self, api: httpx2.AsyncClient, app: FrontDoor, listing: Listing) -> None:
        entry = await put_on(api, ANN)
        new = {"name": "CRM", "scopes": ["read", "write", "call", "sms"]}
        key = (await api.post("/api-keys", json=new)).json()["data"]["key"]
        async with client_of(app, key) as lesser:
            answer = await removed(lesser, entry["entryId"])

        assert answer.status_code == 403
        assert await listing.is_barred(ANN)

    async def test_an_unknown_entry_is_not_found(self, api: httpx2.AsyncClient) -> None:
        assert (await removed(api, "dnc_nobody")).status_code == 404


class TestImporting:
    async def test_takes_one_number_a_line(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        told = await imported(api, "+14155552671\n(512) 555-0100\r\n\n512.555.0101")

        assert told == {"received": 3, "added": 3, "alreadyListed": 0, "faulty": 0, "faults": []}
        assert {(row["phone"], row["source"]) for row in await listing.rows()} == {
            (ANN, "import"), (BEN, "import"), ("+15125550101", "import"),
        }  # fmt: skip

    async def test_keeps_the_good_lines_and_names_the_others(self, api: httpx2.AsyncClient) -> None:
        told = await imported(
            api, '+14155552671\nhello world\n12345\n415-555-2671\n"open\n+1512\x005550100\n5125550100'
        )

        assert (told["received"], told["added"], told["alreadyListed"], told["faulty"]) == (7, 2, 1, 4)
        assert told["faults"] == [
            {"line": 2, "value": "••••• •••ld", "message": "not a phone number"},
            {"line": 3, "value": "•••45", "message": "not a phone number"},
            {"line": 5, "value": '"••en', "message": "not a line of comma-separated values (unexpected end of data)"},
            {"line": 6, "value": "+••••\x00•••••00", "message": "holds the NUL character"},
        ]

    async def test_reads_columns_by_their_names(self, api: httpx2.AsyncClient) -> None:
        await imported(api, '\ufeffName,Phone Number,Reason\n"Lee, Ann",415 555 2671,"Asked, twice"\n')

        [entry] = await listed(api)
        assert (entry["phone"], entry["reason"], entry["evidence"]) == (ANN, "Asked, twice", {"line": 2})

    async def test_takes_json_as_well(self, api: httpx2.AsyncClient) -> None:
        new = {"numbers": ["+14155552671", "", "nobody", "5125550100"], "reason": "From the old dialer"}

        told = (await api.post("/do-not-call/import", json=new)).json()["data"]

        assert (told["received"], told["added"], [fault["line"] for fault in told["faults"]]) == (3, 2, [3])
        assert {entry["reason"] for entry in await listed(api)} == {"From the old dialer"}

    async def test_again_changes_nothing(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        await imported(api, "+14155552671\n5125550100")
        again = await imported(api, "+14155552671\n5125550100")

        assert (again["added"], again["alreadyListed"]) == (0, 2)
        assert len(await listing.rows()) == 2

    async def test_of_thousands_is_all_there(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        """More than are held at a time."""
        numbers = [f"+1415555{number:04d}" for number in range(2000, 3300)]

        told = await imported(api, "\n".join(numbers))

        assert (told["received"], told["added"]) == (1300, 1300)
        assert len(await listing.journalled()) == 1300
        assert {phone for phone, facts in (await listing.all_facts(numbers)).items() if facts.entry} == set(numbers)

    async def test_names_at_most_a_thousand_faults(self, api: httpx2.AsyncClient) -> None:
        told = await imported(api, "\n".join(["nobody"] * 1_200))

        assert (told["faulty"], len(told["faults"])) == (1_200, 1_000)

    @pytest.mark.parametrize(
        ("content", "headers", "status"),
        [
            (b"\xff\xfe", CSV, 400),
            (b"+14155552671", {"Content-Type": "application/pdf"}, 415),
            (b"+14155552671", {"Content-Type": "application/json"}, 400),
            (b"1" * 1_100_000, CSV, 413),
        ],
    )
    async def test_refuses_what_is_no_text(
        self, api: httpx2.AsyncClient, content: bytes, headers: dict[str, str], status: int
    ) -> None:
        answer = await api.post("/do-not-call/import", content=content, headers=headers)

        assert answer.status_code == status
        assert await listed(api) == []


class TestExporting:
    async def test_gives_every_live_entry(self, api: httpx2.AsyncClient) -> None:
        await put_on(api, ANN, reason="Asked", channel="web")
        gone = await put_on(api, BEN)
        await removed(api, gone["entryId"])

        answer = await api.get("/do-not-call/export")

        [entry] = await exported(api)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert (entry["phone"], entry["reason"], entry["channel"]) == ("'+14155552671", "Asked", "web")
        assert answer.text.startswith("entryId,phone,phoneHash,source,")

    @pytest.mark.parametrize("text", ["=1+1", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "'=1"])
    async def test_holds_nothing_that_a_spreadsheet_computes(self, api: httpx2.AsyncClient, text: str) -> None:
        await put_on(api, ANN, reason=text)

        [entry] = await exported(api)

        assert entry["reason"] == f"'{text.strip()}"
        assert not any(cell[:1] in tuple("=+-@\t\r") for cell in entry.values() if cell)

    async def test_shows_the_hash_alone_of_an_erased_person(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api, phone=ANN)
        await put_on(api, ANN)
        await api.delete(f"/leads/{lead['leadId']}")

        [entry] = await exported(api)
        assert (entry["phone"], len(entry["phoneHash"])) == ("", 64)

    async def test_can_be_imported_by_another_organisation(
        self, api: httpx2.AsyncClient, app: FrontDoor, platform: Platform, new_tenant: NewTenant
    ) -> None:
        """Of this installation, whose key made the hashes: also who was erased is barred there."""
        lead = await new_lead(api, phone=ANN)
        await put_on(api, ANN)
        await put_on(api, BEN, reason="=asked, twice\nby phone")
        await api.delete(f"/leads/{lead['leadId']}")
        text = (await api.get("/do-not-call/export")).text
        theirs = await new_tenant("Other")

        async with client_of(app, theirs.key) as their_api:
            told = await imported(their_api, text)

        there = Listing(platform, theirs.tenant_id)
        assert (told["added"], told["faults"]) == (2, [])
        assert [await there.is_barred(phone) for phone in (ANN, BEN)] == [True, True]
        assert {row["reason"] for row in await there.rows()} == {"=asked, twice by phone", None}

    async def test_of_many_goes_on_to_the_end(self, api: httpx2.AsyncClient) -> None:
        await imported(api, "\n".join(f"+1415555{number:04d}" for number in range(2000, 3100)))

        assert len({entry["phone"] for entry in await exported(api)}) == 1_100

    async def test_is_made_without_holding_everything_at_once(self, platform: Platform, tenant: TestTenant) -> None:
        transfer = platform.service(ListTransferService)

        pieces = [piece async for piece in transfer.export(tenant.tenant_id, "test")]

        assert pieces == ["entryId,phone,phoneHash,source,channel,reason,liftedFor,addedBy,createdAt\r\n"]
