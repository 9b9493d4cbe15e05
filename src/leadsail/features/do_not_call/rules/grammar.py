"""A small pattern language over words, and the automaton that finds every pattern in one pass over a sentence.

A pattern is a row of
    a word;
    `<name>`, any member of a named list, or `~<name>`, one word that is no member;
    `( a | b )`, one of several, or `[ a ]`, which may be left out;
    `_3`, up to three words of any kind;
    `^` and `$`, the ends of the message, `.`, the end of a sentence, `?`, the end of a question, which is a sentence
    too, and `,`, a comma.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
    """The named lists of one language.

    A member of one word is known by the word itself. Longer members, and lists inside lists, are patterns of their own
    that are looked for before all others; `levels` puts the lists in an order in which each needs only those before it.
    """

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._parts = {f"<{name}>": parse(text) for name, text in lists.items()}
        for name in self._parts:
            for word in self.words(name):
                if word.lstrip("~").startswith("<") and word.lstrip("~") not in self._parts:
                    raise ValueError(f"The list {name} uses {word}, which no list is called; mend the lexicon.")

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def words(self, name: str | None = None) -> Iterator[str]:
        """Every word, sign and name of one list, or of all of them."""
        for part in [self._parts[name]] if name else self._parts.values():
            yield from words_of(part)

    def _options(self, name: str) -> tuple[Part, ...]:
        part = self._parts[name]
        return part.options if isinstance(part, Choice) else (part,)

    @cached_property
    def of_word(self) -> dict[str, frozenset[str]]:
        """The names under which each single word is listed."""
        found: dict[str, set[str]] = defaultdict(set)
        for name in self._parts:
            for word in self._single_words(name):
                found[word].add(name)
        return {word: frozenset(names) for word, names in found.items()}

    def _single_words(self, name: str) -> Iterator[str]:
        for option in self._options(name):
            if isinstance(option, Word):
                yield from self._single_words(option.label) if option.label in self._parts else [option.label]

    def longer(self, name: str) -> list[Part]:
        """The members of a list that are more than one word, and the lists inside it that have such."""
        options = self._options(name)
        return [part for part in options if not isinstance(part, Word) or self._has_longer(part.label)]

    def _has_longer(self, label: str) -> bool:
        return label in self._parts and bool(self.longer(label))

    @cached_property
    def levels(self) -> list[list[str]]:
        """The lists with longer members, those first that build on no other."""
        depth = {name: self._depth(name) for name in self._parts if self.longer(name)}
        return [[name for name in depth if depth[name] == level] for level in sorted(set(depth.values()))]

    def _depth(self, name: str) -> int:
        inner = [word for part in self.longer(name) for word in words_of(part) if word in self._parts]
        return 1 + max((self._depth(other) for other in inner), default=0)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in the tokens from `start` to before `end`; `rule` is the number it was added under."""

    rule: int
    start: int
    end: int


@dataclass(slots=True)
class Step:
    """What an automaton sees of one token.

    `labels` hold for the token itself, with `ANY` if it is a word; `longer` has the labels of what begins here, with
    all the places where it may end. A pattern may pass over a `passable` token.
    """

    labels: frozenset[str]
    passable: bool
    longer: dict[str, set[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Automaton:
    """Many patterns as one machine: states, the labels that lead on from each, and the rules that end there.

    One pass keeps at most one start for every state and place, so the work grows with the number of tokens alone.
    """

    _next: list[dict[str, list[int]]] = field(default_factory=lambda: [{}])
    _free: list[list[int]] = field(default_factory=lambda: [[]])
    _ends: dict[int, int] = field(default_factory=dict)
    _moves: list[dict[str, tuple[int, ...]]] = field(default_factory=list)

    def add(self, part: Part, rule: int) -> None:
        """Add a pattern; what it finds is reported under the number `rule`."""
        self._ends[self._grow(part, 0)] = rule

    def _state(self) -> int:
        self._next.append({})
        self._free.append([])
        return len(self._next) - 1

    def _grow(self, part: Part, start: int) -> int:
        if isinstance(part, Row):
            for inner in part.parts:
                start = self._grow(inner, start)
            return start if part.parts else self._after(start)
        if isinstance(part, Gap):
            return self._grow_gap(part, start)
        return self._grow_choice(part.options if isinstance(part, Choice) else (part,), start)

    def _grow_choice(self, options: Sequence[Part], start: int) -> int:
        ends = [self._grow(option, self._after(start)) for option in options if not isinstance(option, Word)]
        words = [option.label for option in options if isinstance(option, Word)]
        if words:
            ends.append(self._state())
            for label in words:
                self._next[start].setdefault(label, []).append(ends[-1])
        return ends[0] if len(ends) == 1 and words else self._join(ends)

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
        reach = [tuple(self._closure(state) & useful) for state in range(len(self._next))]
        first: dict[str, list[int]] = {}
        for state in {0, *reach[0]}:
            for label, to in self._next[state].items():
                first.setdefault(label, []).extend(to)
        self._next[0] = first
        self._moves = [{label: tuple({f for n in to for f in reach[n]}) for label, to in m.items()} for m in self._next]
        self._next, self._free = [], []

    def run(self, steps: Sequence[Step]) -> Iterator[Match]:
        """Find every pattern; of several ways to the same end the shortest is reported."""
        active: list[dict[int, int]] = [{} for _ in range(len(steps) + 1)]
        for at, step in enumerate(steps):
            here, after = active[at], active[at + 1]
            for state, start in ((0, at), *here.items()):
                self._move(state, start, step.labels, after)
                for label, ends in step.longer.items():
                    for end in ends:
                        self._move(state, start, {label}, active[end])
            yield from self._ended(after, at + 1)
            if step.passable:
                for state, start in here.items():
                    if start > after.get(state, -1) and state not in self._ends:
                        after[state] = start
            active[at] = {}

    def _move(self, state: int, start: int, labels: AbstractSet[str], reached: dict[int, int]) -> None:
        moves = self._moves[state]
        for label in moves.keys() & labels:
            for other in moves[label]:
                if start > reached.get(other, -1):
                    reached[other] = start

    def _ended(self, reached: Mapping[int, int], end: int) -> Iterator[Match]:
        for state, start in reached.items():
            if state in self._ends:
                yield Match(self._ends[state], start, end)
