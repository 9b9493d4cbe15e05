"""What a prompt writer can do with a template."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

ANN = {"firstName": "ann", "lastName": "Lee", "tags": ["vip", "solar"], "address": {"city": "Reno"}}
ASKED = [
    {"key": "roof", "question": "How old is the roof?", "required": True},
    {"key": "bill", "question": "How high is the bill?", "required": False},
]


Renders = Callable[..., str]


class TestVariables:
    def test_are_written_with_two_braces(self, render: Renders) -> None:
        text = render("Call {{ lead.firstName }} in {{lead.address.city}}.", lead=ANN)

        assert text == "Call ann in Reno."

    @pytest.mark.parametrize("name", ["lead.email", "lead.address.zip", "custom.roof", "offer.name", "now"])
    def test_read_as_nothing_when_absent(self, render: Renders, name: str) -> None:
        assert render(f"<{{{{ {name} }}}}>", lead=ANN) == "<>"

    def test_may_have_names_that_are_words_of_liquid(self, render: Renders) -> None:
        text = render("{{ custom.limit }} {{ custom.required }}", custom={"limit": 5, "required": True})

        assert text == "5 true"

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("lead.tags.first", "vip"),
            ("lead.tags.last", "solar"),
            ("lead.tags[1]", "solar"),
            ("lead.tags[-1]", "solar"),
            ("lead.tags[2]", ""),
            ("lead.tags.size", "2"),
            ("lead.firstName.size", "3"),
            ("lead['firstName']", "ann"),
            ("custom[lead.firstName]", "hers"),
        ],
    )
    def test_have_parts(self, render: Renders, path: str, expected: str) -> None:
        assert render(f"{{{{ {path} }}}}", lead=ANN, custom={"ann": "hers"}) == expected

    def test_may_show_a_whole_list_as_json(self, render: Renders) -> None:
        text = render("{{ known_information | json }}", known_information=[{"key": "roof", "answer": "é"}])

        assert text == '[{"key": "roof", "answer": "é"}]'


class TestChoices:
    @pytest.mark.parametrize(
        ("condition", "holds"),
        [
            ("lead.firstName == 'ann'", True),
            ("lead.firstName != 'ann'", False),
            ("lead.firstName", True),
            ("lead.email", False),
            ("lead.email == blank", True),
            ("lead.email == nil", True),
            ("lead.tags == empty", False),
            ("lead.tags contains 'vip'", True),
            ("lead.firstName contains 'nn'", True),
            ("lead.tags.size > 1 and lead.email == empty", True),
            ("lead.tags.size >= 3 or lead.tags.size <= 1", False),
            ("lead.tags.size < 'many'", False),
            ("1 == true", False),
        ],
    )
    def test_if_follows_its_condition(self, render: Renders, condition: str, holds: bool) -> None:  # noqa: FBT001 - a column
        text = render(f"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}", lead=ANN)

        assert text == ("yes" if holds else "no")

    @pytest.mark.parametrize(("size", "expected"), [(1, "one"), (2, "two"), (3, "many")])
    def test_elsif_is_asked_when_if_does_not_hold(self, render: Renders, size: int, expected: str) -> None:
        source = "{% if custom.n == 1 %}one{% elsif custom.n == 2 %}two{% else %}many{% endif %}"

        assert render(source, custom={"n": size}) == expected

    def test_unless_is_the_other_way_round(self, render: Renders) -> None:
        assert render("{% unless lead.email %}No e-mail.{% else %}E-mail.{% endunless %}", lead=ANN) == "No e-mail."

    @pytest.mark.parametrize(
        ("status", "expected"),
        [("new", "first"), ("hot", "again"), ("warm", "again"), (None, "none"), ("odd", "other")],
    )
    def test_case_takes_the_first_value_that_fits(self, render: Renders, status: object, expected: str) -> None:
        source = (
            "{% case lead.status %} {% when 'new' %}first{% when 'warm', 'hot' %}again"
            "{% when nil %}none{% else %}other{% endcase %}"
        )

        assert render(source, lead={"status": status}) == expected


class TestLoops:
    def test_go_through_a_list_in_order(self, render: Renders) -> None:
        source = (
            "{% for item in information_to_collect %}"
            "{{ forloop.index }}. {{ item.question }}{% if item.required %} (required){% endif %}"
            "{% unless forloop.last %}; {% endunless %}{% endfor %}"
        )

        text = render(source, information_to_collect=ASKED)

        assert text == "1. How old is the roof? (required); 2. How high is the bill?"

    def test_say_something_else_when_there_is_nothing(self, render: Renders) -> None:
        assert render("{% for item in known_information %}x{% else %}nothing yet{% endfor %}") == "nothing yet"

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ("", "12345"),
            (" reversed", "54321"),
            (" limit: 2", "12"),
            (" offset: 3", "45"),
            (" limit: 2 offset: 1 reversed", "32"),
            (" limit: -1", ""),
        ],
    )
    def test_may_take_a_part_or_go_backwards(self, render: Renders, arguments: str, expected: str) -> None:
        assert render(f"{{% for n in (1..5){arguments} %}}{{{{ n }}}}{{% endfor %}}") == expected

    def test_stop_at_break_and_skip_at_continue(self, render: Renders) -> None:
        source = (
            "{% for n in (1..9) %}{% if n == 2 %}{% continue %}{% endif %}"
            "{% if n == 5 %}{% break %}{% endif %}{{ n }}{% endfor %}"
        )

        assert render(source) == "134"

    def test_know_the_loop_around_them(self, render: Renders) -> None:
        source = (
            "{% for a in (1..2) %}{% for b in (1..2) %}{{ forloop.parentloop.index }}{{ b }} {% endfor %}{% endfor %}"
        )

        assert render(source) == "11 12 21 22 "

    def test_go_through_a_group_as_name_and_value(self, render: Renders) -> None:
        source = "{% for pair in custom %}{{ pair[0] }}={{ pair[1] }};{% endfor %}"

        assert render(source, custom={"roof": "new", "bill": 90}) == "roof=new;bill=90;"


class TestOwnNames:
    def test_assign_keeps_a_value(self, render: Renders) -> None:
        assert render("{% assign name = lead.firstName | upcase %}{{ name }}, {{ name }}", lead=ANN) == "ANN, ANN"

    def test_capture_keeps_a_text(self, render: Renders) -> None:
        source = "{% capture greeting %}Hello {{ lead.firstName }}{% endcapture %}{{ greeting }}!"

        assert render(source, lead=ANN) == "Hello ann!"

    def test_of_one_rendering_are_gone_in_the_next(self, render: Renders) -> None:
        render("{% assign name = 'ann' %}")

        assert render("{{ name }}") == ""


class TestTextAroundTags:
    def test_stands_as_it_is_between_raw_and_endraw(self, render: Renders) -> None:
        assert render("{% raw %}{{ not }} {% this %}{% endraw %}") == "{{ not }} {% this %}"

    @pytest.mark.parametrize("comment", ["{% comment %} {{ a {% b {% endcomment %}", "{% # why not %}"])
    def test_shows_no_comment(self, render: Renders, comment: str) -> None:
        assert render(f"a{comment}b") == "ab"

    def test_loses_its_white_space_at_a_dash(self, render: Renders) -> None:
        assert render("a  {{- 'b' -}}  c {%- if true -%}  d {%- endif %}") == "abcd"

    def test_gets_no_gap_from_tags_that_only_decide(self, render: Renders) -> None:
        source = "a{% for n in (1..3) %}\n  {% if n == 2 %} {% assign two = n %} {% endif %}\n{% endfor %}b{{ two }}"

        assert render(source) == "ab2"

    @pytest.mark.parametrize(
        "text", ['{"a": {"b": {"c": 1}}}', "100 % of {name}", "}} and %}", "${a} <%= b %> [[c]] #{d}"]
    )
    def test_may_hold_other_braces(self, render: Renders, text: str) -> None:
        assert render(text, name="x", a="x") == text


class TestFilters:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("'  two  words ' | squish", "two words"),
            ("' a ' | strip", "a"),
            ("' a' | lstrip | append: '.'", "a."),
            ("'a ' | rstrip | prepend: '.'", ".a"),
            ("'mARY ann' | capitalize", "Mary ann"),
            ("'A' | downcase", "a"),
            ("'a' | upcase", "A"),
            ("'a-b-c' | replace: '-', '+'", "a+b+c"),
            ("'a-b-c' | replace_first: '-', '+'", "a+b-c"),
            ("'a-b-c' | remove: '-'", "abc"),
            ("'a-b-c' | remove_first: '-'", "ab-c"),
            ("'abcdef' | truncate: 5", "ab..."),
            ("'abcdef' | truncate: 5, ''", "abcde"),
            ("'abc' | truncate: 5", "abc"),
            ("'one two three' | truncatewords: 2", "one two..."),
            ("'abc' | slice: 1", "b"),
            ("'abc' | slice: -2, 2", "bc"),
            ("'abc' | slice: -9, 2", ""),
            ("'a\nb' | strip_newlines", "ab"),
            ("'abc' | size", "3"),
        ],
    )
    def test_change_text(self, render: Renders, expression: str, expected: str) -> None:
        assert render(f"{{{{ {expression} }}}}") == expected

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("lead.tags | join: ', '", "vip, solar"),
            ("lead.tags | join", "vip solar"),
            ("'a,b,,c' | split: ',' | join: '/'", "a/b//c"),
            ("'abc' | split: '' | reverse | join: ''", "cba"),
            ("lead.tags | first", "vip"),
            ("lead.tags | last", "solar"),
            ("lead.tags | sort | join", "solar vip"),
            ("information_to_collect | sort: 'key' | map: 'key' | join", "bill roof"),
            ("information_to_collect | where: 'required' | map: 'key' | join", "roof"),
            ("information_to_collect | where: 'key', 'bill' | size", "1"),
            ("information_to_collect | map: 'none' | compact | size", "0"),
            ("'a b a' | split: ' ' | uniq | join", "a b"),
            ("lead.tags | concat: lead.tags | size", "4"),
            ("lead.tags | slice: 1, 5 | join", "solar"),
            ("(1..3) | join: '-'", "1-2-3"),
        ],
    )
    def test_work_on_lists(self, render: Renders, expression: str, expected: str) -> None:
        assert render(f"{{{{ {expression} }}}}", lead=ANN, information_to_collect=ASKED) == expected

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("'12' | plus: 1", "13"),
            ("0.1 | plus: 0.2", "0.3"),
            ("5 | minus: 7", "-2"),
            ("3 | times: 4", "12"),
            ("5 | divided_by: 2", "2"),
            ("5 | divided_by: 2.0", "2.5"),
            ("-5 | modulo: 3", "1"),
            ("2.5 | ceil", "3"),
            ("2.5 | floor", "2"),
            ("2.456 | round: 2", "2.46"),
            ("2.6 | round", "3"),
            ("-4 | abs", "4"),
            ("4 | at_least: 5", "5"),
            ("4 | at_most: 3", "3"),
        ],
    )
    def test_calculate(self, render: Renders, expression: str, expected: str) -> None:
        assert render(f"{{{{ {expression} }}}}") == expected

    @pytest.mark.parametrize(
        "expression", ["1 | divided_by: 0", "5 | modulo: lead.email", "999999999999999 | times: 9"]
    )
    def test_leave_nothing_where_no_number_comes_out(self, render: Renders, expression: str) -> None:
        assert render(f"{{{{ {expression} }}}}") == ""

    @pytest.mark.parametrize("value", ["lead.email", "''", "false", "custom.list"])
    def test_default_stands_in_for_what_is_missing(self, render: Renders, value: str) -> None:
        assert render(f"{{{{ {value} | default: 'there' }}}}", custom={"list": []}) == "there"

    def test_default_leaves_zero_alone(self, render: Renders) -> None:
        assert render("{{ 0 | default: 'there' }}") == "0"

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("now | date: '%A, %-d %B %Y at %H:%M'", "Wednesday, 4 March 2026 at 15:30"),
            ("lead.dateOfBirth | date: '%d/%m/%y'", "02/01/90"),
            ("'2026-03-04T15:30:00Z' | date: '%I %p %%'", "03 PM %"),
            ("'soon' | date: '%Y'", "soon"),
            ("now | date: '%9999Y %q'", "%9999Y %q"),
        ],
    )
    def test_date_writes_a_day_or_time(self, render: Renders, expression: str, expected: str) -> None:
        now = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)

        assert render(f"{{{{ {expression} }}}}", now=now, lead={"dateOfBirth": "1990-01-02"}) == expected

    def test_date_does_not_know_what_now_is_by_itself(self, render: Renders) -> None:
        """The time comes with the variables, so that a rendering can be repeated."""
        assert render("{{ 'now' | date: '%Y' }}{{ now | date: '%Y' }}") == "now"
