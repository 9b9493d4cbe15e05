"""`leadsail rules`: the rule book, for a lawyer and for an operator, with no database anywhere."""

import shutil
from pathlib import Path

import pytest

from leadsail.features.contact_gate.repository.rule_book import SHIPPED_BOOK
from tests.entrypoints.commands.running import run

MONDAY_EVENING = "2026-11-24T01:30:00Z"
"""Half past eight in the evening in Miami, half past five in the afternoon in Los Angeles."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of the shipped rules, to be changed."""
    return Path(shutil.copytree(SHIPPED_BOOK, tmp_path / "book"))


def _changed(book: Path, name: str, old: str, new: str) -> None:
    path = book / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


class TestChecking:
    def test_the_shipped_book_can_be_used(self) -> None:
        told = run("rules", "check")

        assert told.returncode == 0
        assert "rules can be used" in told.stdout

    def test_every_problem_is_a_line_that_names_its_place(self, book: Path) -> None:
        _changed(book, "us_states.yaml", '"8:00-20:00"', '"20:00-8:00"')
        _changed(book, "canada.yaml", "kind: ", "kind: un")

        told = run("rules", "check", "--rules-dir", str(book))

        assert told.returncode == 1
        assert [line.split(":")[0] for line in told.stdout.splitlines()] == ["canada.yaml", "us_states.yaml"]

    def test_old_rows_are_a_warning(self, book: Path) -> None:
        _changed(book, "destinations.yaml", "last_verified: 20", "last_verified: 19")

        told = run("rules", "check", LEADSAIL_RULES_DIR=str(book))

        assert told.returncode == 0
        assert told.stdout.startswith("warning: destinations.numbers: last checked on 19")


class TestShowing:
    def test_prints_words_source_and_mark(self) -> None:
        told = run("rules", "show", "--place", "US-FL", "--kind", "calling_hours")

        first, words, source = told.stdout.splitlines()
        assert first.split()[:5] == ["us.fl.hours", "US-FL", "calling_hours", "mark", "S,"]
        assert "501.616" in words
        assert source.startswith("    Source: ")

    def test_a_place_without_rules_names_those_that_have_some(self) -> None:
        told = run("rules", "show", "--place", "US-ZZ")

        assert told.returncode == 1
        assert "US-FL" in told.stderr


class TestExplaining:
    def test_the_evening_in_florida_waits_for_the_morning(self) -> None:
        told = run("rules", "explain", "--phone", "+13055550142", "--at", MONDAY_EVENING, "--consent", "written")

        lines = told.stdout.splitlines()
        assert told.returncode == 0
        assert lines[0] == "HOLD OUTSIDE_LEGAL_HOURS; the next lawful instant is 2026-11-24 13:00 UTC"
        assert any("Mon 2026-11-23 20:30  America/New_York" in line and "US-FL" in line for line in lines)
        assert any(line.startswith("  AGAINST (OUTSIDE_LEGAL_HOURS)  us.fl.hours") for line in lines)

    def test_an_address_elsewhere_adds_its_clock(self) -> None:
        at = ("--at", MONDAY_EVENING, "--consent", "written", "--channel", "sms")
        told = run("rules", "explain", "--phone", "+15035550142", "--zip", "33101", *at)

        assert told.stdout.startswith("HOLD OUTSIDE_LEGAL_HOURS")
        assert "America/New_York" in told.stdout
        assert "America/Los_Angeles" in told.stdout

    def test_without_consent_no_waiting_helps(self) -> None:
        told = run("rules", "explain", "--phone", "+13055550142", "--at", "2026-11-24T13:00:00-05:00")

        assert told.stdout.startswith("DENY CONSENT_MISSING")

    def test_with_everything_in_order_the_end_of_the_window_is_told(self) -> None:
        at = ("--at", "2026-11-24T13:00:00-05:00", "--consent", "written")
        told = run("rules", "explain", "--phone", "+13055550142", *at)

        assert told.stdout.startswith("ALLOW; the window closes at 2026-11-25 01:00 UTC")

    @pytest.mark.parametrize(("at", "why"), [("soon", "is no instant"), ("2026-11-24T13:00:00", "lacks an offset")])
    def test_an_instant_must_be_one(self, at: str, why: str) -> None:
        told = run("rules", "explain", "--phone", "+13055550142", "--at", at)

        assert told.returncode == 1
        assert why in told.stderr

    def test_a_broken_book_allows_nobody(self, book: Path) -> None:
        (book / "us_federal.yaml").unlink()

        told = run("rules", "explain", "--phone", "+13055550142", "--at", MONDAY_EVENING, "--rules-dir", str(book))

        assert told.stdout.startswith("DENY RULES_UNAVAILABLE")


class TestTheDoctor:
    def test_finds_a_broken_book(self, book: Path, tmp_path: Path) -> None:
        (book / "us_federal.yaml").unlink()

        told = run("doctor", "--data-dir", str(tmp_path / "none"), LEADSAIL_RULES_DIR=str(book))

        assert told.returncode == 1
        assert "the rule book cannot be used: us_federal.yaml" in told.stdout

    def test_notes_old_rows(self, book: Path, tmp_path: Path) -> None:
        _changed(book, "destinations.yaml", "last_verified: 20", "last_verified: 19")

        told = run("doctor", "--data-dir", str(tmp_path / "none"), LEADSAIL_RULES_DIR=str(book))

        assert "nobody has checked 1 of them for 90 days" in told.stdout
