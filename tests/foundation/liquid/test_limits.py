"""What a template may use before it is stopped, limit by limit."""

from dataclasses import replace
from itertools import count

import pytest

from leadsail.foundation.liquid import (
    TemplateError,
    TemplateInvalid,
    TemplateLimits,
    Templates,
    TemplateTooExpensive,
    TemplateTooLong,
    Vocabulary,
)

SMALL = TemplateLimits(
    source=100, tags=6, expression=60, symbols=13, nesting=2, range_items=10, output=100, steps=100, seconds=1
)


@pytest.fixture
def small(vocabulary: Vocabulary) -> Templates:
    """Templates that may use very little."""
    return Templates(vocabulary, lambda: 0.0, limits=SMALL)


class TestReading:
    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("a" * 101, "a template has at most 100 characters, this one has 101"),
            ("{{ now }}" * 7, "a template has at most 6 tags and outputs"),
            ("{{ '" + "a" * 60 + "' }}", "this is longer than 60 characters; divide it"),
            (
                "{{ 1 | plus:1 | plus:1 | plus:1 | abs }}",
                "this cannot be read: this has more than 13 symbols; divide it",
            ),
            ("{% if 1 %}" * 3 + "{% endif %}" * 3, "tags are nested more than 2 deep"),
            ("{{ (1..11) | size }}", "a range has at most 10 items"),
            ("{{ 12345678901234567 }}", "this cannot be read: this number is too long"),
            ("a\0", "this character cannot be stored or sent; delete it"),
            ("a\ud800", "this character cannot be stored or sent; delete it"),
        ],
    )
    def test_ends_at_the_limit(self, small: Templates, source: str, complaint: str) -> None:
        assert complaint in [fault.sentence for fault in small.check(source)]
        with pytest.raises(TemplateInvalid):
            small.render(source, {})

    @pytest.mark.parametrize(
        "source",
        [
            "a" * 100,
            "{{ now }}" * 6,
            "{{'" + "a" * 58 + "'}}",
            "{{ 1 | plus:1 | plus:1 }}",
            "{% if 1 %}" * 2 + "{% endif %}" * 2,
            "{{ (1..10) | size }}",
            "{{ 1234567890123456 }}",
        ],
    )
    def test_goes_up_to_the_limit(self, small: Templates, source: str) -> None:
        assert small.check(source) == []


class TestRendering:
    @pytest.mark.parametrize(
        ("source", "error"),
        [
            ("{% for a in (1..10) %}{% for b in (1..10) %}{% endfor %}{% endfor %}", TemplateTooExpensive),
            ("{% for a in (1..custom.n) %}{% endfor %}", TemplateTooExpensive),
            ("{{ custom.text }}", TemplateTooLong),
            ("{{ custom.text | upcase }}", TemplateTooLong),
            ("{{ custom.half }}{{ custom.half }}", TemplateTooLong),
            ("{% capture a %}{{ custom.half }}{{ custom.half }}{% endcapture %}", TemplateTooLong),
            ("{% assign a = custom.half | append: custom.half %}", TemplateTooLong),
            ("{% assign a = custom.half | replace: 'a', '12' %}", TemplateTooLong),
            ("{% assign a = custom.list | join: '123456789' %}", TemplateTooLong),
            # Far too long to be paid for, too: that it is "too long" shows that it was never made.
            ("{% assign a = custom.half | replace: 'a', custom.half %}", TemplateTooLong),
            ("{% assign a = custom.list | join: custom.long %}", TemplateTooLong),
        ],
    )
    def test_stops_at_the_limit(self, small: Templates, source: str, error: type[TemplateError]) -> None:
        variables = {"custom": {"n": 11, "text": "a" * 101, "half": "a" * 60, "long": "a" * 600, "list": ["a"] * 12}}

        with pytest.raises(error):
            small.render(source, variables)

    def test_says_where_it_stopped(self, small: Templates) -> None:
        with pytest.raises(TemplateTooExpensive) as caught:
            small.render("Hello\n  {% for a in (1..custom.n) %}{% endfor %}", {"custom": {"n": 500}})

        assert str(caught.value) == "line 2, column 3: a range has at most 10 items, not 500"

    def test_stops_when_time_is_up(self, vocabulary: Vocabulary) -> None:
        """The clock is read in the midst of loops: here every reading is a second later than the one before."""
        ticks = count()
        templates = Templates(vocabulary, lambda: float(next(ticks)), limits=TemplateLimits(seconds=2))

        with pytest.raises(TemplateTooExpensive, match="longer than 2 s"):
            templates.render("{% for a in (1..1000) %}{% for b in (1..1000) %}{% endfor %}{% endfor %}", {})

    def test_takes_the_same_steps_every_time(self, vocabulary: Vocabulary) -> None:
        source = "{% for a in (1..5) %}{{ a | plus: 1 }}{% endfor %}"
        needed = _steps_for(vocabulary, source)

        assert all(_renders(vocabulary, source, steps) for steps in range(needed, needed + 20))

    def test_pays_for_each_item_and_each_turn_of_a_loop(self, vocabulary: Vocabulary) -> None:
        three = _steps_for(vocabulary, "{% for a in (1..3) %}{% endfor %}")
        nine = _steps_for(vocabulary, "{% for a in (1..9) %}{% endfor %}")

        assert nine - three == 2 * (9 - 3)


def _steps_for(vocabulary: Vocabulary, source: str) -> int:
    """The fewest steps with which `source` renders."""
    return next(steps for steps in range(1, 200) if _renders(vocabulary, source, steps))


def _renders(vocabulary: Vocabulary, source: str, steps: int) -> bool:
    templates = Templates(vocabulary, lambda: 0.0, limits=replace(SMALL, steps=steps))
    try:
        templates.render(source, {})
    except TemplateTooExpensive:
        return False
    return True


class TestRemembering:
    def test_forgets_the_oldest_source_first(self, vocabulary: Vocabulary) -> None:
        templates = Templates(vocabulary, lambda: 0.0, limits=TemplateLimits(remembered=8))

        for source in ("first", "two", "third"):
            templates.render(source, {})

        assert list(templates.remembered) == ["two", "third"]

    def test_counts_a_use_as_new(self, vocabulary: Vocabulary) -> None:
        templates = Templates(vocabulary, lambda: 0.0, limits=TemplateLimits(remembered=8))

        for source in ("one", "two", "one", "six"):
            templates.render(source, {})

        assert list(templates.remembered) == ["one", "six"]

    def test_keeps_no_source_that_is_too_long(self, vocabulary: Vocabulary) -> None:
        templates = Templates(vocabulary, lambda: 0.0, limits=TemplateLimits(remembered=8))

        templates.render("too long a source", {})

        assert list(templates.remembered) == []
