"""What is said about a template when it is saved."""

from collections.abc import Callable

import pytest

from leadsail.foundation.liquid import TemplateFault, TemplateInvalid, Templates

Complains = Callable[[str], list[str]]


class TestAGoodTemplate:
    def test_has_no_faults(self, complaints: Complains) -> None:
        source = (
            "You are {{ agent.name }}. {% if questionnaire.roof_age > 5 and custom['my key'] %}{{ now }}{% endif %}"
            "{% for item in known_information %}{{ item.question }}: {{ item.answer }}{{ forloop.index }}{% endfor %}"
            "{% assign city = lead.address.city | default: 'your town' %}{{ city }}{{ lead.tags | join: ', ' }}"
        )

        assert complaints(source) == []


class TestVariableNames:
    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("{{ firstName }}", "there is no variable `firstName`; did you mean `lead.firstName`?"),
            ("{{ lead.firstNam }}", "`lead` has no `firstNam`; did you mean `lead.firstName`?"),
            ("{{ lead.first_name }}", "`lead` has no `first_name`; did you mean `lead.firstName`?"),
            ("{{ lead.adress.city }}", "`lead` has no `adress`; did you mean `lead.address.city`?"),
            ("{{ lead.email.host }}", "`lead.email` is a single value and has no `host`"),
            ("{{ lead.__class__ }}", "`lead` has no `__class__`"),
            (
                "{{ known_information.answer }}",
                "`known_information` is a list and has no `answer`; go through it with `for`",
            ),
            ("{{ lead[now] }}", "write out which part of `lead` is meant, such as `lead.firstName`"),
            ("{{ lead }}", "`lead` is a group; name one part, such as `lead.firstName`"),
            ("{{ known_information }}", "`known_information` is a list; go through it with `for`, or add `| json`"),
            ("{{ xyzzy }}", "there is no variable `xyzzy`"),
            ("{{ lеad.email }}", "there is no variable `lеad.email`; did you mean `lead.email`?"),
        ],
    )
    def test_outside_the_vocabulary_are_faults(self, complaints: Complains, source: str, complaint: str) -> None:
        assert complaints(source) == [f"line 1, column 4: {complaint}"]

    @pytest.mark.parametrize(
        "source",
        [
            "{% if oops %}{% endif %}",
            "{% unless true and oops %}{% endunless %}",
            "{% case oops %}{% when 1 %}{% endcase %}",
            "{% case 1 %}{% when oops %}{% endcase %}",
            "{% if true %}{% elsif 1 < oops %}{% endif %}",
            "{% for x in oops %}{% endfor %}",
            "{% for x in (1..oops) %}{% endfor %}",
            "{% for x in (1..2) limit: oops %}{% endfor %}",
            "{% for x in (1..2) %}{% else %}{{ oops }}{% endfor %}",
            "{% assign x = oops %}",
            "{% capture x %}{{ oops }}{% endcapture %}",
            "{{ 'a' | append: oops }}",
            "{{ custom[oops] }}",
        ],
    )
    def test_are_looked_for_everywhere(self, complaints: Complains, source: str) -> None:
        column = source.index("oops") + 1

        assert complaints(source) == [f"line 1, column {column}: there is no variable `oops`"]

    def test_of_the_items_of_a_list_are_known(self, complaints: Complains) -> None:
        source = "{% for item in known_information %}\n  {{ item.answr }}\n{% endfor %}"

        assert complaints(source) == ["line 2, column 6: `item` has no `answr`; did you mean `item.answer`?"]

    def test_that_the_template_gave_are_known_from_there_on(self, complaints: Complains) -> None:
        source = "{{ x }}{% assign x = 1 %}{{ x }}{% capture y %}{% endcapture %}{{ y }}"

        assert complaints(source) == ["line 1, column 4: there is no variable `x`"]

    def test_of_a_loop_end_with_it(self, complaints: Complains) -> None:
        source = "{% for x in (1..2) %}{{ x }}{{ forloop.index }}{% endfor %}{{ x }}{{ forloop.index }}"

        assert len(complaints(source)) == 2

    @pytest.mark.parametrize(
        "source",
        ["{% assign lead = 1 %}", "{% capture now %}{% endcapture %}", "{% for forloop in (1..2) %}{% endfor %}"],
    )
    def test_of_the_platform_cannot_be_given_away(self, complaints: Complains, source: str) -> None:
        assert "is already a variable; choose another name" in complaints(source)[0]


class TestTagsAndFilters:
    @pytest.mark.parametrize(
        "tag",
        [
            "include",
            "render",
            "import",
            "layout",
            "extends",
            "block",
            "increment",
            "decrement",
            "cycle",
            "ifchanged",
            "tablerow",
            "echo",
            "liquid",
            "doc",
            "macro",
            "call",
            "with",
            "paginate",
            "form",
            "style",
            "javascript",
        ],
    )
    def test_that_prompts_do_not_have_are_faults(self, complaints: Complains, tag: str) -> None:
        assert f"there is no tag `{tag}`" in complaints(f"{{% {tag} 'x' %}}")[0]

    @pytest.mark.parametrize(
        ("expression", "complaint"),
        [
            ("now | upcse", "there is no filter `upcse`; did you mean `upcase`?"),
            ("now | base64_decode", "there is no filter `base64_decode`"),
            ("now | append", "the filter `append` takes 1 value, not 0"),
            ("now | upcase: 1", "the filter `upcase` takes no value, not 1"),
            ("now | replace", "the filter `replace` takes 1 to 2 values, not 0"),
            ("now | default: 1, allow_false: true", "the filter `default` takes no named arguments"),
        ],
    )
    def test_that_do_not_fit_are_faults(self, complaints: Complains, expression: str, complaint: str) -> None:
        assert complaints(f"{{{{ {expression} }}}}") == [f"line 1, column 10: {complaint}"]

    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("{% if now %}", "column 1: `if` is never closed with `endif`"),
            ("{% endif %}", "column 1: `endif` stands where nothing is open for it"),
            ("{% for x in (1..2) %}{% elsif %}{% endfor %}", "column 22: `elsif` stands where nothing is open for it"),
            ("{% break %}", "column 1: `break` is only good inside a `for`"),
            ("{% raw %}{{", "column 1: `raw` is never closed with `endraw`"),
            ("{% comment %}", "column 1: `comment` is never closed with `endcomment`"),
            (
                "{% case now %}text{% when 1 %}{% endcase %}",
                "column 15: nothing may stand between `case` and its first `when`",
            ),
            ("{% case now, 1 %}{% endcase %}", "column 1: `case` compares one value"),
            ("{{ now }", "column 1: `{{` is never closed with `}}`"),
            ("{% if now }}", "column 1: `{%` is never closed with `%}`"),
            ("{% %}", "column 1: a tag begins with its name"),
            ("{{ }}", "column 3: this cannot be read: there is nothing here"),
            ("{{ now now }}", "column 8: this cannot be read: expected the end, found word"),
        ],
    )
    def test_that_are_not_well_formed_are_faults(self, complaints: Complains, source: str, complaint: str) -> None:
        assert f"line 1, {complaint}" in complaints(source)

    def test_an_if_inside_a_loop_must_be_closed_there(self, complaints: Complains) -> None:
        source = "{% for x in (1..2) %}{% if x %}{% endfor %}"

        assert complaints(source) == ["line 1, column 22: `if` is never closed with `endif`"]


class TestOtherLanguages:
    @pytest.mark.parametrize(("sign", "name"), [("*", "times"), ("+", "plus"), ("/", "divided_by")])
    def test_arithmetic_is_pointed_to_filters(self, complaints: Complains, sign: str, name: str) -> None:
        expected = f"line 1, column 4: unexpected '{sign}'; Liquid calculates with filters, such as `| {name}: 7`"

        assert complaints(f"{{{{7{sign}7}}}}") == [expected]

    @pytest.mark.parametrize(
        "source",
        [
            "{{ f() }}",
            "{{ a.b() }}",
            "{{#if x}}",
            "{{> partial}}",
            "{{{ x }}}",
            "{{ x ? 1 : 2 }}",
            "{{ x if y }}",
            "{{ [1,2] }}",
            "{{ now | map: x => x }}",
            "{{ `x` }}",
            "{{ @x }}",
            "{{ not x }}",
            "{{ (1) }}",
            "{{ a.b = 1 }}",
            "{{ lambda: 1 }}",
        ],
    )
    def test_code_is_refused_and_never_run(self, complaints: Complains, templates: Templates, source: str) -> None:
        assert complaints(source)
        with pytest.raises(TemplateInvalid):
            templates.render(source, {})


class TestTheList:
    def test_names_every_fault_in_the_order_of_the_text(self, templates: Templates) -> None:
        source = "Hello {{ oops }}\n{{ 7 * 7 }}\n\n  {% nope %}{{ now | uper }}"

        faults = templates.check(source)

        assert [(fault.line, fault.column) for fault in faults] == [(1, 10), (2, 6), (4, 3), (4, 22)]

    def test_ends_after_fifty(self, templates: Templates) -> None:
        assert len(templates.check("{{ oops }}" * 80)) == 50
        assert len(templates.check("{{ 7 * 7 }}" * 80)) == 50

    def test_is_what_rendering_a_broken_template_raises(self, templates: Templates) -> None:
        with pytest.raises(TemplateInvalid) as caught:
            templates.render("{% if now %}", {})

        assert caught.value.faults == [TemplateFault(1, 1, "`if` is never closed with `endif`")]


class TestAVocabularyThatChanged:
    def test_does_not_stop_a_template_that_was_saved_before(self, templates: Templates) -> None:
        assert templates.render("Hello {{ gone.name }}!", {}) == "Hello !"
