"""Strict JSON: only what can be stored and given back unchanged comes in."""

import json
from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.web.json_bodies import parse_json

SAFE_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | SAFE_TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(SAFE_TEXT, inner, max_size=5),
)


def faults_of(raw: bytes) -> list[str]:
    with pytest.raises(InvalidInput) as refusal:
        parse_json(raw)
    return refusal.value.details


class TestWhatIsFine:
    @given(VALUES)
    def test_comes_in_as_it_was_sent(self, value: object) -> None:
        assert parse_json(json.dumps(value).encode()) == value
        assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value

    @given(VALUES)
    def test_can_be_given_back_unchanged(self, value: object) -> None:
        assert orjson.loads(orjson.dumps(parse_json(json.dumps(value).encode()))) == value

    @pytest.mark.parametrize("raw", [b'"\\ud83d\\ude00"', '"\N{GRINNING FACE}"'.encode()])
    def test_whole_surrogate_pairs_are_one_character(self, raw: bytes) -> None:
        assert parse_json(raw) == "\N{GRINNING FACE}"

    def test_sixty_four_levels(self) -> None:
        parse_json(b"[" * 64 + b"]" * 64)

    def test_a_backslash_before_the_letters_of_an_escape(self) -> None:
        assert parse_json(rb'"\\u0000"') == r"\u0000"


class TestWhatCannotBeStored:
    @pytest.mark.parametrize(
        ("raw", "line"),
        [
            (rb'{"note": "a\u0000b"}', "note: must not contain the NUL character"),
            (rb'{"tags": ["a", "\u0000"]}', "tags.1: must not contain the NUL character"),
            (rb'{"body": {"text": "\u0000"}}', "body.text: must not contain the NUL character"),
            (rb'{"a": {"\u0000": 1}}', "a: a key must not contain the NUL character"),
            (rb'{"\u0000": 1}', "body: a key must not contain the NUL character"),
            (b'{"n": 9223372036854775808}', "n: a whole number must fit 64 bits"),
            (b'{"n": -9223372036854775808}', "n: a whole number must fit 64 bits"),
            (b'{"n": 1e999}', "n: a number must be finite"),
            (b'{"n": -1.5E400}', "n: a number must be finite"),
            (b'{"n": 1' + b"0" * 400 + b".5}", "n: a number must be finite"),
        ],
    )
    def test_is_refused_by_its_name(self, raw: bytes, line: str) -> None:
        assert faults_of(raw) == [line]

    def test_every_fault_has_a_line_of_its_own(self) -> None:
        assert faults_of(rb'{"a": "\u0000", "b": 1e999, "c": "fine"}') == [
            "a: must not contain the NUL character",
            "b: a number must be finite",
        ]

    def test_twenty_lines_are_enough(self) -> None:
        assert len(faults_of(b"[" + b",".join([b"1e999"] * 1000) + b"]")) == 20


class TestWhatIsNotJson:
    @pytest.mark.parametrize(
        "raw",
        [
            b"{",
            b"{}}",
            b"{'a': 1}",
            b'{"a": 1,}',
            b"nul",
            b"NaN",
            b"Infinity",
            b"-Infinity",
            b"01",
            b"+1",
            b'"\x00"',
            b'"\n"',
            b"\xff\xfe",
            b'"\xed\xa0\x80"',
            rb'"\ud800"',
            rb'"\udc00\ud800"',
            b"\xef\xbb\xbf{}",
            b"1" * 5000,
        ],
    )
    def test_is_refused_whole(self, raw: bytes) -> None:
        [line] = faults_of(raw)

        assert line.startswith("body: not valid JSON (")

    def test_never_repeats_what_was_sent(self) -> None:
        assert "hunter2" not in str(faults_of(b'{"password": hunter2}'))


class TestDepth:
    @pytest.mark.parametrize(
        "raw",
        [
            b"[" * 66 + b"]" * 66,
            b'{"a":' * 66 + b"1" + b"}" * 66,
            b"[[]," * 66 + b"1" + b"]" * 66,
            b'{"a":[],"b":' * 66 + b"1" + b"}" * 66,
        ],
    )
    def test_ends_at_sixty_four_whatever_stands_between(self, raw: bytes) -> None:
        assert "nested deeper than 64 levels" in faults_of(raw)[0]

    @pytest.mark.parametrize("raw", [b"[" * 500_000, b'{"a":' * 200_000, b"[" * 400_000 + b"]" * 400_000])
    def test_a_megabyte_of_it_is_refused_at_once(self, raw: bytes) -> None:
        assert faults_of(raw)


class TestAnyBytes:
    @given(st.binary(max_size=50))
    def test_are_taken_or_refused_and_nothing_else(self, raw: bytes) -> None:
        with suppress(InvalidInput):
            parse_json(raw)
