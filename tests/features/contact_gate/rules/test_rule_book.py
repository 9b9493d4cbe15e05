"""The rule book: what is refused at load and how it is told, what is stale, and what the shipped book holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from leadsail.features.contact_gate.errors import RulesUnavailableError
from leadsail.features.contact_gate.models import Channel, Purpose
from leadsail.features.contact_gate.repository.rule_book import SHIPPED_BOOK, read_rule_files
from leadsail.features.contact_gate.rules.reading import REQUIRED_FILES, read
from leadsail.features.contact_gate.rules.rule import CallingHours, ConsentRule, FrequencyCap, HoursValues
from leadsail.features.contact_gate.rules.rule_book import RuleBook
from leadsail.foundation.geography import Place
from tests.features.contact_gate.rules.situations import shipped

CHECKED = date(2026, 11, 22)


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The shipped files with one text replaced, once."""
    texts = read_rule_files()
    assert old in texts[file]
    return texts | {file: texts[file].replace(old, new, 1)}


def problems(texts: dict[str, str]) -> list[str]:
    with pytest.raises(RulesUnavailableError) as refused:
        read(texts)
    return list(refused.value.problems)


def line_of(file: str, text: str) -> int:
    lines = read_rule_files()[file].splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


class TestABrokenBook:
    @pytest.mark.parametrize(
        ("file", "old", "new", "line", "told"),
        [
            ("canada.yaml", "rules:", "rules: [", "rules:", "this is no YAML"),
            ("canada.yaml", "rules:", "laws:", "", "unknown key `laws`"),
            ("canada.yaml", "rules:", "rules: []\nothers:", "", "`rules` must be a list of at least one rule"),
            ("us_states.yaml", "kind: calling_hours", "kind: calling_time", "id: us.fl.hours", "'calling_time'"),
            ("us_states.yaml", "    mark: S", "    marks: S", "mark: S", "Extra inputs are not permitted"),
            ("us_states.yaml", "    mark: S\n", "", "id: us.fl.hours", "mark: Field required"),
            ("us_states.yaml", "mark: S", "mark: T", "mark: S", "'P', 'S' or 'K'"),
            ("us_states.yaml", '["8:00-20:00"]', '["20:00-8:00"]', '["8:00-20:00"]', "ends before it starts"),
            ("us_states.yaml", '["8:00-20:00"]', '["8:00-8:00"]', '["8:00-20:00"]', "ends before it starts"),
            ("us_states.yaml", '["8:00-20:00"]', '["8:00-24:30"]', '["8:00-20:00"]', "that no clock shows"),
            ("us_states.yaml", '["8:00-20:00"]', '["8-20"]', '["8:00-20:00"]', "is no window"),
            ("us_states.yaml", '["8:00-20:00"]', '["8:00-12:00", "11:00-20:00"]', '["8:00-20:00"]', "without overlap"),
            ("us_states.yaml", "[mardi_gras]", "[pancake_day]", "[mardi_gras]", "'pancake_day' is no holiday"),
            ("us_states.yaml", "[mardi_gras]", '["02-29"]', "[mardi_gras]", "'02-29' is no holiday"),
            ("us_states.yaml", "id: us.ok.hours", "id: us.fl.hours", "id: us.ok.hours", "stands in the book 2 times"),
            ("us_states.yaml", 'place: "US-FL"', 'place: "US-FA"', "id: us.fl.hours", "'US-FA' is no place"),
            ("united_kingdom.yaml", 'place: "GB"', 'place: "UK"', "id: gb.hours", "'UK' is no place"),
            ("us_states.yaml", "channels: [call, sms]", "channels: [call, fax]", "channels: [call, sms]", "'call'"),
            ("us_states.yaml", "channels: [call, sms]", "channels: []", "channels: [call, sms]", "at least 1 item"),
            ("us_states.yaml", "last_verified: 2026-11-22", "last_verified: soon", "last_verified", "valid date"),
            ("us_states.yaml", "verified: true", "verified: x", "verified: true", "valid boolean"),
            ("canada.yaml", "K\n    verified: false", "K\n    verified: true", "id: ca.hours_adad", "marked K"),
            ("us_federal.yaml", "attempts: 3", "attempts: 0", "attempts: 3", "greater than or equal to 1"),
            ("us_federal.yaml", "attempts: 3", "attempts: 3, attempts: 9", "attempts: 3", "`attempts` stands here"),
            ("european_union.yaml", "[AT,", "[UK,", "[AT,", "'UK' is no country"),
            ("elsewhere.yaml", 'place: "*"', 'place: "sandbox"', "id: world.hours", "nothing to say of 'sandbox'"),
            ("sandbox.yaml", 'place: "sandbox"', 'place: "US"', "id: sandbox.numbers", "nothing to say of 'US'"),
            ("us_states.yaml", "text: >-", "text: &words >-", "", ""),
        ],
    )  # fmt: skip
    def test_is_refused_with_file_and_line(self, file: str, old: str, new: str, line: str, told: str) -> None:
        texts = changed(file, old, new)
        if not told:
            texts[file] += "  - *words\n"
            told, line = "aliases are not read", "text: >-"

        found = problems(texts)

        matching = [problem for problem in found if told in problem]
        assert matching, found
        assert all(problem.startswith(f"{file}:") for problem in matching)
        if line and told not in {"this is no YAML", "aliases are not read"}:
            # Where a mapping as a whole is at fault, its first line is told.
            assert any(abs(int(one.split(":")[1]) - line_of(file, line)) <= 1 for one in matching), matching

    @pytest.mark.parametrize("file", REQUIRED_FILES)
    def test_without_one_of_its_files_is_refused(self, file: str) -> None:
        texts = read_rule_files()
        del texts[file]

        assert f"{file}:1: the file is missing; without it the book is not whole" in problems(texts)

    @pytest.mark.parametrize(
        ("file", "rule_id", "told"),
        [
            ("us_federal.yaml", "us.federal.hours", "US: calling_hours for call and marketing"),
            ("us_federal.yaml", "us.federal.frequency", "US: frequency_cap for sms and callback"),
            ("us_federal.yaml", "us.federal.registry", "US: registry for call and marketing"),
            ("us_federal.yaml", "us.federal.consent_information", "US: consent for sms and informational"),
            ("canada.yaml", "ca.do_not_call", "CA: suppression for sms and reply"),
            ("canada.yaml", "ca.consent_texts", "CA: consent for sms and marketing"),
            ("united_kingdom.yaml", "gb.margin", "GB: margin for call and marketing"),
            ("european_union.yaml", "fr.pause", "FR: pause for call and marketing"),
            ("european_union.yaml", "eu.confirmation", "EU: confirmation for sms and opt_out_confirmation"),
            ("elsewhere.yaml", "world.consent_calls", "*: consent for call and marketing"),
            ("sandbox.yaml", "sandbox.do_not_call", "sandbox: suppression for call and marketing"),
        ],
    )  # fmt: skip
    def test_without_a_kind_of_rule_is_refused(self, file: str, rule_id: str, told: str) -> None:
        texts = read_rule_files()
        rows = texts[file].split("  - id: ")
        texts[file] = "  - id: ".join(row for row in rows if not row.startswith(f"{rule_id}\n"))

        place, _, gap = told.partition(": ")
        assert f"{place}: no rule of the kind {gap}" in problems(texts)

    def test_tells_all_its_problems_at_once(self) -> None:
        texts = changed("canada.yaml", "mark: S", "mark: T")
        texts["us_states.yaml"] = "rules: 3"

        assert {problem.split(":")[0] for problem in problems(texts)} >= {"canada.yaml", "us_states.yaml"}


class TestAFolderOfRules:
    def test_that_an_operator_names_is_read_instead(self, tmp_path: Path) -> None:
        for name, text in read_rule_files().items():
            (tmp_path / name).write_text(text.replace("attempts: 3", "attempts: 2"))

        book = read(read_rule_files(tmp_path))

        caps = book.at_home(FrequencyCap, "US")[0].values.caps
        assert caps[0].attempts == 2
        assert book.version != shipped().version

    def test_may_hold_files_of_the_operators_own(self, tmp_path: Path) -> None:
        for name, text in read_rule_files().items():
            (tmp_path / name).write_text(text)
        own = read_rule_files()["us_states.yaml"].split("  - id: ")[1]
        own = own.replace("us.fl.hours", "us.ga.hours").replace("US-FL", "US-GA")
        (tmp_path / "our_lawyers.yaml").write_text(f"rules:\n  - id: {own}")

        assert read(read_rule_files(tmp_path)).rule("us.ga.hours") is not None

    def test_that_is_empty_or_missing_is_refused(self, tmp_path: Path) -> None:
        for folder in (tmp_path, tmp_path / "nowhere"):
            with pytest.raises(RulesUnavailableError, match="no rule file"):
                read_rule_files(folder)

    def test_with_a_file_that_is_no_text_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "canada.yaml").write_bytes(b"\xff\xfe\x00")

        with pytest.raises(RulesUnavailableError, match=r"canada\.yaml:1: cannot be read"):
            read_rule_files(tmp_path)


class TestTheVersion:
    def test_tells_the_newest_check_and_the_text(self) -> None:
        assert shipped().version.startswith("2026-11-22-")
        assert read(read_rule_files()).version == shipped().version

    def test_changes_with_any_change(self) -> None:
        assert read(changed("canada.yaml", "# Canada.", "# Canada!")).version != shipped().version


class TestAStaleBook:
    def test_is_fresh_for_90_days(self) -> None:
        day = datetime(CHECKED.year, CHECKED.month, CHECKED.day, tzinfo=UTC)

        assert shipped().stale(day + timedelta(days=90)) == ()

    def test_warns_of_every_rule_on_the_91st_day(self) -> None:
        day = datetime(CHECKED.year, CHECKED.month, CHECKED.day, tzinfo=UTC)

        warnings = shipped().stale(day + timedelta(days=91))

        assert len(warnings) == len(shipped().rules)
        assert any(warning.startswith("us.fl.hours: last checked on 2026-11-22") for warning in warnings)


class TestTheShippedBook:
    def test_has_a_row_for_every_state_that_differs(self) -> None:
        hours = {rule.place for rule in shipped().rules if isinstance(rule, CallingHours) and "-" in rule.place}

        assert hours == {
            f"US-{state}"
            for state in "AL CT FL KY LA MA MD MI MN MS NM NV OK OR PA RI TX VA WA".split()  # noqa: SIM905 - reads better
        }

    def test_takes_what_was_not_checked_for_not_verified(self) -> None:
        assert {rule.mark for rule in shipped().rules if not rule.verified} == {"K"}
        assert {rule.last_verified for rule in shipped().rules} == {CHECKED}

    @pytest.mark.parametrize("rule", shipped().rules, ids=lambda rule: rule.id)
    def test_speaks_in_sentences(self, rule: CallingHours) -> None:
        assert rule.text.endswith(".")
        assert len(rule.text.split(". ")) <= 3

    @pytest.mark.parametrize("file", sorted(SHIPPED_BOOK.glob("*.yaml")), ids=lambda path: path.name)
    def test_can_be_read_on_a_screen(self, file: Path) -> None:
        assert max(map(len, file.read_text().splitlines())) <= 120

    def test_is_nowhere_wider_than_where_nothing_is_known(self) -> None:
        """Elsewhere is the strictest of everything, by the minute of the week."""
        (elsewhere,) = shipped().at_home(CallingHours, "*")
        for rule in shipped().rules:
            if isinstance(rule, CallingHours):
                assert minutes(elsewhere.values) <= minutes(rule.values), rule.id

    @pytest.mark.parametrize("country", ["US", "CA", "GB", "FR", "DE", "IT", "BR", "ZZ"])
    @pytest.mark.parametrize("channel", get_args(Channel))
    @pytest.mark.parametrize("purpose", ["marketing", "informational", "callback"])
    def test_has_hours_caps_and_consent_everywhere(self, country: str, channel: Channel, purpose: Purpose) -> None:
        places = (Place(country, None, "Europe/London"),)

        for kind in (CallingHours, FrequencyCap, ConsentRule):
            assert shipped().rows(kind, places, channel, purpose)


class TestACountryWithoutRowsOfItsOwn:
    def test_takes_those_of_its_union_kind_by_kind(self) -> None:
        france = [Place("FR", None, "Europe/Paris")]

        assert ids(shipped(), CallingHours, france) == ["fr.hours"]
        assert [rule.id for rule in shipped().rows(ConsentRule, france, "sms", "marketing")] == ["fr.consent_texts"]
        without = replace(shipped(), rules=tuple(rule for rule in shipped().rules if rule.id != "fr.consent_texts"))
        assert [rule.id for rule in without.rows(ConsentRule, france, "sms", "marketing")] == ["eu.consent_texts"]

    def test_takes_everybodys_where_it_has_no_union(self) -> None:
        assert ids(shipped(), CallingHours, [Place("PR", None, "America/Puerto_Rico")]) == ["world.hours"]

    def test_a_state_comes_on_top_of_its_country(self) -> None:
        assert ids(shipped(), CallingHours, [Place("US", "TX", "America/Chicago")]) == [
            "us.federal.hours",
            "us.tx.hours",
        ]


def ids(book: RuleBook, kind: type[CallingHours], places: list[Place]) -> list[str]:
    return [rule.id for rule in book.rows(kind, places, "call", "marketing")]


def minutes(values: HoursValues) -> set[tuple[str, int]]:
    """Every open minute of the week."""
    days = {"weekdays": values.weekdays, "saturday": values.saturday, "sunday": values.sunday}
    return {(day, minute) for day, spans in days.items() for start, end in spans for minute in range(start, end)}
