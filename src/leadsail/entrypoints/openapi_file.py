"""Writes the reference to standard output, the same bytes for the same code: `openapi.json` in the repository."""

import sys

import orjson

from leadsail.entrypoints.api import framework
from leadsail.entrypoints.reference.document import describe

_BASE_URL = "http://127.0.0.1:8000"


def openapi_file() -> bytes:
    """The document with its keys in order, so that a difference shows what changed and nothing else."""
    document = describe(framework(), _BASE_URL)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    sys.stdout.buffer.write(openapi_file())
