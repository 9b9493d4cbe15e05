"""Writes the client that waits from the one that awaits: the same text without its awaiting, word by word."""

import re
import sys
from pathlib import Path

WORDS = {
    r"async (def|with|for)\b": r"\1",
    r"\bawait ": "",
    r"\bAwaitable\[None\]": "None",
    r"\bAsyncGenerator\[(\w+), None\]": r"Generator[\1, None, None]",
    r"\bAsync(Generator|Iterator|ExitStack)\b": r"\1",
    r"\bhttpx2\.AsyncClient\b": "httpx2.Client",
    r"\bAsync(LeadSail)\b": r"\1",
    r"\bAsync(List|Sender)\b": r"Sync\1",
    r"\b__a(iter|enter|exit)__": r"__\1__",
    r"\basync(contextmanager)\b": r"\1",
    r"\bpush_async_callback\b": "callback",
    r"\ba(close|closing|read)\b": r"\1",
    r"\basyncio\.sleep\b": "time.sleep",
    r"\bimport asyncio\b": "import time",
    r"\basynchronous\b": "synchronous",
    r"\bthat await\b": "that wait",
}
"""What stands in the one, and what it is in the other."""

_HEADER = "# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.\n"


def twin(text: str) -> str:
    """The module that waits, for one that awaits."""
    for word, other in WORDS.items():
        text = re.sub(word, other, text)
    return _HEADER + text


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.mkdir(parents=True, exist_ok=True)
    for module in source.glob("*.py"):
        (target / module.name).write_text(twin(module.read_text()))
