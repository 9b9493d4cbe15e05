"""Scores the opt-out detector on a file of labelled phrases: `python tests/features/do_not_call/wording_score.py FILE`.

Prints counts only; `--show` adds the phrases that were judged wrongly. A line is label, language, channel and text
between tabs; the label is `per_se`, `free` (both ask for contact to end) or `keep`.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from leadsail.features.do_not_call.rules.wording import SpokenOrWritten, detect

LABELS = ("per_se", "free", "keep")


@dataclass(frozen=True, slots=True)
class Phrase:
    label: str
    language: str
    channel: SpokenOrWritten
    text: str

    def is_judged_rightly(self) -> bool:
        return (detect(self.text, self.channel) is not None) == (self.label != "keep")


@dataclass(slots=True)
class Score:
    total: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[Phrase] = field(default_factory=list)

    def share_opted_out(self, label: str) -> float:
        """Of the phrases with a label, the share that was taken for an opt-out: recall, or for `keep` false alarms."""
        total = sum(count for (known, _), count in self.total.items() if known == label)
        wrong = sum(phrase.label == label for phrase in self.wrong)
        return (wrong if label == "keep" else total - wrong) / total if total else 0.0

    def lines(self) -> Iterator[str]:
        for (label, language), count in sorted(self.total.items()):
            wrong = sum((phrase.label, phrase.language) == (label, language) for phrase in self.wrong)
            yield f"{label:7} {language}  {count - wrong:5} of {count:5} judged rightly"
        for label, meaning in zip(LABELS, ("recall", "recall", "false alarms"), strict=True):
            yield f"{label:7} {meaning:12} {self.share_opted_out(label):8.2%}"


def phrases(path: Path) -> list[Phrase]:
    """The phrases of a file; lines that are empty or start with `#` and have no tab are left out."""
    rows = (line.split("\t", 3) for line in path.read_text(encoding="utf-8").split("\n") if "\t" in line)
    return [Phrase(label, language, cast("SpokenOrWritten", channel), text) for label, language, channel, text in rows]


def scored(some: Iterable[Phrase]) -> Score:
    score = Score()
    for phrase in some:
        score.total[phrase.label, phrase.language] += 1
        if not phrase.is_judged_rightly():
            score.wrong.append(phrase)
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the opt-out detector on labelled phrases.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", action="store_true", help="print the phrases that were judged wrongly")
    arguments = parser.parse_args()
    score = scored(phrases(arguments.file))
    print(*score.lines(), sep="\n")
    if arguments.show:
        for phrase in score.wrong:
            print(phrase.label, phrase.language, phrase.channel, phrase.text, sep="\t")


if __name__ == "__main__":
    main()
