"""Offers: the products and services that leads are won for."""

from typing import Any

import httpx2
import pytest


async def made(api: httpx2.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await api.post("/offers", json={"name": "Rooftop solar", "abbrev": "ROOF"} | more)
    assert answer.status_code == 201, answer.text
    stored: dict[str, Any] = answer.json()["data"]
    return stored


class TestCreatingAnOffer:
    async def test_answers_the_stored_offer_with_defaults(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/offers", json={"name": "Rooftop solar", "abbrev": "ROOF"})

        offer = answer.json()["data"]
        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        assert offer["offerId"].startswith("offer_")
        assert offer == {
            "offerId": offer["offerId"],
            "name": "Rooftop solar",
            "abbrev": "ROOF",
            "active": True,
            "createdAt": offer["createdAt"],
            "updatedAt": offer["createdAt"],
        }

    @pytest.mark.parametrize(
        ("wrong", "line"),
        [
            ({"abbrev": "x" * 21}, "abbrev: string should have at most 20 characters"),
            ({"description": 7}, "description: input should be a valid string"),
            ({"price": 7}, "price: is not a field of this request"),
        ],
    )
    async def test_refuses_what_cannot_be(self, api: httpx2.AsyncClient, wrong: dict[str, Any], line: str) -> None:
        answer = await api.post("/offers", json={"name": "A", "abbrev": "A"} | wrong)

        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [line])


class TestListingOffers:
    async def test_shows_one_page_newest_first(self, api: httpx2.AsyncClient) -> None:
        first, second = await made(api, name="first"), await made(api, name="second", description="d")

        data = (await api.get("/offers", params={"limit": "1", "page": "2"})).json()["data"]

        assert data == {"offers": [first], "pagination": {"total": 2, "page": 2, "limit": 1}}
        assert (await api.get("/offers?search=second")).json()["data"]["offers"] == [second]


class TestChangingAnOffer:
    async def test_leaves_what_is_absent_and_clears_what_is_null(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api, description="on the roof")

        answer = await api.patch(f"/offers/{stored['offerId']}", json={"description": None, "active": False})

        changed = answer.json()["data"]
        assert answer.headers["etag"] == '"2"'
        assert (changed["name"], changed["active"], "description" in changed) == ("Rooftop solar", False, False)

    async def test_refuses_to_overwrite_a_newer_version(self, api: httpx2.AsyncClient) -> None:
        path = f"/offers/{(await made(api))['offerId']}"
        await api.patch(path, json={"name": "First"})

        answer = await api.patch(path, json={"name": "Second"}, headers={"If-Match": '"1"'})

        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CONFLICT")


class TestArchivingAnOffer:
    async def test_can_be_undone(self, api: httpx2.AsyncClient) -> None:
        stored = await made(api)
        path = f"/offers/{stored['offerId']}"
        await api.post(f"{path}/archive")

        back = (await api.post(f"{path}/unarchive")).json()["data"]

        assert back == stored | {"updatedAt": back["updatedAt"]}

    @pytest.mark.parametrize("action", ["archive", "unarchive"])
    async def test_of_what_nobody_has_is_not_found(self, api: httpx2.AsyncClient, action: str) -> None:
        assert (await api.post(f"/offers/offer_none/{action}")).status_code == 404
