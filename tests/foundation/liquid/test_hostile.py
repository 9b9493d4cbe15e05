"""Templates and data written to do harm: each ends in a typed error or in harmless text, within its budget.

The clock stands still in these tests, so that it is the count of steps alone that stops what must be stopped.
"""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadsail.foundation.liquid import TemplateError, TemplateInvalid, Templates, Vocabulary
from leadsail.foundation.liquid.budget import Budget, TemplateLimits
from leadsail.foundation.liquid.errors import FaultList
from leadsail.foundation.liquid.expressions import Grammar, Values
from leadsail.foundation.liquid.parser import parse
from leadsail.foundation.liquid.tree import Page

LIMITS = TemplateLimits()


def nested(opening: str, closing: str, depth: int, inside: str = "") -> str:
    """`inside` with `depth` layers of tags around it."""
    return opening * depth + inside + closing * depth


class Secret:
    """An object that no caller should hand in."""

    password = "opensesame"

    def __str__(self) -> str:
        return self.password

    def __liquid__(self) -> str:
        return self.password

    def __html__(self) -> str:
        return self.password

    def __getitem__(self, key: object) -> str:
        return self.password


LOOP = "{% for x in (1..1000) %}"
BOMBS = {
    "a million turns": nested(LOOP, "{% endfor %}", 2),
    "turns without end": nested(LOOP, "{% endfor %}", 20),
    "a million turns that write": nested(LOOP, "{% endfor %}", 2, "xxxxxxxxxx"),
    "a range as text in a loop": nested(LOOP, "{% endfor %}", 2, "{{ (1..1000) | join: '' }}"),
    "a range of a billion": "{% for x in (1..1000000000) %}{% endfor %}",
    "a computed range": "{% assign n = 99999 | times: 99999 %}{% for x in (1..n) reversed %}{% endfor %}",
    "a range from below": "{% assign n = 0 | minus: 999999999 %}{{ (n..1) | join: ',' }}",
    "a range searched for text": "{% assign n = 999999999 %}{% if (1..n) contains 'x' %}{% endif %}",
    "a range of text bounds": "{% for x in ('1'..'999999') %}{{ x }}{% endfor %}",
    "a range by map": "{{ (1..1000) | map: 'a' | join: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }}"
    * 50,
    "a list squared": LOOP + "{% assign l = l | concat: l | concat: (1..1000) %}{% endfor %}{{ l.size }}",
    "a list doubled": "{% assign l = (1..10) %}" + LOOP + "{% assign l = l | concat: l %}{% endfor %}",
    "a text doubled by append": "{% assign a = 'ha' %}" + LOOP + "{% assign a = a | append: a %}{% endfor %}",
    "a text doubled by prepend": "{% assign a = 'ha' %}" + LOOP + "{% assign a = a | prepend: a %}{% endfor %}",
    "a text doubled by capture": "{% assign a = 'ha' %}"
    + LOOP
    + "{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
    "a text doubled by join": "{% assign a = 'ha' %}" + LOOP + "{% assign a = a | split: '' | join: a %}{% endfor %}",
    "a text doubled by replace": "{% assign a = 'ha' %}" + LOOP + "{% assign a = a | replace: 'a', a %}{% endfor %}",
    "nothing replaced by much": "{% assign a = 'haaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}"
    + "{% assign a = a | replace: '', a %}" * 50,
    "one filter chain": "{% assign a = 'aaaaaaaaaaaaaaaa' %}{{ a" + " | replace: 'a', a" * 20 + " }}",
    "a quote that grows": "{% assign a = '\"' %}" + LOOP + "{% assign a = a | json %}{% endfor %}{{ a }}",
    "a letter that grows": "{% assign a = 'ßßßßßßßß' %}" + LOOP + "{% assign a = a | append: a | upcase %}{% endfor %}",
    "a truncation that grows": "{% assign a = 'aa' %}"
    + LOOP
    + "{% assign a = a | truncate: 1, a | append: a %}{% endfor %}",
    "a number that grows": "{% assign n = 9 %}" + LOOP + "{% assign n = n | times: n %}{% endfor %}{{ n }}",
    "a number that shrinks": "{% assign n = 0.1 %}" + LOOP + "{% assign n = n | times: n %}{% endfor %}{{ n }}",
    "a fraction that explodes": "{% assign n = 1.0 | divided_by: 999999999999999 %}{{ 999999999999999 | modulo: n }}",
    "a rounding far out": "{{ 1.5 | round: 999999999999999 }}{{ 1.5 | round: -999999999999999 }}",
    "an infinite number": "{{ '1e999' | plus: 1 }}{{ 'nan' | times: 'inf' }}{{ '-inf' | floor }}{{ 'nan' | ceil }}",
    "a number of text": "{{ '" + "9" * 900 + "' | plus: 1 }}",
    "a slice far out": "{{ 'abc' | slice: -999999999999999, 999999999999999 }}",
    "a date as wide as a house": "{{ '2026-01-01' | date: '%999999999d %99999Y %-99999H' }}",
    "a date of dates": "{{ '2026-01-01' | date: '" + "%A" * 400 + "' }}" * 60,
    "a date before time": "{{ '0001-01-01' | date: '%Y %s %c %x' }}{{ '9999-12-31T23:59:59+23:59' | date: '%Z%z' }}",
    "a split to letters": LOOP + "{% assign l = 'abcdefghijklmnopqrstuvwxyz' | split: '' %}{% endfor %}",
    "a sort in a loop": nested(LOOP, "{% endfor %}", 2, "{{ (1..1000) | sort | first }}"),
    "a uniq in a loop": nested(LOOP, "{% endfor %}", 2, "{{ (1..1000) | uniq | first }}"),
    "a comparison in a loop": "{% assign l = (1..1000) | sort %}"
    + nested(LOOP, "{% endfor %}", 2, "{% if l == l %}{% endif %}"),
    "a long condition in a loop": nested(LOOP, "{% endfor %}", 2, "{% if " + "0 == 1 or " * 40 + "1 %}{% endif %}"),
    "many branches in a loop": nested(
        LOOP, "{% endfor %}", 2, "{% if false %}" + "{% elsif false %}" * 900 + "{% endif %}"
    ),
    "many cases in a loop": nested(
        LOOP, "{% endfor %}", 2, "{% case 0 %}" + "{% when 1,2,3,4,5,6,7,8,9 %}" * 900 + "{% endcase %}"
    ),
    "many names": "".join(f"{{% assign a{n} = (1..1000) | join: 'aaaaaaaaaaaaaaaaaaaaaa' %}}" for n in range(900)),
    "captures in captures": nested("{% capture a %}{{ a }}x", "{% endcapture %}", 20, "y"),
    "ifs in ifs": nested("{% if true %}", "{% endif %}", 3000),
    "fors in fors": nested("{% for x in (1..2) %}", "{% endfor %}", 200),
    "cases in cases": nested("{% case 1 %}{% when 1 %}", "{% endcase %}", 1000),
    "comments in comments": nested("{% comment %}", "{% endcomment %}", 3000),
    "raws in raws": nested("{% raw %}", "{% endraw %}", 3000),
    "brackets in brackets": "{{ " + nested("custom[", "]", 150, "now") + " }}",
    "a chain of or": "{% if " + "1 or " * 15000 + "1 %}{% endif %}",
    "a chain of less": "{% if " + "1<" * 99 + "1 %}{% endif %}",
    "a chain of filters": "{{ 1 " + "|abs" * 240 + " }}",
    "a path without end": "{{ custom" + ".a" * 30000 + " }}",
    "braces only": "{{" * 32768,
    "tags only": "{%" * 32768,
    "closing braces only": "}}" * 32768,
    "opened and closed": "{{}}" * 16384,
    "unclosed raw": "{% raw %}" * 7000,
    "unclosed comments": "{% comment %}" + "{{" * 30000,
    "space": "{%" + " " * 65000,
    "space in many tags": ("{%" + " " * 900 + "%}") * 70,
    "parentheses": ("{{" + "(" * 990 + "}}") * 65,
    "quotes": ("{{" + "['" * 490 + "}}") * 65,
    "open quotes": "{{ '" * 10000,
    "dashes": "{{-" * 20000,
    "a source too long": "a" * 65537,
    "outputs without end": "{{ now }}" * 7000,
}

SPIES = {
    "an attribute": "{{ lead.__class__ }}{{ lead.firstName.__class__.__mro__ }}{{ custom.__dict__ }}",
    "an attribute in brackets": "{{ lead['__class__'] }}{{ custom['__init__']['__globals__'] }}",
    "an attribute by number": "{{ custom[0] }}{{ lead.firstName[0] }}",
    "an attribute by variable": "{% assign k = '__class__' %}{{ custom[k] }}{{ lead.firstName[k] }}",
    "an attribute by map": "{{ lead.tags | map: '__class__' }}{{ lead | map: '__len__' }}{{ lead | where: '__len__' }}",
    "an attribute by sort": "{{ lead.tags | sort: '__class__' }}",
    "a method": "{{ lead.items }}{{ lead.keys }}{{ lead.pop }}{{ lead.firstName.upper }}",
    "a method as a condition": "{% if lead.items or custom.keys or lead.tags.append %}opensesame{% endif %}",
    "the machinery": "{{ self }}{{ this }}{{ context }}{{ template }}{{ env }}{{ globals }}{{ _ }}{{ block }}",
    "the loop": "{% for x in (1..1) %}{{ forloop.__class__ }}{{ forloop.name }}{{ forloop.it }}{% endfor %}",
    "the machine's day": "{{ today }}{{ 'now' | date: '%s' }}{{ 'today' | date: '%s' }}",
    "an object": "{{ custom.secret }}{{ custom.secret.password }}{{ custom.secret['x'] }}{{ custom.secret | upcase }}",
    "an object in a list": "{{ custom.secrets | join | append: custom.secrets[0].x }}{{ custom | json }}",
    "an object as key": "{{ custom[custom.secret] }}{{ custom[lead] }}{{ custom[lead.tags] }}",
    "an object compared": "{% if custom.secret == 'opensesame' or custom.secret contains 'o' %}opensesame{% endif %}",
    "full-width braces": "｛｛ custom.secret ｝｝",
    "unseen letters": "{{ cus\u200btom.secret }}{{ \u202ecustom.secret }}{{ custom.\ufeffsecret }}",
    "other digits": "{{ custom[٠] }}{{ (١..٩) | size }}{{ '１２' | plus: 1 }}",
    "combined letters": "{{ le\u0301ad.firstName }}",
    "line separators": "{{\u2028custom.secret\u2029}}{%\x0bassign a = 1\x0c%}{{ a }}",
}


def spent_on(source: str, variables: Mapping[str, object]) -> tuple[str, int]:
    """What `source` renders to and the steps it took."""
    faults = FaultList(source)
    tree = parse(source, Grammar(LIMITS), faults)
    if faults.faults:
        raise TemplateInvalid(*faults.faults)
    budget = Budget(source, LIMITS, lambda: 0.0)
    page = Page(Values(variables, budget))
    page.render(tree)
    return page.text(), budget.spent


class TestBombs:
    @pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS.keys())
    def test_go_off_within_the_budget(self, templates: Templates, source: str) -> None:
        templates.check(source)
        try:
            text, spent = spent_on(source, {"now": "noon"})
        except TemplateError:
            return

        assert len(text) <= LIMITS.output
        assert spent <= LIMITS.steps


class TestSpies:
    @pytest.mark.parametrize("source", SPIES.values(), ids=SPIES.keys())
    def test_learn_nothing(self, templates: Templates, source: str) -> None:
        secret = Secret()
        variables = {
            "lead": {"firstName": "ann", "tags": ["a", "b"]},
            "custom": {"secret": secret, "secrets": [secret], "plain": 1},
        }
        try:
            text = templates.render(source, variables)
        except TemplateError as error:
            text = str(error)

        assert "opensesame" not in text
        assert "<class" not in text
        assert "object at" not in text


DEEP: list[object] = []
for _ in range(3000):
    DEEP = [DEEP]
ROUND: list[object] = []
ROUND.append(ROUND)
DATA = {
    "deep": DEEP,
    "round": ROUND,
    "huge number": 10**5000,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "long": "a" * 5_000_000,
    "many": list(range(500_000)),
    "wide": {str(number): number for number in range(200_000)},
    "odd keys": {(1, 2): 3, None: 4},
    "bytes": b"\xff",
    "a template": "{{ lead.firstName }}{% for x in (1..1000) %}",
    "half a letter": "\ud800",
    "a set": {1, 2},
    "a class": Secret,
}


class TestData:
    @pytest.mark.parametrize("value", DATA.values(), ids=DATA.keys())
    @pytest.mark.parametrize(
        "source",
        [
            "{{ custom.x }}",
            "{{ custom.x | json }}",
            "{{ custom.x | plus: 1 }}{{ custom.x | round: 2 }}{{ custom.x | ceil }}",
            "{{ custom.x | sort | uniq | join: custom.x }}",
            "{{ custom.x | replace: custom.x, custom.x }}{{ custom.x | date: custom.x }}",
            "{{ 'abc' | truncate: custom.x }}{{ 'abc' | slice: custom.x, custom.x }}",
            "{% if custom.x == custom.x or custom.x < custom.x or custom.x contains custom.x %}{% endif %}",
            "{% for a in custom.x %}{{ a }}{% for b in custom.x limit: custom.x %}{{ b }}{% endfor %}{% endfor %}",
            "{% for a in (custom.x..custom.x) offset: custom.x %}{{ a }}{% endfor %}",
            "{{ custom[custom.x] }}{{ custom.x[custom.x] }}{{ custom.x.size }}{{ custom.x.first }}",
            "{% case custom.x %}{% when custom.x, 1 %}{% endcase %}",
        ],
    )
    def test_cannot_break_a_template(self, templates: Templates, source: str, value: object) -> None:
        try:
            text = templates.render(source, {"custom": {"x": value}})
        except TemplateError:
            return

        assert len(text) <= LIMITS.output

    def test_is_never_read_as_a_template(self, templates: Templates) -> None:
        assert templates.render("{{ custom.x }}", {"custom": {"x": "{{ now }}"}, "now": "noon"}) == "{{ now }}"


WORDS = [
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "-",
        "|",
        ":",
        ",",
        ".",
        "..",
        "(",
        ")",
        "[",
        "]",
        "'",
        '"',
        "=",
        "==",
        "<",
        ">",
        "!=",
        " ",
        "\n",
    ),
    *("if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "for", "in", "endfor", "break"),
    *("continue", "assign", "capture", "endcapture", "comment", "endcomment", "raw", "endraw", "#", "limit", "offset"),
    *(
        "reversed",
        "and",
        "or",
        "contains",
        "not",
        "empty",
        "blank",
        "nil",
        "true",
        "required",
        "cols",
        "x",
        "lead",
        "custom",
    ),
    *(
        "now",
        "forloop",
        "first",
        "size",
        "__class__",
        "1",
        "1000",
        "-1",
        "0.5",
        "'a'",
        "é",
        "\u2028",
        "$",
        "\\",
        "join",
        "split",
    ),
    *(
        "append",
        "replace",
        "times",
        "divided_by",
        "date",
        "default",
        "map",
        "sort",
        "where",
        "slice",
        "json",
        "truncate",
    ),
]
WHOLE = [
    "{{ x }}",
    "{{ custom | json }}",
    "{% if x %}",
    "{% else %}",
    "{% endif %}",
    "{% for x in custom %}",
    "{% for x in (1..1000) %}",
    "{% endfor %}",
    "{% assign x = x | append: x | append: 'a' %}",
    "{% assign x = x | split: '' %}",
    "{% capture x %}",
    "{% endcapture %}",
    "{% break %}",
    "{% case x %}",
    "{% when 1, 'a' %}",
    "{% endcase %}",
    "{{ x | replace: 'a', x | size }}",
]


class TestAnythingAtAll:
    @settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(pieces=st.lists(st.sampled_from(WORDS) | st.sampled_from(WHOLE) | st.text(max_size=3), max_size=60))
    def test_is_an_error_of_templates_or_a_short_text(self, vocabulary: Vocabulary, pieces: list[str]) -> None:
        templates = Templates(vocabulary, lambda: 0.0, limits=TemplateLimits(steps=3_000, output=2_000))
        source = "".join(pieces)
        variables = {"custom": {"a": [1, "a", None]}, "x": "aa", "lead": {"firstName": "ann"}}

        assert all(fault.line >= 1 and fault.column >= 1 and fault.sentence for fault in templates.check(source))
        try:
            text = templates.render(source, variables)
        except TemplateError:
            return
        assert len(text) <= 2_000
