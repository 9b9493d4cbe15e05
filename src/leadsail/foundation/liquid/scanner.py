"""Cuts a template's source into text, outputs and tags, in one pass whose cost grows with the length alone.

The library's own cutter is not used: it looks ahead from every opening brace, so that a few thousand unclosed
ones take seconds. What stands between the braces is not read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from leadsail.foundation.liquid.budget import TemplateLimits
from leadsail.foundation.liquid.errors import FaultList

_BRACES = re.compile(r"\{\{-?|\{%-?|-?\}\}|-?%\}")
_TAG = re.compile(r"\s*(#|\w*)\s*")
_END_OF_VERBATIM = {
    "raw": re.compile(r"\{%(-?)\s*endraw\s*(-?)%\}"),
    "comment": re.compile(r"\{%(-?)\s*endcomment\s*(-?)%\}"),
}


class Kind(Enum):
    """The three things a template is made of."""

    TEXT = auto()
    OUTPUT = auto()
    TAG = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the source. `content` is text, or an expression that begins at index `start`."""

    kind: Kind
    content: str
    at: int
    start: int = 0
    name: str = ""
    """The tag's name."""


class Scanner:
    """Yields the pieces of one source; what is wrong with its braces goes to `faults`."""

    def __init__(self, source: str, limits: TemplateLimits, faults: FaultList) -> None:
        self._source, self._limits, self._faults = source, limits, faults
        self._position = 0
        self._strip_next = False

    def pieces(self) -> Iterator[Piece]:
        """The pieces from first to last, comments left out and `-` at a brace obeyed."""
        while opening := self._next_opening():
            yield from self._text(opening.start(), strip_end=opening[0].endswith("-"))
            closing = self._closing(opening)
            if closing:
                self._position = closing.end()
                self._strip_next = closing[0].startswith("-")
                yield from self._marked(opening, closing)
        yield from self._text(len(self._source), strip_end=False)

    def _next_opening(self) -> re.Match[str] | None:
        """The next `{{` or `{%`. Closing braces on the way are text: a prompt may well show some JSON."""
        braces = _BRACES.finditer(self._source, self._position)
        return next((brace for brace in braces if brace[0].startswith("{")), None)

    def _closing(self, opening: re.Match[str]) -> re.Match[str] | None:
        wanted = "}}" if opening[0].startswith("{{") else "%}"
        self._position = opening.end()
        closing = _BRACES.search(self._source, opening.end())
        if closing and closing[0].endswith(wanted):
            return closing
        self._faults.add(opening.start(), f"`{opening[0]}` is never closed with `{wanted}`")
        return None

    def _text(self, end: int, *, strip_end: bool) -> Iterator[Piece]:
        text = self._source[self._position : end]
        text = text.lstrip() if self._strip_next else text
        text = text.rstrip() if strip_end else text
        if text:
            yield Piece(Kind.TEXT, text, self._position)

    def _marked(self, opening: re.Match[str], closing: re.Match[str]) -> Iterator[Piece]:
        at, start, end = opening.start(), opening.end(), closing.start()
        if end - start > self._limits.expression:
            self._faults.add(at, f"this is longer than {self._limits.expression:,} characters; divide it")
        elif opening[0].startswith("{{"):
            yield Piece(Kind.OUTPUT, self._source[start:end], at, start)
        elif head := _TAG.match(self._source, start, end):
            yield from self._tag(at, head, end)

    def _tag(self, at: int, head: re.Match[str], end: int) -> Iterator[Piece]:
        name = head[1]
        if name in _END_OF_VERBATIM:
            yield from self._verbatim(at, name)
        elif name != "#":
            yield Piece(Kind.TAG, self._source[head.end() : end], at, head.end(), name)

    def _verbatim(self, at: int, name: str) -> Iterator[Piece]:
        """What stands between `raw` and `endraw` as text; a comment as nothing."""
        ending = _END_OF_VERBATIM[name].search(self._source, self._position)
        if not ending:
            self._faults.add(at, f"`{name}` is never closed with `end{name}`")
            self._position = len(self._source)
            return
        if name == "raw":
            yield from self._text(ending.start(), strip_end=bool(ending[1]))
        self._position = ending.end()
        self._strip_next = bool(ending[2])
