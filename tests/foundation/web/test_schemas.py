"""The bases of every shape: strict, lenient, open; left out; instants."""

from datetime import UTC, datetime

import pytest
from pydantic import Field, ValidationError

from leadsail.foundation.web.schemas import Lenient, Maybe, Open, Shape, Timestamp, sent, timestamp


class Address(Shape):
    zip_code: Maybe[str] = None


class Person(Shape):
    first_name: str
    address: Maybe[Address] = None
    born_at: Maybe[Timestamp] = None
    tags: list[str] = Field(default=[])


class LenientPerson(Lenient):
    first_name: str
    homes: list[Person] = Field(default=[])
    friends: list["LenientPerson"] = Field(default=[])


class OpenPerson(Open):
    first_name: str


class TestAShape:
    def test_speaks_camel_case_outside(self) -> None:
        person = Person.model_validate({"firstName": "Ann", "address": {"zipCode": "10115"}})

        assert person.model_dump(mode="json") == {"firstName": "Ann", "address": {"zipCode": "10115"}, "tags": []}

    def test_refuses_what_it_does_not_know(self) -> None:
        with pytest.raises(ValidationError, match="extra_forbidden"):
            Person.model_validate({"firstName": "Ann", "tenantId": "org_other"})

    def test_leaves_out_what_has_no_value(self) -> None:
        shown = Person(first_name="Ann", address=None).model_dump(mode="json")

        assert shown == {"firstName": "Ann", "tags": []}

    def test_tells_no_null_in_the_schema_of_its_answers(self) -> None:
        answers = Person.model_json_schema(mode="serialization")["properties"]
        requests = Person.model_json_schema(mode="validation")["properties"]

        assert "null" not in str(answers)
        assert {"type": "null"} in requests["address"]["anyOf"]


class TestALenientShape:
    def test_drops_and_names_what_it_does_not_know(self) -> None:
        person = LenientPerson.model_validate(
            {"firstName": "Ann", "hat": 1, "friends": [{"firstName": "Bo", "cat": 2}]}
        )

        assert sorted(person.ignored_fields()) == ["friends.0.cat", "hat"]
        assert person.known() == {"firstName": "Ann", "friends": [{"firstName": "Bo"}]}

    def test_still_refuses_inside_a_strict_part(self) -> None:
        with pytest.raises(ValidationError, match="extra_forbidden"):
            LenientPerson.model_validate({"firstName": "Ann", "homes": [{"firstName": "Bo", "cat": 2}]})


class TestAnOpenShape:
    def test_keeps_further_fields_as_they_came(self) -> None:
        person = OpenPerson.model_validate({"firstName": "Ann", "shoe_size": {"eu": 38}})

        assert sent(person) == {"firstName": "Ann", "shoe_size": {"eu": 38}}


class TestWhatWasSent:
    def test_tells_null_from_absent(self) -> None:
        person = Person.model_validate({"firstName": "Ann", "bornAt": None})

        assert sent(person) == {"firstName": "Ann", "bornAt": None}

    def test_tells_null_from_absent_inside_an_object(self) -> None:
        person = Person.model_validate({"firstName": "Ann", "address": {"zipCode": None}})

        assert sent(person) == {"firstName": "Ann", "address": {"zipCode": None}}


class TestInstants:
    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
            ("2026-01-02T03:04:05.678999Z", "2026-01-02T03:04:05.678Z"),
            ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ],
    )
    def test_are_shown_in_utc_with_milliseconds(self, given: str, shown: str) -> None:
        person = Person.model_validate({"firstName": "Ann", "bornAt": given})

        assert person.model_dump(mode="json")["bornAt"] == shown

    @pytest.mark.parametrize("given", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
    def test_outside_the_calendar_are_refused(self, given: str) -> None:
        with pytest.raises(ValidationError, match="must lie in the years 1 to 9999 of UTC"):
            Person.model_validate({"firstName": "Ann", "bornAt": given})

    @pytest.mark.parametrize("given", ["2026-01-02T03:04:05", "yesterday", "2026-02-30T00:00:00Z", ""])
    def test_without_an_offset_or_a_meaning_are_refused(self, given: str) -> None:
        with pytest.raises(ValidationError):
            Person.model_validate({"firstName": "Ann", "bornAt": given})

    def test_of_the_product_are_spelled_the_same(self) -> None:
        assert timestamp(datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)) == "2026-01-02T03:04:05.678Z"
