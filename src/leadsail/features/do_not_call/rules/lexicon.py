"""The words and patterns of every language, read once from the files of the folder `lexicon`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import zip_longest
from typing import Any, Literal, TypeAlias

import yaml

from leadsail.features.do_not_call.rules.grammar import Automaton, Names, Part, parse, words_of

Weight: TypeAlias = Literal["demands", "insists", "harmless", "welcome", "unwelcome"]
WEIGHTS: tuple[Weight, ...] = ("demands", "insists", "harmless", "welcome", "unwelcome")

LANGUAGES = {"en": "english", "es": "spanish", "fr": "french"}

_PARTS = ("words", "lists", "demands", "harmless", "welcome")
"""The files that each language has in a folder of its own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One family of patterns: its name, its language, what it weighs, and where it counts.

    A `firm` demand stands even where contact is welcome otherwise; `speech_only` is what speech recognition mishears.
    """

    name: str
    language: str
    weight: Weight
    firm: bool
    speech_only: bool


@dataclass(frozen=True, slots=True)
class WholeMessages:
    """The rows of words of one language that count only when they are the whole message, or never count."""

    language: str
    per_se: frozenset[tuple[str, ...]]
    start: frozenset[tuple[str, ...]]
    help: frozenset[tuple[str, ...]]
    polite: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the detector knows, ready to be used."""

    lists: tuple[tuple[Automaton, tuple[str, ...]], ...]
    """Find the members of lists that are more than one word, level by level, each with the names of its rules."""
    asking: Automaton
    """Finds what is said about contact, across the commas of hesitation."""
    sparing: Automaton
    """Finds the harmless phrases, which no comma may stand in unless the pattern has it."""
    rules: tuple[Rule, ...]
    whole_messages: tuple[WholeMessages, ...]
    names_of: Mapping[str, frozenset[str]]
    spelled: Mapping[str, frozenset[str]]
    fillers: frozenset[tuple[str, ...]]
    misspelt: frozenset[str]
    joined: frozenset[str]
    known: frozenset[str]
    """Words that mean what they say and are never taken for a slip."""
    excluded: frozenset[str]
    """The names that some pattern excludes, as `~<name>`."""
    contact_words: frozenset[str]
    emoji: Mapping[str, str]
    past: frozenset[str]
    """What stands before the accent of a Spanish past tense that is otherwise spelled like a request, as in dejé."""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Read and compile the files. Raises `ValueError` with the pattern that is wrong."""
    languages = [_Language(code, _parts_of(folder)) for code, folder in LANGUAGES.items()]
    return _assembled(languages, _read("everywhere.yaml"))


def _parts_of(folder: str) -> dict[str, Any]:
    return {key: value for part in _PARTS for key, value in _read(f"{folder}/{part}.yaml").items()}


def _text(name: str) -> str:
    return files(__package__).joinpath("lexicon", *name.split("/")).read_text(encoding="utf-8")


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load(_text(name))  # type: ignore[no-any-return] # the file has this shape


class _Language:
    """One file, with every `<name>` made its own by the language's code."""

    def __init__(self, code: str, body: Mapping[str, Any]) -> None:
        self.code, self.body = code, body
        self.names = Names({f"{code}_{name}": self._own(str(text)) for name, text in body["lists"].items()})

    def _own(self, pattern: str) -> str:
        return re.sub(r"<(\w+)>", rf"<{self.code}_\1>", pattern)

    def patterns(self) -> Iterator[tuple[Rule, Part]]:
        firm, speech = self.body["firm"].split(), self.body.get("speech", "").split()
        for weight in WEIGHTS:
            for name, patterns in self.body.get(weight, {}).items():
                rule = Rule(f"{self.code}.{name}", self.code, weight, firm=name in firm, speech_only=name in speech)
                yield from ((rule, self._checked(parse(self._own(str(pattern))))) for pattern in patterns)

    def _checked(self, part: Part) -> Part:
        for word in words_of(part):
            if word.lstrip("~").startswith("<") and word.lstrip("~") not in self.names:
                raise ValueError(f"A pattern uses {word}, which no list is called; mend the lexicon.")
        return part

    def rows(self, key: str) -> frozenset[tuple[str, ...]]:
        return rows(self.body[key])

    def words(self) -> Iterator[str]:
        for _, part in self.patterns():
            yield from words_of(part)
        yield from self.names.words()
        for key in ("fillers", "polite", "per_se", "start", "help"):
            yield from (word for row in self.rows(key) for word in row)

    def spelled(self) -> Iterator[tuple[str, str]]:
        for word, spellings in self.body["spelled"].items():
            yield from ((spelling, str(word)) for spelling in str(spellings).split())

    @property
    def whole_messages(self) -> WholeMessages:
        return WholeMessages(self.code, *(self.rows(key) for key in ("per_se", "start", "help", "polite")))

    @property
    def contact_words(self) -> frozenset[str]:
        return frozenset(self._own(word.strip()) for word in self.body["contact_words"].split("|"))


def rows(text: str) -> frozenset[tuple[str, ...]]:
    """`stop | opt out` as rows of words."""
    return frozenset(tuple(row.split()) for row in text.split("|"))


def _assembled(languages: Sequence[_Language], everywhere: Mapping[str, Any]) -> Lexicon:
    asking, sparing, rules = _compiled(languages)
    spelled = _spelled(languages)
    words = {word for language in languages for word in language.words()}
    real = {word for line in _text("real_words.txt").splitlines() if not line.startswith("#") for word in line.split()}
    return Lexicon(
        lists=tuple(_compiled_lists(languages)),
        asking=asking,
        sparing=sparing,
        rules=rules,
        whole_messages=tuple(language.whole_messages for language in languages),
        names_of=_names_of(languages),
        spelled=spelled,
        fillers=frozenset().union(*(language.rows("fillers") for language in languages)),
        misspelt=frozenset(word for language in languages for word in language.body["misspelt"].split()),
        joined=frozenset(word for language in languages for word in language.body["joined"].split()),
        known=frozenset(words | spelled.keys() | real),
        excluded=frozenset(word[1:] for word in words if word.startswith("~<")),
        contact_words=frozenset().union(*(language.contact_words for language in languages)),
        past=frozenset(stem for language in languages for stem in language.body.get("past", "").split()),
        emoji={picture: words for words, pictures in everywhere["emoji"].items() for picture in pictures},
    )


def _compiled(languages: Sequence[_Language]) -> tuple[Automaton, Automaton, tuple[Rule, ...]]:
    asking, sparing, numbers = Automaton(), Automaton(), dict[Rule, int]()
    for language in languages:
        for rule, part in language.patterns():
            automaton = sparing if rule.weight == "harmless" else asking
            automaton.add(part, numbers.setdefault(rule, len(numbers)))
    asking.finish()
    sparing.finish()
    return asking, sparing, tuple(numbers)


def _compiled_lists(languages: Sequence[_Language]) -> Iterator[tuple[Automaton, tuple[str, ...]]]:
    for level in zip_longest(*(language.names.levels for language in languages), fillvalue=()):
        automaton, names = Automaton(), list[str]()
        for language, its_names in zip(languages, level, strict=True):
            for name in its_names:
                for part in language.names.longer(name):
                    automaton.add(part, len(names))
                names.append(name)
        automaton.finish()
        yield automaton, tuple(names)


def _names_of(languages: Sequence[_Language]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language in languages:
        for word, names in language.names.of_word.items():
            found[word] = found.get(word, frozenset()) | names
    return found


def _spelled(languages: Sequence[_Language]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language in languages:
        for spelling, word in language.spelled():
            found[spelling] = found.get(spelling, frozenset()) | {word}
    return found
