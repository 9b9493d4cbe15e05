"""The door of this package: check a template when it is saved, render it when it is needed."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from leadsail.foundation.liquid.budget import Budget, TemplateLimits
from leadsail.foundation.liquid.checker import Checker
from leadsail.foundation.liquid.errors import FaultList, TemplateFault, TemplateInvalid
from leadsail.foundation.liquid.expressions import Grammar, Values
from leadsail.foundation.liquid.parser import parse
from leadsail.foundation.liquid.tree import Block, Page
from leadsail.foundation.liquid.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class _Parsed:
    tree: Block
    faults: list[TemplateFault]


class Templates:
    """Checks and renders templates of one vocabulary, and remembers what it parsed last.

    `monotonic` gives seconds that never go back, such as `Clock.monotonic`.
    """

    def __init__(
        self, vocabulary: Vocabulary, monotonic: Callable[[], float], *, limits: TemplateLimits | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self.limits = limits or TemplateLimits()
        self._grammar = Grammar(self.limits)
        self._monotonic = monotonic
        self._parsed: OrderedDict[str, _Parsed] = OrderedDict()
        self._remembered_characters = 0

    @property
    def remembered(self) -> Collection[str]:
        """The sources whose parsed form is kept, the one used last at the end."""
        return self._parsed.keys()

    def check(self, source: str) -> list[TemplateFault]:
        """Every fault of `source` in the order of its text, at most 50; no fault means it may be saved."""
        parsed = self._parse(source)
        names = FaultList(source)
        with suppress(TemplateInvalid):  # Too many faults to help; those found so far are kept.
            Checker(self.vocabulary, names).check(parsed.tree)
        return sorted([*parsed.faults, *names.faults])[: FaultList.most]

    def render(self, source: str, variables: Mapping[str, object]) -> str:
        """The text that `source` makes of `variables`: plain data, as in JSON, and dates.

        What is absent renders as nothing, known to the vocabulary or not: a due call is no time to find out.
        Raises `TemplateInvalid`, `TemplateTooExpensive` or `TemplateTooLong`.
        """
        parsed = self._parse(source)
        if parsed.faults:
            raise TemplateInvalid(*parsed.faults)
        page = Page(Values(variables, Budget(source, self.limits, self._monotonic)))
        page.render(parsed.tree)
        return page.text()

    def _parse(self, source: str) -> _Parsed:
        if source in self._parsed:
            self._parsed.move_to_end(source)
            return self._parsed[source]
        parsed = _parse(source, self._grammar)
        if len(source) <= self.limits.remembered:
            self._remember(source, parsed)
        return parsed

    def _remember(self, source: str, parsed: _Parsed) -> None:
        self._parsed[source] = parsed
        self._remembered_characters += len(source)
        while self._remembered_characters > self.limits.remembered:
            forgotten, _ = self._parsed.popitem(last=False)
            self._remembered_characters -= len(forgotten)


def _parse(source: str, grammar: Grammar) -> _Parsed:
    faults = FaultList(source)
    try:
        tree = parse(source, grammar, faults)
    except TemplateInvalid:
        return _Parsed((), faults.faults)
    return _Parsed(tree, faults.faults)
