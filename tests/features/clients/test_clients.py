"""Clients: the buyers of leads."""

import httpx2


class TestCreatingAClient:
    async def test_answers_the_stored_client_with_defaults(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/clients", json={"name": " Sunny Solar ", "abbrev": "SUN"})

        assert answer.status_code == 201
        client = answer.json()["data"]
        assert client["clientId"].startswith("client_")
        assert (client["name"], client["abbrev"], client["active"], client["tags"]) == (
            "Sunny Solar",
            "SUN",
            True,
            [],
        )
        assert answer.headers["etag"] == '"1"'

    async def test_names_every_fault_in_a_line_of_its_own(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/clients", json={"abbrev": 7, "contactEmail": "nobody", "colour": "red"})

        assert answer.status_code == 400
        error = answer.json()["error"]
        assert error["code"] == "VALIDATION_ERROR"
        assert [line.partition(":")[0] for line in error["details"]] == [
            "name",
            "abbrev",
            "contactEmail",
            "colour",
        ]
