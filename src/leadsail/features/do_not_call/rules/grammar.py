"""A small pattern language over words, and the automaton that finds every pattern in one pass over a sentence.

A pattern is a row of: a word; `<name>`, any member of a named list; `( a | b )`, one of several; `[ a ]`, may be left out;
`_3`, up to three words of any kind; `~<name>`, one word that is not in the list. `^` and `$` are the two ends of the message, `.` the end of a sentence,
`?` the end of a question, which is one too, and `,` a comma.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

ANY = "*"
"""The label of a step that takes any word; signs such as `.` and `$` are not words."""

SIGNS = frozenset({"^", "$", ".", "?", ","})

_PIECE = re.compile(r"~?<[a-z_]+>|_\d+|[()\[\]|]|[^\s()\[\]|<>]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, one sign, or one name in angle brackets."""

    label: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` words of any kind."""

    most: int


@dataclass(frozen=True, slots=True)
class Row:
    """Parts that follow each other."""

    parts: "tuple[Part, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts; an empty row among them makes the choice optional."""

    options: "tuple[Part, ...]"


Part: TypeAlias = Word | Gap | Row | Choice

_NOTHING = Row(())


def parse(pattern: str) -> Part:
    """Read one pattern. Raises `ValueError` naming the pattern where brackets do not match."""
    pieces = _PIECE.findall(pattern)
    part, rest = _choice(pieces, 0)
    if rest != len(pieces):
        raise ValueError(f"The pattern {pattern!r} has a bracket too many; mend it in the lexicon.")
    return part


def _choice(pieces: Sequence[str], at: int) -> tuple[Part, int]:
    options: list[Part] = []
    while True:
        row, at = _row(pieces, at)
        options.append(row)
        if at == len(pieces) or pieces[at] != "|":
            return (options[0] if len(options) == 1 else Choice(tuple(options))), at
        at += 1


def _row(pieces: Sequence[str], at: int) -> tuple[Part, int]:
    parts: list[Part] = []
    while at < len(pieces) and pieces[at] not in {"|", ")", "]"}:
        part, at = _item(pieces, at)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Row(tuple(parts))), at


def _item(pieces: Sequence[str], at: int) -> tuple[Part, int]:
    piece = pieces[at]
    if piece in {"(", "["}:
        part, end = _choice(pieces, at + 1)
        if end == len(pieces) or pieces[end] != {"(": ")", "[": "]"}[piece]:
            raise ValueError(f"A pattern lacks a closing bracket: {' '.join(pieces)!r}; mend it in the lexicon.")
        return (part if piece == "(" else Choice((part, _NOTHING))), end + 1
    if re.fullmatch(r"_\d+", piece):
        return Gap(int(piece[1:])), at + 1
    return Word(piece), at + 1


def words_of(part: Part) -> Iterator[str]:
    """Every word, sign and name that a part mentions."""
    if isinstance(part, Word):
        yield part.label
    elif isinstance(part, Row | Choice):
        for inner in part.parts if isinstance(part, Row) else part.options:
            yield from words_of(inner)


class Names:
    """The named lists of one language: what a name stands for, and which names a single word belongs to."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._parts = {f"<{name}>": parse(text) for name, text in lists.items()}

    def options(self, name: str) -> tuple[Part, ...]:
        """What a name may be replaced by. Raises `ValueError` for a name that no list has."""
        if name not in self._parts:
            raise ValueError(f"No list is called {name}; add it to the lexicon or mend the pattern that uses it.")
        part = self._parts[name]
        return part.options if isinstance(part, Choice) else (part,)

    def longer_options(self, name: str) -> Iterator[Part]:
        """The members of a list that are more than one word; those of one word are found by the name itself."""
        for option in self.options(name):
            if isinstance(option, Word) and option.label.startswith("<"):
                yield from self.longer_options(option.label)
            elif not isinstance(option, Word):
                yield option

    @cached_property
    def of_word(self) -> dict[str, frozenset[str]]:
        """The names under which each single word is listed."""
        found: dict[str, set[str]] = defaultdict(set)
        for name in self._parts:
            for word in self._single_words(name):
                found[word].add(name)
        return {word: frozenset(names) for word, names in found.items()}

    def _single_words(self, name: str) -> Iterator[str]:
        for option in self.options(name):
            if isinstance(option, Word):
                if option.label.startswith("<"):
                    yield from self._single_words(option.label)
                else:
                    yield option.label

    def words(self) -> Iterator[str]:
        """Every word of every list."""
        for part in self._parts.values():
            yield from words_of(part)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in the tokens from `start` to before `end`; `rule` is the number it was added under."""

    rule: int
    start: int
    end: int


@dataclass(slots=True)
class Step:
    """What the automaton sees of one token: its labels (with `ANY` if it is a word), and whether it may be passed over."""

    labels: frozenset[str]
    passable: bool


@dataclass(slots=True)
class Automaton:
    """All patterns as one machine: states, the labels that lead on from each, and the rules that end there.

    One pass keeps at most one start for every state, so the work grows with the number of tokens and with nothing else.
    """

    _next: list[dict[str, list[int]]] = field(default_factory=lambda: [{}])
    _free: list[list[int]] = field(default_factory=lambda: [[]])
    _ends: dict[int, int] = field(default_factory=dict)
    _moves: list[dict[str, tuple[int, ...]]] = field(default_factory=list)

    def add(self, part: Part, rule: int, names: Names) -> None:
        """Add a pattern; what it finds is reported under the number `rule`."""
        self._ends[self._grow(part, 0, names)] = rule

    def _state(self) -> int:
        self._next.append({})
        self._free.append([])
        return len(self._next) - 1

    def _grow(self, part: Part, start: int, names: Names) -> int:
        if isinstance(part, Row):
            for inner in part.parts:
                start = self._grow(inner, start, names)
            return self._after(start)
        if isinstance(part, Choice):
            return self._join(self._grow(option, self._after(start), names) for option in part.options)
        if isinstance(part, Gap):
            return self._grow_gap(part, start)
        return self._grow_word(part.label, start, names)

    def _grow_word(self, label: str, start: int, names: Names) -> int:
        end = self._state()
        self._next[start].setdefault(label, []).append(end)
        if not label.startswith("<"):
            return end
        longer = [self._grow(option, self._after(start), names) for option in names.longer_options(label)]
        return self._join([end, *longer])

    def _grow_gap(self, gap: Gap, start: int) -> int:
        places = [start]
        for _ in range(gap.most):
            places.append(self._state())
            self._next[places[-2]].setdefault(ANY, []).append(places[-1])
        return self._join(places)

    def _after(self, state: int) -> int:
        new = self._state()
        self._free[state].append(new)
        return new

    def _join(self, states: Iterable[int]) -> int:
        states, end = list(states), self._state()
        for state in states:
            self._free[state].append(end)
        return end

    def _closure(self, state: int) -> set[int]:
        found, todo = {state}, [state]
        while todo:
            for other in self._free[todo.pop()]:
                if other not in found:
                    found.add(other)
                    todo.append(other)
        return found

    def finish(self) -> None:
        """Fold the free steps into the labelled ones; call it once, when every pattern was added."""
        useful = {state for state, moves in enumerate(self._next) if moves} | self._ends.keys()
        reach = [sorted(self._closure(state) & useful) for state in range(len(self._next))]
        folded = [{label: {far for near in to for far in reach[near]} for label, to in m.items()} for m in self._next]
        self._moves = [{label: tuple(sorted(to)) for label, to in moves.items()} for moves in folded]
        for state in reach[0][1:]:
            for label, to in self._moves[state].items():
                self._moves[0][label] = tuple(sorted({*self._moves[0].get(label, ()), *to}))

    def run(self, steps: Iterable[Step]) -> Iterator[Match]:
        """Find every pattern; of several ways to the same end the shortest is reported."""
        active: dict[int, int] = {}
        for at, step in enumerate(steps):
            reached = self._reached(active, step, at)
            for state, start in reached.items():
                if state in self._ends:
                    yield Match(self._ends[state], start, at + 1)
            if step.passable:
                for state, start in active.items():
                    reached[state] = max(start, reached.get(state, start))
            active = reached

    def _reached(self, active: Mapping[int, int], step: Step, at: int) -> dict[int, int]:
        reached: dict[int, int] = {}
        for state, start in ((0, at), *active.items()):
            moves = self._moves[state]
            for label in step.labels:
                for other in moves.get(label, ()):
                    reached[other] = max(start, reached.get(other, start))
        return reached
