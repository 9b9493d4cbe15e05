"""How a campaign's code is made up."""

from itertools import islice

from leadsail.features.campaigns.rules import campaign_codes


def _first_sign(_: int) -> int:
    return 0


class TestMakingUpCodes:
    def test_begins_with_three_signs_and_grows_when_they_are_taken(self) -> None:
        lengths = [len(code) for code in islice(campaign_codes(_first_sign), 20)]

        assert lengths == [3] * 8 + [4] * 8 + [5] * 4

    def test_never_uses_signs_that_people_mix_up(self) -> None:
        drawn = iter(range(40))
        codes = "".join(islice(campaign_codes(lambda below: next(drawn) % below), 10))

        assert not set(codes) & set("0O1I")
