"""Reads the files of a rule book: the shipped one, or those in an operator's folder. What they mean is in `rules`."""

from pathlib import Path

from leadsail.features.contact_gate.errors import RulesUnavailableError

SHIPPED_BOOK = Path(__file__).parent.parent / "rules" / "book"
"""The folder of the rules that come with the product."""

_LARGEST = 1_000_000


def read_rule_files(folder: Path | None = None) -> dict[str, str]:
    """Name to text of every rule file in a folder. Raises `RulesUnavailableError` when one cannot be read."""
    folder = folder or SHIPPED_BOOK
    problems, texts = [], {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            texts[path.name] = _text(path)
        except (OSError, ValueError) as error:
            problems.append(f"{path.name}:1: cannot be read: {error}")
    if not texts and not problems:
        problems.append(f"{folder}: there is no rule file in this folder")
    if problems:
        raise RulesUnavailableError(problems)
    return texts


def _text(path: Path) -> str:
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"a rule file has at most {_LARGEST} bytes")
    return path.read_text(encoding="utf-8")
