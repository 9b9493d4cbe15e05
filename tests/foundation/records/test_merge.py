"""What a PATCH means."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leadsail.foundation.records.merge import merged

NAMES = st.sampled_from("abcde")
LEAVES = st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2) | st.booleans()
OBJECTS = st.dictionaries(NAMES, LEAVES, max_size=4)
BODIES = st.dictionaries(NAMES, LEAVES | OBJECTS, max_size=5)
CHANGES = st.dictionaries(
    NAMES, st.none() | LEAVES | st.dictionaries(NAMES, st.none() | LEAVES, max_size=4), max_size=5
)


class TestAPatch:
    @given(BODIES, CHANGES)
    def test_leaves_what_it_does_not_name(self, body: dict[str, Any], change: dict[str, Any]) -> None:
        result = merged(body, change)

        assert {name: result.get(name) for name in body.keys() - change.keys()} == {
            name: body[name] for name in body.keys() - change.keys()
        }

    @given(BODIES, CHANGES)
    def test_clears_what_it_names_as_null(self, body: dict[str, Any], change: dict[str, Any]) -> None:
        result = merged(body, change)

        assert not result.keys() & {name for name, value in change.items() if value is None}

    @given(BODIES, CHANGES)
    def test_replaces_plain_values_and_lists_whole(self, body: dict[str, Any], change: dict[str, Any]) -> None:
        result = merged(body, change)

        plain = {name: value for name, value in change.items() if value is not None and not isinstance(value, dict)}
        assert {name: result[name] for name in plain} == plain

    @given(OBJECTS, OBJECTS)
    def test_merges_objects_one_level(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        assert merged({"settings": old}, {"settings": new}) == {"settings": old | new}

    @given(BODIES)
    def test_of_nothing_changes_nothing(self, body: dict[str, Any]) -> None:
        assert merged(body, {}) == body

    @given(BODIES, CHANGES)
    def test_twice_is_the_same_as_once(self, body: dict[str, Any], change: dict[str, Any]) -> None:
        assert merged(merged(body, change), change) == merged(body, change)

    @given(BODIES, CHANGES)
    def test_alters_neither_what_was_there_nor_itself(self, body: dict[str, Any], change: dict[str, Any]) -> None:
        kept = deepcopy((body, change))

        merged(body, change)

        assert (body, change) == kept

    @given(BODIES, CHANGES)
    def test_never_stores_a_null(self, body: dict[str, Any], change: dict[str, Any]) -> None:
        result = merged(body, change)

        inner = [value for part in result.values() if isinstance(part, dict) for value in part.values()]
        assert None not in [*result.values(), *inner]


class TestInsideAnObject:
    def test_null_clears_one_part(self) -> None:
        assert merged({"address": {"city": "Bonn", "zip": "1"}}, {"address": {"zip": None}}) == {
            "address": {"city": "Bonn"}
        }

    def test_the_second_level_is_replaced(self) -> None:
        assert merged({"a": {"b": {"c": 1, "d": 2}}}, {"a": {"b": {"c": 3}}}) == {"a": {"b": {"c": 3}}}

    def test_an_object_takes_the_place_of_anything_else(self) -> None:
        assert merged({"a": 7}, {"a": {"b": 1}}) == {"a": {"b": 1}}
