"""`/registries`: national lists and answers of the reassigned-numbers database, taken in from files, and their age."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.features.do_not_call.models import NewRegistryFile, RegistryName
from leadsail.features.do_not_call.rules.ages import drawn_at, expires_at, state_of
from leadsail.features.do_not_call.rules.lines import UnusableLineError, registry_number
from leadsail.features.do_not_call.service import RegistryService
from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, TestTenant, client_of
from tests.features.do_not_call.listing import ANN, BEN, Listing

CSV = {"Content-Type": "text/plain; charset=utf-8"}
LONDON = "+442079460958"
DRAWN = date(2026, 1, 2)


def today(minus: int = 0) -> str:
    return (datetime.now(UTC).date() - timedelta(days=minus)).isoformat()


async def imported(api: httpx2.AsyncClient, registry: str, text: str, **params: str) -> dict[str, Any]:
    params = {"asOf": today()} | params
    answer = await api.post(f"/registries/{registry}/files", content=text.encode(), headers=CSV, params=params)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def registry(api: httpx2.AsyncClient, name: str) -> dict[str, Any]:
    states = (await api.get("/registries")).json()["data"]["registries"]
    return next(state for state in states if state["registry"] == name)


async def standing(listing: Listing, phone: str, name: str = "us_dnc") -> tuple[bool, datetime | None]:
    told = next(one for one in (await listing.facts(phone)).registries if one.registry == name)
    return told.listed, told.scrubbed_at


class TestImportingAFile:
    async def test_makes_its_numbers_known(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        told = await imported(api, "us_dnc", "4155552671\n+1 (512) 555-0101\n", asOf=today(3))

        assert (told["registry"], told["lines"], told["numbers"], told["faults"]) == ("us_dnc", 2, 2, [])
        scrubbed = drawn_at(date.fromisoformat(today(3)))
        assert await standing(listing, ANN) == (True, scrubbed)
        assert await standing(listing, BEN) == (False, scrubbed)
        assert await standing(listing, ANN, "ca_dncl") == (False, None)

    async def test_keeps_the_good_lines_and_names_the_others(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        told = await imported(api, "us_dnc", "4155552671\nhello\n\n1234567890\n5125550100,x\n+442079460958\n415555")

        assert (told["lines"], told["numbers"], told["faulty"]) == (6, 2, 4)
        assert told["faults"] == [
            {"line": 2, "value": "•••lo", "message": "not a phone number"},
            {"line": 4, "value": "••••••••90", "message": "not a number of this registry's country"},
            {"line": 6, "value": "+••••••••••58", "message": "not a number of this registry's country"},
            {"line": 7, "value": "••••55", "message": "not a number of this registry's country"},
        ]
        assert (await standing(listing, BEN))[0]

    @pytest.mark.parametrize(
        "line", ["415,5552671", "4155552671", "1-415-555-2671", '"+14155552671"', "phone\n4155552671"]
    )
    async def test_reads_numbers_as_registries_write_them(
        self, api: httpx2.AsyncClient, listing: Listing, line: str
    ) -> None:
        told = await imported(api, "us_dnc", line)

        assert told["faults"] == []
        assert (await standing(listing, ANN))[0]

    @pytest.mark.parametrize(
        "line", ["02079460958", "+44 20 7946 0958", "442079460958", "0044 2079460958", "2079460958"]
    )
    async def test_reads_british_numbers_as_the_british_write_them(
        self, api: httpx2.AsyncClient, listing: Listing, line: str
    ) -> None:
        await imported(api, "gb_tps", line)

        assert (await standing(listing, LONDON, "gb_tps"))[0]

    async def test_takes_json_as_well(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        answer = await api.post("/registries/ca_dncl/files", json={"lines": ["4165550100"]}, params={"asOf": today()})

        assert answer.status_code == 201
        assert (await standing(listing, "+14165550100", "ca_dncl"))[0]

    async def test_that_is_newer_replaces_the_older_one(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        await imported(api, "us_dnc", "4155552671\n5125550100", asOf=today(10))

        await imported(api, "us_dnc", "5125550100", asOf=today(1))

        assert (await standing(listing, ANN))[0] is False
        assert (await standing(listing, BEN))[0] is True
        assert len((await registry(api, "us_dnc"))["files"]) == 1
        assert len(await listing.rows("registry_number")) == 1

    async def test_that_is_older_changes_nothing(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        await imported(api, "us_dnc", "4155552671", asOf=today(1))

        await imported(api, "us_dnc", "5125550100", asOf=today(10))

        assert [(await standing(listing, phone))[0] for phone in (ANN, BEN)] == [True, False]

    async def test_of_some_areas_speaks_for_these_alone(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        await imported(api, "us_dnc", "4155552671\n5125550100", asOf=today(20))

        told = await imported(api, "us_dnc", "4155550000\n5125550101", asOf=today(2), areaCodes="415,628")

        assert (told["areaCodes"], told["numbers"]) == (["415", "628"], 1)
        assert [fault["message"] for fault in told["faults"]] == [
            "not in the area codes that the file is said to cover"
        ]
        assert await standing(listing, ANN) == (False, drawn_at(date.fromisoformat(today(2))))
        assert await standing(listing, BEN) == (True, drawn_at(date.fromisoformat(today(20))))
        assert await standing(listing, "+16285550100") == (False, drawn_at(date.fromisoformat(today(2))))

    async def test_outside_its_areas_says_that_nobody_looked(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        await imported(api, "us_dnc", "4155552671", areaCodes="415")

        assert await standing(listing, BEN) == (False, None)

    async def test_names_numbers_twice_without_harm(self, api: httpx2.AsyncClient) -> None:
        told = await imported(api, "us_dnc", "4155552671\n415-555-2671")

        assert (told["lines"], told["numbers"], told["faulty"]) == (2, 1, 0)

    @pytest.mark.parametrize(
        ("name", "params", "line"),
        [
            ("us_dnc", {"asOf": "yesterday"}, "asOf: must be a date such as 2026-01-31"),
            ("us_dnc", {"asOf": "2999-01-01"}, "asOf: lies in the future"),
            ("us_dnc", {}, "asOf: is required"),
            ("us_dnc", {"asOf": "2026-01-01", "areaCodes": "41"},
             "areaCodes: must be area codes of three digits, such as 415,628"),
            ("gb_tps", {"asOf": "2026-01-01", "areaCodes": "020"}, "areaCodes: this registry is not drawn by area"),
            ("fr_bloctel", {"asOf": "2026-01-01"},
             "registry: input should be 'us_dnc', 'ca_dncl', 'gb_tps' or 'us_reassigned'"),
        ],
    )  # fmt: skip
    async def test_refuses_what_is_wrong(
        self, api: httpx2.AsyncClient, listing: Listing, name: str, params: dict[str, str], line: str
    ) -> None:
        answer = await api.post(f"/registries/{name}/files", content=b"4155552671", headers=CSV, params=params)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])
        assert await listing.rows("registry_file") == []

    async def test_concerns_this_organisation_alone(
        self, api: httpx2.AsyncClient, listing: Listing, new_tenant: NewTenant
    ) -> None:
        await imported(api, "us_dnc", "4155552671")

        other = Listing(listing.platform, (await new_tenant("Other")).tenant_id)

        assert await standing(other, ANN) == (False, None)

    async def test_needs_the_scope_to_write(self, app: FrontDoor, new_tenant: NewTenant) -> None:
        reader = await new_tenant(scopes=["read"])
        async with client_of(app, reader.key) as api:
            answer = await api.post("/registries/us_dnc/files", content=b"1", headers=CSV, params={"asOf": today()})

        assert answer.status_code == 403


class TestAnswersOnReassignedNumbers:
    async def test_are_known_with_the_day_they_are_of(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        await imported(api, "us_reassigned", "4155552671,yes,2026-01-02\n5125550100,no", asOf="2026-02-03")

        ann, ben = (await listing.facts(ANN)).reassignment, (await listing.facts(BEN)).reassignment
        assert ann is not None
        assert ben is not None
        assert (ann.answer, ann.asked_at) == ("yes", datetime(2026, 1, 2, tzinfo=UTC))
        assert (ben.answer, ben.asked_at) == ("no", datetime(2026, 2, 3, tzinfo=UTC))
        assert (await listing.facts("+15125550109")).reassignment is None

    async def test_are_replaced_by_newer_ones_only(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        await imported(api, "us_reassigned", "4155552671,no", asOf="2026-02-03")
        await imported(
            api, "us_reassigned", "4155552671,yes,2026-01-02\n4155552671,no_data,2026-03-01", asOf="2026-03-01"
        )
        await imported(api, "us_reassigned", "4155552671,yes", asOf="2026-01-01")

        told = (await listing.facts(ANN)).reassignment
        assert told is not None
        assert told.answer == "no_data"

    async def test_without_an_answer_are_told(self, api: httpx2.AsyncClient) -> None:
        told = await imported(api, "us_reassigned", "4155552671\n5125550100,maybe\n5125550101,no,soon")

        assert [fault["message"] for fault in told["faults"]] == [
            "the second column must say yes, no or no_data",
            "the second column must say yes, no or no_data",
            "the third column must be a date such as 2026-01-31",
        ]

    async def test_are_kept_without_the_number(self, api: httpx2.AsyncClient, listing: Listing) -> None:
        """They are about our own leads, who may ask to be erased."""
        await imported(api, "us_reassigned", "4155552671,yes")

        assert "4155552671" not in str(await listing.rows("reassignment"))
        assert await listing.rows("registry_number") == []


class TestTheAgeOfARegistry:
    @pytest.mark.parametrize(("name", "longest"), [("us_dnc", 31), ("ca_dncl", 31), ("gb_tps", 28)])
    def test_warns_after_24_days_and_ends_after_its_own(self, name: RegistryName, longest: int) -> None:
        start, minute = drawn_at(DRAWN), timedelta(minutes=1)

        states = [
            state_of(name, DRAWN, start + after)
            for after in (
                timedelta(0),
                timedelta(days=24) - minute,
                timedelta(days=24),
                timedelta(days=longest) - minute,
                timedelta(days=longest),
            )
        ]

        assert states == ["current", "current", "ageing", "ageing", "expired"]
        assert expires_at(name, DRAWN) == start + timedelta(days=longest)

    def test_of_answers_is_theirs_alone(self) -> None:
        assert state_of("us_reassigned", DRAWN, datetime(2036, 1, 1, tzinfo=UTC)) == "current"
        assert state_of("us_reassigned", None, datetime(2036, 1, 1, tzinfo=UTC)) == "missing"

    async def test_is_told_for_every_registry(self, api: httpx2.AsyncClient) -> None:
        await imported(api, "us_dnc", "4155552671\n5125550100", asOf=today(1))
        await imported(api, "ca_dncl", "4165550100", asOf=today(26))
        await imported(api, "gb_tps", "02079460958", asOf=today(28))

        states = (await api.get("/registries")).json()["data"]["registries"]

        assert [(state["registry"], state["state"], state["numbers"]) for state in states] == [
            ("us_dnc", "current", 2), ("ca_dncl", "ageing", 1), ("gb_tps", "expired", 1),
            ("us_reassigned", "missing", 0),
        ]  # fmt: skip
        assert "warning" not in states[0]
        assert states[1]["warning"] == "import a newer file soon: this one may not be relied on much longer"
        assert states[2]["warning"] == "too old to be relied on; import a newer file"
        assert (
            states[0]["expiresAt"] == f"{(date.fromisoformat(today(1)) + timedelta(days=31)).isoformat()}T00:00:00.000Z"
        )

    async def test_is_that_of_its_oldest_file_in_force(self, api: httpx2.AsyncClient) -> None:
        await imported(api, "us_dnc", "4155552671", asOf=today(40))
        await imported(api, "us_dnc", "4155552671", asOf=today(1), areaCodes="415")

        state = await registry(api, "us_dnc")

        assert (state["state"], state["asOf"]) == ("expired", today(40))
        assert [file.get("areaCodes") for file in state["files"]] == [["415"], None]


class TestALargeFile:
    async def test_counts_only_once_all_of_it_is_there(
        self, platform: Platform, tenant: TestTenant, listing: Listing
    ) -> None:
        """A crash half-way leaves the older file in force."""

        def breaking_off() -> Any:
            yield from (f"415{number:07d}" for number in range(2_000_000, 2_060_000))
            raise ConnectionResetError

        registries, new = platform.service(RegistryService), NewRegistryFile("us_dnc", date(2026, 1, 2))
        with pytest.raises(ConnectionResetError):
            await registries.take_in_large(tenant.tenant_id, "cli", new, breaking_off(), lambda _: None)

        assert await standing(listing, "+14152000000") == (False, None)

    async def test_is_taken_in_piece_by_piece(self, platform: Platform, tenant: TestTenant, listing: Listing) -> None:
        lines = (f"415{number:07d}" for number in range(2_000_000, 2_120_000))
        told: list[int] = []
        registries, new = platform.service(RegistryService), NewRegistryFile("us_dnc", date(2026, 1, 2))

        done = await registries.take_in_large(tenant.tenant_id, "cli", new, lines, told.append)

        assert (done.lines, done.numbers, told) == (120_000, 120_000, [50_000, 100_000, 120_000])
        assert (await standing(listing, "+14152119999"))[0]

    async def test_is_refused_before_a_line_is_read(self, platform: Platform, tenant: TestTenant) -> None:
        new = NewRegistryFile("us_dnc", date(2999, 1, 1))

        with pytest.raises(InvalidInput):
            await platform.service(RegistryService).take_in_large(tenant.tenant_id, "cli", new, [], lambda _: None)


class TestFacts:
    async def test_of_many_numbers_come_at_once(self, listing: Listing, api: httpx2.AsyncClient) -> None:
        numbers = [f"+1415555{number:04d}" for number in range(2000, 3000)]
        await asyncio.gather(*(listing.opt_out(number) for number in numbers[:3]))
        await imported(api, "us_dnc", "\n".join(numbers[3:6]))

        facts = await listing.all_facts(numbers)

        assert list(facts.keys() - set(numbers)) == []
        assert {phone for phone, told in facts.items() if told.entry} == set(numbers[:3])
        assert {phone for phone, told in facts.items() if told.registries[0].listed} == set(numbers[3:6])

    async def test_of_none_are_none(self, listing: Listing) -> None:
        assert await listing.all_facts([]) == {}

    async def test_of_what_is_no_number_are_there(self, listing: Listing) -> None:
        facts = await listing.facts("extension 5")

        assert (facts.entry, facts.refused_at, facts.reassignment) == (None, None, None)
        assert [(told.registry, told.listed) for told in facts.registries] == [
            ("us_dnc", False), ("ca_dncl", False), ("gb_tps", False),
        ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "abc", "١٢٣٤٥٦٧٨٩٠", "4155552671x", "0" * 30, "+1 015 555 2671", "911"])
def test_a_hostile_number_is_refused(text: str) -> None:
    with pytest.raises(UnusableLineError):
        registry_number("us_dnc", text)
