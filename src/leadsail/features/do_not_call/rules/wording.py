"""Whether somebody's words ask us to stop contacting them. What follows from it is decided elsewhere.

Words that say so by themselves are those of 47 CFR 64.1200(a)(10) with their Spanish and French counterparts, as a
whole message; all other wording counts if a reasonable person would take it so. Patterns decide: demands, harmless
phrases that take their words out of a demand, insisting ones that nothing takes away, and signs that contact is still
welcome. They stand in the folder `lexicon`, a folder for each language.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from typing import Literal, TypeAlias

from leadsail.features.do_not_call.rules.grammar import Match
from leadsail.features.do_not_call.rules.lexicon import LANGUAGES, Rule, Weight, lexicon
from leadsail.features.do_not_call.rules.reading import PICTURES, Token, across_commas, reader

SpokenOrWritten: TypeAlias = Literal["sms", "speech"]

SecondOpinion: TypeAlias = Callable[[str], float]
"""How likely a text is an opt-out, from 0 to 1; asked only where the rules say nothing."""

SURE_ENOUGH = 0.8
"""What a second opinion must come to."""

_NEAR = 15
"""Words between a demand and a sign of welcome that may take it away."""


@dataclass(frozen=True, slots=True)
class OptOutWording:
    """What was said and why it counts: `matched` are the words that decided, `rule` the family of their pattern."""

    certainty: Literal["per_se", "free"]
    matched: str
    rule: str
    language: str


def detect(text: str, channel: SpokenOrWritten, second_opinion: SecondOpinion | None = None) -> OptOutWording | None:
    """Say whether a message or a spoken turn asks for contact to end, or None.

    The same text gets the same answer always; the work grows with the text's length and no faster.
    """
    tokens = reader().read(text)
    return _per_se(tokens) or _by_rules(tokens, channel) or _by_opinion(text, tokens, second_opinion)


def detect_start(text: str) -> bool:
    """Say whether the whole message asks to be contacted again: START, UNSTOP and the like."""
    tokens = reader().read(text)
    return any(_consists_of(tokens, whole.start, whole.polite) for whole in lexicon().whole_messages)


def asks_for_help(text: str) -> bool:
    """Say whether the whole message is HELP, INFO or the like."""
    tokens = reader().read(text)
    return any(_consists_of(tokens, whole.help, whole.polite) for whole in lexicon().whole_messages)


def _per_se(tokens: Sequence[Token]) -> OptOutWording | None:
    for whole in lexicon().whole_messages:
        matched = _consists_of(tokens, whole.per_se, whole.polite)
        if matched:
            return OptOutWording("per_se", matched, f"{whole.language}.per-se", whole.language)
    return None


def _consists_of(tokens: Sequence[Token], keys: frozenset[tuple[str, ...]], polite: frozenset[tuple[str, ...]]) -> str:
    """The key words of a message that has nothing but them and polite ones; empty for any other message."""
    words = [token for token in tokens if token.is_word and token.text not in PICTURES]
    matched, at = list[str](), 0
    while at < len(words):
        taken = _longest(words, at, keys)
        if taken:
            matched.extend(token.text for token in words[at : at + taken])
        taken = taken or _longest(words, at, polite)
        if not taken:
            return ""
        at += taken
    return " ".join(matched)


def _longest(words: Sequence[Token], at: int, rows: Iterable[tuple[str, ...]]) -> int:
    fitting = (
        len(row)
        for row in rows
        if len(row) <= len(words) - at and all(word in words[at + i].meanings for i, word in enumerate(row))
    )
    return max(fitting, default=0)


_Matches: TypeAlias = list[tuple[Match, Rule]]
_Found: TypeAlias = dict[Weight, _Matches]


def _by_rules(tokens: Sequence[Token], channel: SpokenOrWritten) -> OptOutWording | None:
    found = _found(tokens)
    for match, rule in found["insists"] + _standing(found, len(tokens)):
        if channel == "speech" or not rule.speech_only:
            return OptOutWording("free", _words(tokens, match), rule.name, rule.language)
    return None


def _found(tokens: Sequence[Token]) -> _Found:
    words, steps = lexicon(), reader().steps(tokens)
    found: _Found = {"demands": [], "insists": [], "harmless": [], "welcome": [], "unwelcome": []}
    for match in chain(words.asking.run(across_commas(steps)), words.sparing.run(steps)):
        rule = words.rules[match.rule]
        found[rule.weight].append((_without_signs(match, tokens), rule))
    return found


def _without_signs(match: Match, tokens: Sequence[Token]) -> Match:
    """The match without the ends of sentences that it begins or closes with."""
    start, end = match.start, match.end
    while start < end - 1 and not tokens[start].is_word:
        start += 1
    while end > start + 1 and not tokens[end - 1].is_word:
        end -= 1
    return Match(match.rule, start, end)


def _standing(found: _Found, size: int) -> _Matches:
    """The demands that no harmless phrase covers and no sign of welcome near them softens."""
    harmless = _Cover(size, (match for match, _ in found["harmless"]))
    demands = [(match, rule) for match, rule in found["demands"] if not harmless.touches(match)]
    welcome = _Cover(size, _honest(found, demands, size))
    return [(match, rule) for match, rule in demands if rule.firm or not welcome.touches(match, within=_NEAR)]


def _honest(found: _Found, demands: _Matches, size: int) -> Iterator[Match]:
    """The signs of welcome that do not begin inside a demand or a complaint in the same language."""
    against = demands + found["unwelcome"]
    void = {
        language: _Cover(size, (replace(match, start=match.start + 1) for match in _shortest(against, language)))
        for language in LANGUAGES
    }
    for match, rule in found["welcome"]:
        if not void[rule.language].touches(replace(match, end=match.start + 1)):
            yield match


def _shortest(matches: _Matches, language: str) -> Iterable[Match]:
    """Of the matches in a language that begin at the same word by the same rule, the one that ends first."""
    first: dict[tuple[int, int], Match] = {}
    for match, rule in matches:
        known = first.get((match.rule, match.start))
        if rule.language == language and (known is None or match.end < known.end):
            first[match.rule, match.start] = match
    return first.values()


class _Cover:
    """Which tokens some matches cover; asked in the same time however many there are."""

    def __init__(self, size: int, matches: Iterable[Match]) -> None:
        edges = [0] * (size + 1)
        for match in matches:
            edges[match.start] += 1
            edges[match.end] -= 1
        self._before = [0, *accumulate(int(depth > 0) for depth in accumulate(edges))]
        self._size = size

    def touches(self, match: Match, within: int = 0) -> bool:
        start, end = max(0, match.start - within), min(self._size, match.end + within)
        return self._before[end] > self._before[start]


def _words(tokens: Sequence[Token], match: Match) -> str:
    return " ".join(token.text for token in tokens[match.start : match.end] if token.is_word)


def _by_opinion(text: str, tokens: Sequence[Token], second_opinion: SecondOpinion | None) -> OptOutWording | None:
    """Ask where words of contact or of ceasing occur and no rule has anything to say about them."""
    if second_opinion is None or not _touches_contact(tokens):
        return None
    found = _found(tokens)
    if found["harmless"] or found["welcome"] or second_opinion(text) < SURE_ENOUGH:
        return None
    return OptOutWording("free", text, "second-opinion", "und")


def _touches_contact(tokens: Sequence[Token]) -> bool:
    return any(step.labels & lexicon().contact_words for step in reader().steps(tokens))
