"""`demo.json` in the data folder: the demo's keys and ids for scripts and newcomers."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class DemoFile:
    """The file, and the name under which it waits while a start is under way.

    Whoever waits for the file to appear thus knows that the platform answers.
    """

    path: Path

    def read(self) -> dict[str, Any] | None:
        """What it says; None where there is none that can be read."""
        return _read(self.path)

    def aside(self) -> dict[str, Any] | None:
        """What it said before this start."""
        return _read(self._aside)

    def set_aside(self) -> None:
        """Take it away until the platform answers."""
        if self.path.exists():
            self.path.replace(self._aside)

    def write(self, content: dict[str, Any]) -> None:
        """Put it there whole, for our own account alone: it holds keys."""
        draft = self.path.with_name(f".{self.path.name}.new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        self._aside.unlink(missing_ok=True)

    @property
    def _aside(self) -> Path:
        return self.path.with_name(f".{self.path.name}.last")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return content if isinstance(content, dict) and "apiKey" in content else None
