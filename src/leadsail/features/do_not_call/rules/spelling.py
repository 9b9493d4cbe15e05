"""Which words a mistyped one may be meant for: slips, letters drawn out, digits for letters, lost spaces."""

import re
from collections.abc import Iterable, Iterator

from leadsail.features.do_not_call.rules.characters import LEET

_LONGEST = 30
"""Longer pieces are addresses and noise; no word of a lexicon is as long."""


class Spelling:
    """Knows the words that matter (`misspelt`), those that may stand joined, and those that are no slip (`known`)."""

    def __init__(self, *, misspelt: Iterable[str], joined: Iterable[str], known: frozenset[str]) -> None:
        self._known = known
        self._joined = frozenset(joined)
        self._keys = frozenset(misspelt)
        self._near: dict[str, set[str]] = {}
        for word in self._keys:
            for shape in _shortened(word, slips_in(word)):
                self._near.setdefault(shape, set()).add(word)

    def meant(self, word: str) -> frozenset[str]:
        """The words that an unknown one may be; none where it is known or like nothing that matters."""
        if word in self._known or word.isdigit() or len(word) > _LONGEST:
            return frozenset()
        plainer = [shape for shape in _plainer(word) if shape in self._known]
        plainer += [shape for shape in [re.sub(r"(.)\1+", r"\1", word)] if shape in self._keys]
        return frozenset(plainer[:1]) or frozenset(
            near for shape in (word, word.translate(LEET)) for near in self._slips(shape)
        )

    def _slips(self, word: str) -> Iterator[str]:
        for shape in _shortened(word, slips_in(word)):
            for near in self._near.get(shape, ()):
                if distance(word, near) <= slips_in(near):
                    yield near

    def parted(self, word: str) -> list[str]:
        """The words that an unknown one consists of, such as `stop calling me` for `stopcallingme`; else nothing."""
        if word in self._known or not 5 <= len(word) <= _LONGEST:
            return []
        best: list[list[str] | None] = [[], *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(end):
                before, piece = best[start], word[start:end]
                if (
                    before is not None
                    and piece in self._joined
                    and (best[end] is None or len(before) < len(best[end] or ()))
                ):
                    best[end] = [*before, piece]
        found = best[-1] or []
        return found if len(found) > 1 else []


def slips_in(word: str) -> int:
    """How many slips a word of this length may hold and still be told from others."""
    return 0 if len(word) < 4 else 1 if len(word) < 9 else 2


def _plainer(word: str) -> Iterator[str]:
    leetless = word if word.isalpha() else word.translate(LEET)
    yield leetless
    yield from (re.sub(r"(.)\1\1+", letters, leetless) for letters in (r"\1", r"\1\1"))
    if word.endswith("in"):
        yield f"{word}g"


def _shortened(word: str, most: int) -> set[str]:
    shapes, edge = {word}, {word}
    for _ in range(most):
        edge = {shape[:at] + shape[at + 1 :] for shape in edge for at in range(len(shape))}
        shapes |= edge
    return shapes


def distance(one: str, other: str) -> int:
    """Letters added, left out, changed, or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[-1] = min(row[-1], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
