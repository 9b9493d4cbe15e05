"""How a message becomes tokens: every word with all that it may stand for, and which words may be passed over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from leadsail.features.do_not_call.rules.characters import pieces, plain
from leadsail.features.do_not_call.rules.grammar import ANY, SIGNS, Step
from leadsail.features.do_not_call.rules.lexicon import Lexicon, lexicon
from leadsail.features.do_not_call.rules.spelling import Spelling

LONGEST = 20_000
"""Characters that are read. Of a longer text both ends are: a request stands first or last."""

PICTURES = frozenset({"stopsign", "phonesign", "laughsign"})
"""What a picture is read as; it may always be passed over."""

_LONGEST_FILLER = 5


@dataclass(slots=True)
class Token:
    """One word or sign as it is read: `meanings` has the word itself and what it may be short or mistyped for."""

    text: str
    meanings: frozenset[str]
    passable: bool = False

    @property
    def is_word(self) -> bool:
        """Whether this is no sign such as a full stop or the end of the message."""
        return self.text not in SIGNS


class Reader:
    """Reads messages with the words of a lexicon."""

    def __init__(self, words: Lexicon) -> None:
        self._words = words

    @cached_property
    def _spelling(self) -> Spelling:
        words = self._words
        return Spelling(misspelt=words.misspelt, joined=words.joined, known=words.known)

    def read(self, text: str) -> list[Token]:
        """The tokens of a message between its two ends."""
        if len(text) > LONGEST:
            text = f"{text[: LONGEST // 2]} . {text[-LONGEST // 2 :]}"
        found = _without_rows_of_pictures(pieces(plain(text, self._words.past), self._words.emoji))
        found = [word for piece in self._mended(found) for word in self._spelling.parted(piece) or [piece]]
        tokens = [self._token(piece) for piece in ("^", *_without_needless_stops(found), "$")]
        self._mark_fillers(tokens)
        return tokens

    def steps(self, tokens: Sequence[Token]) -> list[Step]:
        """What an automaton is to see of the tokens, where no comma may be passed over."""
        steps = [Step(self._labels(token), token.passable) for token in tokens]
        for automaton, names in self._words.lists:
            for match in list(automaton.run(steps)):
                steps[match.start].longer.setdefault(names[match.rule], set()).add(match.end)
        return steps

    def _labels(self, token: Token) -> frozenset[str]:
        names = (self._words.names_of.get(meaning, frozenset()) for meaning in token.meanings)
        labels = token.meanings.union(*names)
        return labels | {ANY, *(f"~{name}" for name in self._words.excluded - labels)} if token.is_word else labels

    def _token(self, piece: str) -> Token:
        if piece in SIGNS:
            return Token(piece, frozenset({piece, "."} if piece == "?" else {piece}))
        nearer = frozenset({piece}) if piece in self._words.spelled else self._spelling.meant(piece)
        meant = nearer.union(*(self._words.spelled.get(word, frozenset()) for word in nearer))
        return Token(piece, meant | {piece}, passable=piece in PICTURES)

    def _mended(self, found: Sequence[str]) -> Iterator[str]:
        """Join what was spelled out (`s t o p`) or cut in two (`st op`)."""
        at = 0
        while at < len(found):
            joined, taken = self._spelled_out(found, at)
            if not joined:
                joined, taken = self._cut(found[at], found[at + 1 : at + 2])
            yield joined
            at += taken

    def _spelled_out(self, found: Sequence[str], at: int) -> tuple[str, int]:
        letters, end = "", at
        while end < len(found) and (len(found[end]) == 1 or found[end] in SIGNS) and end - at < 60:
            letters += "" if found[end] in SIGNS else found[end]
            end += 1
        while end > at and found[end - 1] in SIGNS:
            end -= 1
        meaningful = letters in self._words.misspelt or self._spelling.parted(letters) or self._is_phrase(letters)
        return (letters, end - at) if len(letters) > 2 and meaningful else ("", 0)

    def _is_phrase(self, word: str) -> bool:
        return any((word,) in whole.per_se for whole in self._words.whole_messages)

    def _cut(self, word: str, following: Sequence[str]) -> tuple[str, int]:
        for other in following:
            both = word + other
            if both in self._words.misspelt and (len(other) == 1 or not {word, other} <= self._words.known):
                return both, 2
        return word, 1

    def _mark_fillers(self, tokens: Sequence[Token]) -> None:
        words = [token.text for token in tokens]
        for start, first in enumerate(tokens):
            first.passable = first.passable or any((word,) in self._words.fillers for word in first.meanings)
            for length in range(2, _LONGEST_FILLER + 1):
                if tuple(words[start : start + length]) in self._words.fillers:
                    for token in tokens[start : start + length]:
                        token.passable = True


def _without_rows_of_pictures(found: Iterable[str]) -> list[str]:
    """Two of the same picture say as much as a hundred."""
    result = list[str]()
    for piece in found:
        if piece not in PICTURES or result[-2:] != [piece, piece]:
            result.append(piece)
    return result


def _without_needless_stops(found: Sequence[str]) -> list[str]:
    """`Stop. Calling. Me.` is one sentence.

    A full stop between words that stand alone says nothing; after one that is followed by few it is a pause.
    """
    stops = [-1, *(at for at, piece in enumerate(found) if piece in {".", "?"}), len(found)]
    result = list(found)
    for before, stop, after, last in zip(stops, stops[1:], stops[2:], [*stops[3:], len(found)], strict=False):
        is_spelling_out = after - stop == 2 and 2 in {stop - before, last - after} and found[stop + 1].isalpha()
        if is_spelling_out and found[stop] == ".":
            result[stop] = ""
        elif stop - before == 2 and after - stop <= 4:
            result[stop] = ","
    return [piece for piece in result if piece]


def across_commas(steps: Sequence[Step]) -> list[Step]:
    """The same steps where any comma may be passed over, as one that stands for a hesitation."""
    return [replace(step, passable=step.passable or "," in step.labels) for step in steps]


@lru_cache(maxsize=1)
def reader() -> Reader:
    """The reader of the product's own lexicon."""
    return Reader(lexicon())
