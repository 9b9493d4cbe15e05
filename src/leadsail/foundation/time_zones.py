"""The clocks of the world, from the `tzdata` package that is installed with the product and from nothing else.

`zoneinfo` by itself prefers the operating system's copy, which may be years old, and then shows last year's time in a
place that has since given up changing its clocks.
"""

import re
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NAME = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


@lru_cache(maxsize=1_024)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of an IANA name such as `America/Vancouver`; None where there is none."""
    if not _NAME.fullmatch(name):
        return None
    try:
        with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError):
        return None


def known_zone(name: str) -> ZoneInfo:
    """As `zone_named`, for a name that was checked before. Raises `ZoneInfoNotFoundError`."""
    zone = zone_named(name)
    if zone is None:
        raise ZoneInfoNotFoundError(f"There is no time zone {name}")
    return zone
