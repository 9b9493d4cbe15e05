"""How written and spoken text becomes plain lower-case words and signs. What a word means is not decided here."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`\uff07", "'"))

_LOOKALIKES = str.maketrans(
    dict(zip("авеікмнорстухѕјԁɡαεικνορτυχ", "abeikmhopctyxsjdgaeikvoptux", strict=True))
    | {"\u0131": "i", "ø": "o", "ł": "l", "œ": "oe", "æ": "ae", "đ": "d"}
)
"""Letters of other alphabets that stand in for Latin ones, after lower-casing."""

_LETTER_BLOCKS = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
"""Where the squared, circled and flag letters A to Z begin."""

_WORD = re.compile(r"[a-z0-9$@*'_]+|[.!?\n;]+|[^a-z0-9\s$@*'_.!?;]")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|quelqu|jusqu|lorsqu|puisqu)'(?=[aeiouyhm])")
_SHORT_FORMS = {
    r"(?<=n);(?=t\b)": "'",
    r"(?<=\w)-(?=\w)": " ",
    r"\.\.+|\n+|…": ", ",
    r"#(?!\w)": " number ",
    r"\bw/o\b": " without ",
    r"\bw/": " with ",
}

_SPOKEN_SIGNS = {"/": "or", "&": "and", "+": "and"} | dict.fromkeys(",:()-", ",")
"""What a sign is read as; any other says nothing."""

LEET = str.maketrans("013457$@", "oieastsa")
"""Digits and signs that are written in place of a letter."""


def plain(text: str, past: Collection[str] = ()) -> str:
    """Lower case, without accents, invisible characters, letters in disguise or typographic apostrophes.

    The accent that tells a past tense from a request is kept, as another ending of the stems in `past`.
    """
    if past:
        text = re.sub(rf"(?i)\b({'|'.join(past)})[éÉ]\b", r"\1aba", unicodedata.normalize("NFC", text))
    unfolded = unicodedata.normalize("NFKD", "".join(_unframed(text)).translate(_APOSTROPHES))
    kept = (c for c in unfolded if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return "".join(kept).casefold().translate(_LOOKALIKES)


def _unframed(text: str) -> Iterator[str]:
    for character in text:
        starts = [block for block in _LETTER_BLOCKS if block <= ord(character) < block + 26]
        yield chr(ord("a") + ord(character) - starts[0]) if starts else character


def pieces(text: str, emoji: Mapping[str, str]) -> Iterator[str]:
    """The words and signs of a text that went through `plain`: `.` and `?` end a sentence, `,` is any lesser pause.

    A picture is the word that `emoji` has for it, or nothing.
    """
    for piece in _WORD.findall(_spelled_out(text)):
        if piece[0] in ".!?;":
            yield "?" if "?" in piece else "."
        elif not piece[0].isascii():
            yield from emoji.get(piece, "").split()
        elif piece[0] in "$@*'_" or piece[0].isalnum():
            yield from _words(piece)
        else:
            yield from _SPOKEN_SIGNS.get(piece, "").split()


def _spelled_out(text: str) -> str:
    for sign, words in _SHORT_FORMS.items():
        text = re.sub(sign, words, text)
    return text


def _words(piece: str) -> Iterator[str]:
    for part in piece.split("_"):
        word = part.strip("'*@")
        elided = _ELIDED.match(word)
        if elided:
            yield elided[0][:-1]
            word = word[elided.end() :]
        word = re.sub(r"['*]", "", word)
        if word and word != "$":
            yield word
