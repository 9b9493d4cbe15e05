"""Importing consents: good lines are kept, and every other is told apart with what is wrong with it."""

from typing import Any

import httpx2
import pytest

from tests.features.consents.making import FULL, GIVEN, PHONE, listed, recorded
from tests.features.leads.leads import new_lead

HEADER = "phone,kind,text,givenAt"
GOOD = "(415) 555-2671,written,I agree.,2026-01-02T15:04:05Z"


async def imported(api: httpx2.AsyncClient, **sent: Any) -> dict[str, Any]:
    answer = await api.post("/consents/import", json=sent)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()["data"]
    return told


async def table(api: httpx2.AsyncClient, *lines: str) -> dict[str, Any]:
    return await imported(api, csv="\n".join(lines))


class TestImportingItems:
    async def test_keeps_the_good_and_names_the_others(self, api: httpx2.AsyncClient) -> None:
        good = GIVEN | {"phone": PHONE}
        items = [
            good,
            good | {"phone": "+15125550143", "givenAt": "2999-01-01T00:00:00Z"},
            good | {"phone": "+15125550144"},
            good | {"leadId": "lead_nobody", "phone": None},
            {"phone": 7, "colour": "red"},
        ]

        told = await imported(api, items=items)

        assert (told["recorded"], told["known"]) == (2, 0)
        assert told["faults"] == [
            {"line": 2, "faults": ["givenAt: must not lie in the future"]},
            {"line": 4, "faults": ["leadId: no such lead"]},
            {
                "line": 5,
                "faults": [
                    "kind: is required",
                    "text: is required",
                    "givenAt: is required",
                    "phone: input should be a valid string",
                    "colour: is not a field of this request",
                ],
            },
        ]
        assert len(await listed(api)) == 2

    async def test_keeps_all_that_an_item_tells(self, api: httpx2.AsyncClient) -> None:
        lead = await new_lead(api)

        await imported(api, items=[FULL | {"leadId": lead["leadId"]}])

        [consent_id] = await listed(api, leadId=lead["leadId"])
        stored = (await api.get(f"/consents/{consent_id}")).json()["data"]
        assert {name: stored[name] for name in FULL} == FULL
        assert (stored["source"], stored["phone"]) == ("import", PHONE)

    async def test_records_nothing_twice(self, api: httpx2.AsyncClient) -> None:
        items = [GIVEN | {"phone": PHONE}, GIVEN | {"phone": "4155552671"}, GIVEN | {"phone": "+15125550143"}]

        first, second = [await imported(api, items=items) for _ in range(2)]

        assert [first["recorded"], first["known"], second["recorded"], second["known"]] == [2, 1, 0, 3]
        assert len(await listed(api)) == 2

    async def test_brings_no_withdrawn_consent_back(self, api: httpx2.AsyncClient) -> None:
        consent = await recorded(api)
        done = await api.post(f"/consents/{consent['consentId']}/withdraw", json={"reason": "Asked"})

        told = await imported(api, items=[GIVEN | {"phone": "+15125550143"}, GIVEN | {"phone": PHONE}])

        at = done.json()["data"]["withdrawnAt"]
        said = f"This consent was withdrawn at {at}; only a later one counts again"
        assert told == {"recorded": 1, "known": 0, "faults": [{"line": 2, "faults": [said]}]}


class TestImportingATable:
    async def test_keeps_the_good_lines_and_names_the_others(self, api: httpx2.AsyncClient) -> None:
        told = await table(
            api,
            HEADER,
            GOOD,
            "",
            "+15125550143,spoken,I agree.,2026-01-02T15:04:05Z",
            "+15125550144,express,,2026-01-02T15:04:05Z",
            "+15125550145,express,I agree.,yesterday",
            "+15125550146,express,I agree.,2026-01-02T15:04:05Z,more",
            "+15125550147,express,I agree.,2026-01-02T15:04:05Z",
        )

        assert (told["recorded"], told["known"]) == (2, 0)
        assert told["faults"] == [
            {"line": 4, "faults": ["kind: input should be 'express', 'written' or 'automated_call'"]},
            {"line": 5, "faults": ["text: is required"]},
            {"line": 6, "faults": ["givenAt: must be an ISO 8601 date-time with an offset"]},
            {"line": 7, "faults": ["has more cells than the first line has names"]},
        ]

    async def test_counts_the_lines_that_a_cell_spans(self, api: httpx2.AsyncClient) -> None:
        told = await table(
            api, HEADER, '4155552671,written,"I agree\nto calls.",2026-01-02T15:04:05Z', "x,written,I agree.,never"
        )

        assert told["recorded"] == 1
        assert [fault["line"] for fault in told["faults"]] == [4]

    async def test_goes_on_after_a_line_that_is_no_table(self, api: httpx2.AsyncClient) -> None:
        told = await table(api, HEADER, '4155552671,"written"x,I agree.,2026-01-02T15:04:05Z', GOOD)

        assert told["recorded"] == 1
        assert [fault["line"] for fault in told["faults"]] == [2]
        assert told["faults"][0]["faults"][0].startswith("not readable as comma-separated values")

    async def test_reads_several_values_from_one_cell(self, api: httpx2.AsyncClient) -> None:
        await table(
            api,
            "\ufeffgivenAt,text,kind,phone,channels,sellers",
            '2026-01-02T15:04:05Z,"I agree, gladly.",express,4155552671,call;sms, Sunny Solar ; Moonlight ;',
        )

        [consent_id] = await listed(api)
        stored = (await api.get(f"/consents/{consent_id}")).json()["data"]
        assert stored["text"] == "I agree, gladly."
        assert (stored["channels"], stored["sellers"]) == (["call", "sms"], ["Sunny Solar", "Moonlight"])

    @pytest.mark.parametrize("first", ["", "phone,kind,text,when", GOOD, '"phone'])
    async def test_without_the_names_of_fields_is_refused(self, api: httpx2.AsyncClient, first: str) -> None:
        answer = await api.post("/consents/import", json={"csv": f"{first}\n{GOOD}"})

        assert answer.status_code == 400
        [line] = answer.json()["error"]["details"]
        assert line.startswith("csv: ")
        assert "first line" in line

    async def test_with_a_column_twice_is_refused(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/consents/import", json={"csv": f"{HEADER},phone\n{GOOD}"})

        assert answer.json()["error"]["details"] == ["csv: the first line names a column twice"]

    async def test_with_too_many_lines_is_refused(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/consents/import", json={"csv": "\n".join(["phone", *["1"] * 5_001])})

        assert answer.json()["error"]["details"] == ["csv: holds more than 5,000 lines; send it in parts"]


class TestAnImport:
    @pytest.mark.parametrize("sent", [{}, {"items": [], "csv": HEADER}])
    async def test_is_either_items_or_a_table(self, api: httpx2.AsyncClient, sent: dict[str, Any]) -> None:
        answer = await api.post("/consents/import", json=sent)

        assert answer.status_code == 400
        assert answer.json()["error"]["details"] == ["items: send either items or csv"]

    async def test_of_nothing_records_nothing(self, api: httpx2.AsyncClient) -> None:
        assert await imported(api, items=[]) == {"recorded": 0, "known": 0, "faults": []}
        assert await imported(api, csv=HEADER) == {"recorded": 0, "known": 0, "faults": []}

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        sent, headers = {"items": [GIVEN | {"phone": PHONE}]}, {"Idempotency-Key": "import-1"}

        first, second = [await api.post("/consents/import", json=sent, headers=headers) for _ in range(2)]

        assert first.json()["data"]["recorded"] == 1
        assert second.content == first.content

    async def test_is_posted_and_nothing_else(self, api: httpx2.AsyncClient) -> None:
        """The path would fit that of a single consent, too, which can be read."""
        answer = await api.put("/consents/import", json={})

        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")

    async def test_of_thousands_is_one_request(self, api: httpx2.AsyncClient) -> None:
        lines = [f"+1512555{number:04d},express,I agree.,2026-01-02T15:04:05Z" for number in range(5_000)]

        told = await table(api, HEADER, *lines)

        assert (told["recorded"], told["faults"]) == (5_000, [])
