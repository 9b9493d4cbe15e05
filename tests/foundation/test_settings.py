"""Settings, read from the environment."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from leadsail.foundation.settings import Settings, default_data_dir


@pytest.fixture(autouse=True)
def environment() -> Iterator["os._Environ[str]"]:
    """An environment without any of our settings, put back afterwards."""
    kept = dict(os.environ)
    for name in [name for name in kept if name.startswith("LEADSAIL_") or name == "DATABASE_URL"]:
        del os.environ[name]
    yield os.environ
    os.environ.clear()
    os.environ.update(kept)


class TestDefaults:
    def test_run_on_one_machine_with_nothing_set(self) -> None:
        settings = Settings()

        assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, None)
        assert (settings.rate_limit.per_second, settings.rate_limit.burst) == (100, 200)
        assert (settings.limits.body_bytes, settings.limits.body_seconds, settings.limits.seconds) == (
            1_048_576,
            10,
            30,
        )

    def test_keep_data_where_the_account_may_write(self) -> None:
        expected = Path("/var/lib/leadsail") if os.geteuid() == 0 else Path.home()

        assert default_data_dir().is_relative_to(expected)


class TestTheEnvironment:
    def test_reaches_nested_settings_by_two_underscores(self, environment: "os._Environ[str]") -> None:
        environment["LEADSAIL_RATE_LIMIT__BURST"] = "500"
        environment["LEADSAIL_LIMITS__SECONDS"] = "2.5"

        settings = Settings()

        assert (settings.rate_limit.burst, settings.limits.seconds) == (500, 2.5)

    @pytest.mark.parametrize("name", ["DATABASE_URL", "LEADSAIL_DATABASE_URL"])
    def test_names_the_database_in_either_way(self, environment: "os._Environ[str]", name: str) -> None:
        environment[name] = "postgresql://db.example/leadsail"

        url = Settings().database_url

        assert url is not None
        assert url.get_secret_value() == "postgresql://db.example/leadsail"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("LEADSAIL_PORT", "65536"),
            ("LEADSAIL_PORT", "eighty"),
            ("LEADSAIL_RATE_LIMIT__BURST", "0"),
            ("LEADSAIL_RATE_LIMIT__PER_SECOND", "-1"),
            ("LEADSAIL_LIMITS__BODY_BYTES", "10"),
            ("LEADSAIL_LIMITS__BODY_SECONDS", "0"),
            ("LEADSAIL_DATABASE__CONNECTIONS", "1"),
            ("LEADSAIL_LOG_LEVEL", "LOUD"),
        ],
    )
    def test_is_refused_where_it_makes_no_sense(self, environment: "os._Environ[str]", name: str, value: str) -> None:
        environment[name] = value

        with pytest.raises(ValidationError):
            Settings()

    def test_never_shows_its_secrets(self, environment: "os._Environ[str]") -> None:
        environment["DATABASE_URL"] = "postgresql://ann:hunter2@db.example/leadsail"
        environment["LEADSAIL_MASTER_KEY"] = "correct-horse"

        shown = repr(Settings())

        assert "hunter2" not in shown
        assert "correct-horse" not in shown


class TestTheAddressFromOutside:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({}, "http://127.0.0.1:8000"),
            ({"port": 9000, "host": "192.0.2.7"}, "http://192.0.2.7:9000"),
            ({"host": "0.0.0.0"}, "http://127.0.0.1:8000"),  # noqa: S104 - nothing is bound here
            ({"host": "2001:db8::7"}, "http://[2001:db8::7]:8000"),
            ({"tls_cert": Path("cert.pem")}, "https://127.0.0.1:8000"),
            ({"public_url": "https://leads.example/"}, "https://leads.example"),
        ],
    )
    def test_is_told_without_a_slash_at_the_end(self, given: dict[str, object], expected: str) -> None:
        assert Settings.model_validate(given).base_url == expected

    def test_of_every_interface_is_this_machine(self) -> None:
        assert Settings(host="::").base_url == "http://127.0.0.1:8000"
