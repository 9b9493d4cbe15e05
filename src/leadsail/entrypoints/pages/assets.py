"""The files behind the pages. They come with the product, so no page asks another host for anything."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_HERE = files(__package__)
# Beside its maker's name Redoc shows a logo that it would fetch from its maker; an empty one asks nobody.
_FOREIGN_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_NO_LOGO = b"data:,"


@dataclass(frozen=True)
class Asset:
    """A file as it is sent. `version` changes with its content and stands in its address, so it is cached for good."""

    content: bytes
    media_type: str

    @property
    def version(self) -> str:
        """A short digest of the content."""
        return hashlib.sha256(self.content).hexdigest()[:12]


def page(name: str) -> str:
    """The template of a page."""
    return (_HERE / name).read_text("utf-8")


@cache
def assets() -> Mapping[str, Asset]:
    """Every asset by name."""
    redoc = (files("fastapi_offline") / "static" / "redoc.standalone.js").read_bytes()
    return {
        "redoc.js": Asset(redoc.replace(_FOREIGN_LOGO, _NO_LOGO), "text/javascript"),
        "start.css": Asset(page("start.css").encode(), "text/css"),
        "start.js": Asset(page("start.js").encode(), "text/javascript"),
        "mark.svg": Asset(page("mark.svg").encode(), "image/svg+xml"),
    }


@cache
def addresses() -> Mapping[str, str]:
    """The address of every asset, relative to the pages, under the name that the templates use."""
    return {name.replace(".", "_"): f"docs/assets/{name}?v={asset.version}" for name, asset in assets().items()}
