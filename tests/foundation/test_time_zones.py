"""Zones come from the installed package, whatever the machine's own copy says."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from leadsail.foundation.time_zones import zone_named


class TestAZone:
    def test_follows_the_package_and_not_the_machine(self) -> None:
        """British Columbia gave up changing its clocks in 2026, which older copies do not know."""
        winter = datetime(2027, 1, 2, 2, 55, tzinfo=UTC)

        assert f"{winter.astimezone(zone_named('America/Vancouver')):%a %H:%M}" == "Fri 19:55"

    def test_keeps_its_name(self) -> None:
        zone = zone_named("America/Argentina/Buenos_Aires")

        assert zone is not None
        assert zone.key == "America/Argentina/Buenos_Aires"

    def test_is_the_same_object_each_time(self) -> None:
        assert zone_named("Europe/Paris") is zone_named("Europe/Paris")

    @pytest.mark.parametrize(
        "name",
        ["", "America/Gotham", "America", "../../etc/passwd", "/etc/localtime", "tzdata.zi", "zone.tab", "a\0b", "é"],
    )
    def test_that_is_none_is_told_without_an_error(self, name: str) -> None:
        assert zone_named(name) is None

    def test_is_there_for_every_name_of_the_package(self) -> None:
        names = files("tzdata").joinpath("zones").read_text().split()

        assert [name for name in names if zone_named(name) is None] == []
