"""Which schema this release needs, told without loading the migration tool."""

from pathlib import Path

NEWEST = max(path.name.partition("_")[0] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
"""The newest revision, such as `0001`; scripts are numbered, so it is the greatest name."""
