"""Bodies that are lists of lines: as JSON like every other, or as the text file that somebody has at hand."""

import codecs
from typing import Any, ClassVar

from starlette.requests import Request

from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.web.schemas import Shape

TEXT_KINDS = ("text/csv", "text/plain")
"""Content types of a body that is taken line by line."""


class LinesShape(Shape):
    """A shape whose field `lines_field` is a list of strings; a text is taken for that field, one line a string."""

    lines_field: ClassVar[str]


async def read_lines(request: Request, shape: Any) -> dict[str, Any] | None:
    """The JSON value that a text body stands for; None where it is none, or `shape` takes none.

    Raises `InvalidInput` for what is not UTF-8. A byte order mark is passed over.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TEXT_KINDS or not (isinstance(shape, type) and issubclass(shape, LinesShape)):
        return None
    raw = (await request.body()).removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise InvalidInput("body: not valid UTF-8") from None
    return {shape.lines_field: text.replace("\r\n", "\n").replace("\r", "\n").split("\n")}


def text_content(example: str) -> dict[str, Any]:
    """What a route adds to its `openapi_extra` to tell that it takes lines as text, too."""
    kinds = {kind: {"schema": {"type": "string"}, "example": example} for kind in TEXT_KINDS}
    return {"requestBody": {"content": kinds}}
