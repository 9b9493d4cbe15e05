"""What kind of number a number is: well-known ones of every kind, and text that is none."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadsail.foundation.geography import NumberKind, classify

DIALABLE = {NumberKind.GEOGRAPHIC, NumberKind.MOBILE}


class TestNumbersOfTheNorthAmericanPlan:
    @pytest.mark.parametrize(
        ("phone", "country"),
        [
            ("+12125550123", "US"), ("+14155552671", "US"), ("+18085550123", "US"), ("+19075550123", "US"),
            ("+14165550123", "CA"), ("+18675550123", "CA"), ("+17095550123", "CA"), ("+19025550123", "CA"),
            ("+17875550123", "PR"), ("+19395550123", "PR"), ("+18765550123", "JM"), ("+16585550123", "JM"),
            ("+18095550123", "DO"), ("+12425550123", "BS"), ("+14415550123", "BM"), ("+16715550123", "GU"),
            ("+13405550123", "VI"), ("+16845550123", "AS"), ("+16705550123", "MP"), ("+18685550123", "TT"),
        ],
    )  # fmt: skip
    def test_belong_to_the_country_of_their_area_code(self, phone: str, country: str) -> None:
        number = classify(phone)

        assert (number.e164, number.kind, number.country) == (phone, NumberKind.GEOGRAPHIC, country)

    @pytest.mark.parametrize("code", ["800", "833", "844", "855", "866", "877", "888"])
    def test_that_are_toll_free_belong_to_no_country(self, code: str) -> None:
        number = classify(f"+1{code}5550123")

        assert (number.kind, number.country) == (NumberKind.TOLL_FREE, None)

    @pytest.mark.parametrize("phone", ["+19005550123", "+12129765550", "+14169761234"])
    def test_that_cost_the_caller_are_premium(self, phone: str) -> None:
        assert classify(phone).kind is NumberKind.PREMIUM

    @pytest.mark.parametrize("code", ["521", "522", "533", "544", "566", "577", "588", "600", "700", "710"])
    def test_that_stand_for_no_place_are_special(self, code: str) -> None:
        assert classify(f"+1{code}5550123").kind is NumberKind.SPECIAL

    @pytest.mark.parametrize("phone", ["+12125551212", "+12129501234", "+12129591234"])
    def test_of_information_carriers_and_line_tests_are_special(self, phone: str) -> None:
        assert classify(phone).kind is NumberKind.SPECIAL

    @pytest.mark.parametrize("phone", ["+15002345600", "+15009999999", "+15005550123"])
    def test_of_the_sandbox_are_known_as_such(self, phone: str) -> None:
        assert classify(phone).kind is NumberKind.SANDBOX

    @pytest.mark.parametrize("phone", ["+15001345600", "+15000345600", "+1500234560", "+150023456000"])
    def test_that_only_look_like_the_sandbox_are_not_it(self, phone: str) -> None:
        assert classify(phone).kind is NumberKind.INVALID

    @pytest.mark.parametrize("code", ["290", "370", "555", "960", "999"])
    def test_of_an_area_code_not_in_service_are_unknown(self, code: str) -> None:
        number = classify(f"+1{code}5550123")

        assert number.kind in {NumberKind.UNKNOWN, NumberKind.EMERGENCY}
        assert number.country is None

    @pytest.mark.parametrize("phone", ["+11235550123", "+10125550123", "+12121550123", "+121255501234", "+1212555012"])
    def test_of_another_shape_are_invalid(self, phone: str) -> None:
        assert classify(phone).kind is NumberKind.INVALID

    @pytest.mark.parametrize("code", ["211", "311", "411", "511", "611", "711", "811"])
    def test_with_a_service_code_in_them_are_invalid(self, code: str) -> None:
        assert classify(f"+1{code}5550123").kind is NumberKind.INVALID
        assert classify(f"+1212{code}0123").kind is NumberKind.INVALID


class TestNumbersOfOtherCountries:
    @pytest.mark.parametrize(
        ("phone", "kind", "country"),
        [
            ("+442079460123", NumberKind.GEOGRAPHIC, "GB"), ("+447400123456", NumberKind.MOBILE, "GB"),
            ("+448001111111", NumberKind.TOLL_FREE, "GB"), ("+449098790000", NumberKind.PREMIUM, "GB"),
            ("+4918012345", NumberKind.SHARED_COST, "DE"), ("+445612345678", NumberKind.VOIP, "GB"),
            ("+443000000000", NumberKind.SPECIAL, "GB"), ("+447011234567", NumberKind.SPECIAL, "GB"),
            ("+493023456789", NumberKind.GEOGRAPHIC, "DE"), ("+4915123456789", NumberKind.MOBILE, "DE"),
            ("+499001234567", NumberKind.PREMIUM, "DE"), ("+33142345678", NumberKind.GEOGRAPHIC, "FR"),
            ("+33612345678", NumberKind.MOBILE, "FR"), ("+33899123456", NumberKind.PREMIUM, "FR"),
            ("+61212345678", NumberKind.GEOGRAPHIC, "AU"), ("+77172123456", NumberKind.GEOGRAPHIC, "KZ"),
            ("+441534456789", NumberKind.GEOGRAPHIC, "JE"), ("+522221234567", NumberKind.MOBILE, "MX"),
        ],
    )  # fmt: skip
    def test_are_what_their_plan_says(self, phone: str, kind: NumberKind, country: str) -> None:
        number = classify(phone)

        assert (number.kind, number.country) == (kind, country)

    @pytest.mark.parametrize(
        "phone", ["+870301234567", "+881612345678", "+881845678901", "+882161234567", "+883510012345", "+61147101234"]
    )
    def test_that_reach_satellites_and_networks_without_a_country_are_told_apart(self, phone: str) -> None:
        assert classify(phone).kind is NumberKind.SATELLITE

    @pytest.mark.parametrize(
        ("phone", "kind"),
        [("+80012345678", NumberKind.TOLL_FREE), ("+80812345678", NumberKind.SHARED_COST),
         ("+979123456789", NumberKind.PREMIUM)],
    )  # fmt: skip
    def test_of_the_international_services_belong_to_no_country(self, phone: str, kind: NumberKind) -> None:
        number = classify(phone)

        assert (number.kind, number.country) == (kind, None)

    @pytest.mark.parametrize("phone", ["+4420794601", "+999123456789", "+2101234567", "+44000000000"])
    def test_that_no_plan_knows_are_invalid(self, phone: str) -> None:
        assert classify(phone).kind is NumberKind.INVALID


class TestEmergencyAndShortNumbers:
    @pytest.mark.parametrize(
        "text",
        [
            "911", "9-1-1", " 9 1 1 ", "+911", "+1911", "+1 911", "1-911", "001911", "011911", "9911", "tel:911",
            "911#", "(911)", "\uff19\uff11\uff11", "\u0669\u0661\u0661", "988", "+1988", "112", "999", "000", "+112",
            "110", "15", "+19115550123", "+19885550123", "+1911555",
        ],
    )  # fmt: skip
    def test_are_emergencies_however_they_are_spelled(self, text: str) -> None:
        assert classify(text).kind is NumberKind.EMERGENCY

    @pytest.mark.parametrize(
        "text",
        ["+12129110123", "+44999", "+44112", "12345", "+12345", "86753", "+1911;ext=5", "nine one one", "4155552671"],
    )
    def test_of_any_other_form_are_no_number_to_dial(self, text: str) -> None:
        assert classify(text).kind is NumberKind.INVALID


class TestAnyText:
    @given(st.text())
    @example("+1 415 555 2671")
    @example("+14155552671\n")
    @example("+１４１５５５５２６７１")
    @example("\ud800")
    def test_is_classified_without_failing(self, text: str) -> None:
        number = classify(text)

        assert number.e164 == text

    @given(st.from_regex(r"\+[0-9]{1,17}", fullmatch=True))
    def test_of_digits_is_dialable_only_as_a_possible_number(self, text: str) -> None:
        number = classify(text)

        assert number.kind not in DIALABLE or (number.country and 7 <= len(text) - 1 <= 15)

    @given(st.from_regex(r"\+1[2-9][0-9]{9}", fullmatch=True))
    def test_with_plus_one_never_becomes_a_mobile(self, text: str) -> None:
        """The plan does not tell mobile from fixed lines; whoever needs to know has to look the number up."""
        assert classify(text).kind is not NumberKind.MOBILE
