"""How much a template may use, and the account that is kept while one is rendered.

There is one currency, the step. Whatever a template does is paid in steps before or as it is done, so what
stops a hostile template is the same on every machine; the clock is only the second line of defence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from leadsail.foundation.liquid.errors import TemplateError, TemplateTooExpensive, TemplateTooLong, fault_at

_CHARACTERS_PER_STEP = 20
_STEPS_BETWEEN_CLOCK_READINGS = 500
_DEEPEST_VALUE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLimits:
    """What one template may use. Lengths are in characters.

    A step is one tag, one value or operator of an expression, one turn of a loop, one item of a list or 20
    characters of text that are read or made.
    """

    source: int = 65_536
    tags: int = 2_000
    expression: int = 1_000
    symbols: int = 200
    """Names, signs and literals in one expression: bounds how deeply an expression can nest."""
    nesting: int = 20
    range_items: int = 1_000
    output: int = 100_000
    """The longest text that may be made, be it the result, a captured text or what a filter returns."""
    steps: int = 100_000
    seconds: float = 0.5
    remembered: int = 1_000_000
    """Characters of source whose parsed form is kept for the next use."""


class Budget:
    """The account of one rendering. `position` is where the template stands, for the error that stops it."""

    def __init__(self, source: str, limits: TemplateLimits, monotonic: Callable[[], float]) -> None:
        self.limits = limits
        self.spent = 0
        self.position = 0
        self._source = source
        self._monotonic = monotonic
        self._deadline = monotonic() + limits.seconds
        self._next_reading = _STEPS_BETWEEN_CLOCK_READINGS

    def spend(self, steps: int = 1) -> None:
        """Pay for `steps`, or stop with `TemplateTooExpensive`."""
        self.spent += steps
        if self.spent > self.limits.steps:
            self._stop(TemplateTooExpensive, f"this needs more than {self.limits.steps:,} steps; make it shorter")
        if self.spent >= self._next_reading:
            self._next_reading = self.spent + _STEPS_BETWEEN_CLOCK_READINGS
            if self._monotonic() > self._deadline:
                self._stop(TemplateTooExpensive, f"this takes longer than {self.limits.seconds} s; make it shorter")

    def pay_for(self, value: object) -> None:
        """Pay for reading or making `value` with everything inside it."""
        waiting = [(value, 0)]
        while waiting:
            current, depth = waiting.pop()
            if isinstance(current, str):
                self.spend(1 + len(current) // _CHARACTERS_PER_STEP)
                continue
            inner = _inside(current)
            self.spend(1 + len(inner))
            if depth == _DEEPEST_VALUE:
                self._stop(TemplateTooExpensive, f"a value is nested more than {_DEEPEST_VALUE} deep")
            waiting.extend((item, depth + 1) for item in inner)

    def allow_length(self, length: int) -> None:
        """Stop with `TemplateTooLong` if a text of `length` characters is more than a prompt may hold."""
        if length > self.limits.output:
            self._stop(TemplateTooLong, f"this makes a text of more than {self.limits.output:,} characters")

    def allow_range(self, items: int) -> None:
        """Stop with `TemplateTooExpensive` if a range has too many items."""
        if items > self.limits.range_items:
            self._stop(TemplateTooExpensive, f"a range has at most {self.limits.range_items:,} items, not {items:,}")

    def _stop(self, error: type[TemplateError], sentence: str) -> NoReturn:
        raise error(fault_at(self._source, self.position, sentence))


def _inside(value: object) -> list[object] | range:
    """What a list or group holds; nothing for all else."""
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        return list(value)
    return value if isinstance(value, range) else []
