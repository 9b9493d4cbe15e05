"""What a flow's YAML may hold: plain data that costs no more to read than it says."""

import pytest

from leadsail.features.scripts.rules import DEEPEST, MOST_ITEMS, fault_of_flow

NO_MAPPING = "line 1, column 1: must be a mapping of names to values, such as `start: greeting`"
NO_ALIASES = "anchors (&) and aliases (*) are not supported; write the value out"


class TestAFlow:
    @pytest.mark.parametrize(
        "text",
        [
            "a: 1",
            "start: greeting\nsteps:\n  - say: |\n      Hello,\n      there\n    next: end\n",
            '{"json": ["is", "YAML", 1.5, null, true]}',
            "---\nwhen: 2026-01-02\nat: 09:30\n",
            "ключ: значение 😀",
            "1: pressed one\n2: pressed two",
            "progress: '100 %'\nnote: 50% & more * less",
        ],
    )
    def test_is_any_mapping_of_plain_data(self, text: str) -> None:
        assert fault_of_flow(text) is None

    @pytest.mark.parametrize("text", ["", "  \n# nothing", "just text", "- a\n- b", "42", "null"])
    def test_is_nothing_but_a_mapping(self, text: str) -> None:
        assert fault_of_flow(text) == NO_MAPPING

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("a: b: c", "line 1, column 5: mapping values are not allowed in this context"),
            (
                "a:\n\t- b",
                "line 2, column 1: while scanning for the next token, found character that cannot start any token",
            ),
            (
                "a: 1\n---\nb: 2",
                "line 2, column 1: expected a single document in the stream, but found another document",
            ),
            ("? [a]\n: 1", "line 1, column 3: while constructing a mapping, found unhashable key"),
            ("éé: 1\na: é\x08", "line 2, column 5: control characters are not allowed"),
        ],
    )
    def test_tells_line_and_column_of_broken_yaml(self, text: str, fault: str) -> None:
        assert fault_of_flow(text) == fault

    @pytest.mark.parametrize(
        ("value", "kind"),
        [
            ("2026-13-45", "timestamp"),
            ("!!int x", "int"),
            ("!!int ''", "int"),
            ("!!float x", "float"),
            ("!!bool x", "bool"),
            ("!!timestamp x", "timestamp"),
        ],
    )
    def test_tells_where_a_value_is_not_what_it_claims(self, value: str, kind: str) -> None:
        fault = fault_of_flow(f"a: 1\nb: {value}")

        assert fault == f"line 2, column 4: this is no {kind}; put quotes around a text"


class TestAHostileFlow:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: &x [1]\nb: *x", "line 1, column 4"),
            ("a: *x", "line 1, column 4"),
            ("a: &x 1", "line 1, column 4"),
            ("&x a: 1", "line 1, column 1"),
            ("a: &a [x]\n" + "\n".join(f"k{n}: &b{n} [*a, *a]" for n in range(30)), "line 1, column 4"),
        ],
    )
    def test_cannot_use_anchors_and_aliases(self, text: str, place: str) -> None:
        assert fault_of_flow(text) == f"{place}: {NO_ALIASES}"

    @pytest.mark.parametrize("bracket", ["[", "{", "{a: ", "- ", "? "])
    def test_cannot_nest_without_end(self, bracket: str) -> None:
        fault = fault_of_flow(bracket * (200_000 // len(bracket)))

        assert str(fault).endswith(f"nested deeper than {DEEPEST} levels")

    def test_cannot_hold_items_without_end(self) -> None:
        fault = fault_of_flow("a:\n" + "- b\n" * MOST_ITEMS)

        assert str(fault).endswith("more than 20,000 names and values; split the flow")

    @pytest.mark.parametrize(
        "number", ["1" + ":1" * 99_000, "1" * 5_000, "0x" + "f" * 9_000, "!!int '" + "1:" * 999 + "1'"]
    )
    def test_cannot_make_numbers_without_end(self, number: str) -> None:
        assert fault_of_flow(f"a: {number}") == "line 1, column 4: a number has at most 100 signs"

    @pytest.mark.parametrize("tag", ["!!python/object:os.system", "!!python/name:os.system", "!own"])
    def test_cannot_name_anything_but_plain_data(self, tag: str) -> None:
        fault = fault_of_flow(f"a: {tag} x")

        assert str(fault).startswith("line 1, column 4: could not determine a constructor for the tag")

    def test_cannot_use_directives(self) -> None:
        many = "".join(f"%TAG !a{number}! b\n" for number in range(9_000))

        assert fault_of_flow(f"# note\n{many}---\na: 1") == "line 2, column 1: directives (%) are not supported"
