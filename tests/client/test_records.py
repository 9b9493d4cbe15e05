"""What records and parameters promise, whatever the platform answers."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from leadsail.client import params, records
from leadsail.client.requests import query_of, read
from leadsail.client.shapes import body_of
from tests.client.lying_server import OFFER, TENANT


class TestARecord:
    def test_cannot_be_changed(self) -> None:
        offer = records.Offer.model_validate(OFFER)

        with pytest.raises(ValidationError):
            offer.name = "Other"  # type: ignore[misc]  # that it is refused is the point

    def test_keeps_fields_of_a_newer_platform(self) -> None:
        offer = records.Offer.model_validate(OFFER | {"commission": 7})

        assert offer.model_extra == {"commission": 7}
        assert offer.model_dump(mode="json", exclude_none=True)["commission"] == 7

    def test_keeps_words_of_a_newer_platform(self) -> None:
        key = {"keyId": "key_1", "name": "CRM", "hint": "…", "createdBy": "x", "createdAt": "2026-01-02T03:04:05.678Z"}

        newer = records.ApiKey.model_validate(key | {"kind": "robot", "scopes": ["read", "fly"]})

        assert (newer.kind, newer.scopes) == ("robot", ["read", "fly"])

    def test_still_refuses_what_is_of_another_kind(self) -> None:
        with pytest.raises(ValidationError):
            records.Offer.model_validate(OFFER | {"active": {"since": "yesterday"}})

    def test_tells_times_as_times(self) -> None:
        tenant = records.Tenant.model_validate(TENANT)

        assert tenant.created_at == datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)

    def test_goes_back_to_the_spelling_of_the_wire(self) -> None:
        assert records.Offer.model_validate(OFFER).model_dump(mode="json", exclude_none=True).keys() == OFFER.keys()


class TestParameters:
    def test_are_spelled_as_on_the_wire_down_to_the_last(self) -> None:
        campaign: params.CampaignChange = {
            "auto_dialer": {"operating_hours": {"mon": {"start": "10:00"}}, "excluded_statuses": ["dnc"]},
            "documents": [{"name": "Retainer", "field_mapping_overrides": [{"auto_fill": True}]}],
        }

        assert body_of(params.CampaignChange, campaign) == {
            "autoDialer": {"operatingHours": {"mon": {"start": "10:00"}}, "excludedStatuses": ["dnc"]},
            "documents": [{"name": "Retainer", "fieldMappingOverrides": [{"autoFill": True}]}],
        }

    def test_leave_keys_of_the_callers_own_alone(self) -> None:
        lead: params.LeadChange = {
            "custom_fields": {"roof_age": {"in_years": 12}},
            "attribution": {"params": {"utm_id": "1"}},
        }

        assert body_of(params.LeadChange, lead) == {
            "customFields": {"roof_age": {"in_years": 12}},
            "attribution": {"params": {"utm_id": "1"}},
        }

    def test_may_be_spelled_as_on_the_wire(self) -> None:
        assert body_of(params.NewClient, {"settings": {"maxLeadsPerDay": 5}}) == {"settings": {"maxLeadsPerDay": 5}}

    def test_tell_none_from_nothing(self) -> None:
        assert body_of(params.LeadChange, {"detail": None}) == {"detail": None}

    def test_take_times_as_times(self) -> None:
        new: params.NewKey = {"name": "CRM", "expires_at": datetime(2026, 1, 2, tzinfo=UTC)}

        assert body_of(params.NewKey, new)["expiresAt"] == "2026-01-02T00:00:00Z"

    def test_are_not_judged_here(self) -> None:
        """The platform names every fault at once, in its own words."""
        assert body_of(params.NewClient, {"name": 7}) == {"name": 7}


class TestFilters:
    def test_are_spelled_as_the_api_takes_them(self) -> None:
        given = {"campaign_ids": ["A", "B"], "start_date": date(2026, 1, 2), "active": True, "limit": 5, "search": None}

        assert query_of(given) == {"campaignIds": "A,B", "startDate": "2026-01-02", "active": "true", "limit": "5"}

    def test_refuse_a_list_without_members(self) -> None:
        """The platform would take it for no filter, and show everything."""
        with pytest.raises(ValueError, match="campaign_ids"):
            query_of({"campaign_ids": []})


class TestIds:
    @pytest.mark.parametrize("wrong", ["", ".", ".."])
    def test_that_would_name_another_path_are_refused(self, wrong: str) -> None:
        with pytest.raises(ValueError, match="no id"):
            read("leads", wrong)

    def test_are_quoted(self) -> None:
        assert read("leads", "a/b ?#ü").path == "/leads/a%2Fb%20%3F%23%C3%BC"
