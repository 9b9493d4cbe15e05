"""How old a registry's file may be before it protects nobody any more."""

from datetime import UTC, date, datetime, time, timedelta

from leadsail.features.do_not_call.models import RegistryAge, RegistryName

WARN_AFTER = timedelta(days=24)

LONGEST: dict[RegistryName, timedelta] = {
    "us_dnc": timedelta(days=31),
    "ca_dncl": timedelta(days=31),
    "gb_tps": timedelta(days=28),
}
"""Days for which a file may be relied on: 47 CFR 64.1200(c)(2)(i)(D) and the Canadian rules say 31; in the United
Kingdom a registration takes effect after 28. The answers of the reassigned-numbers database age with the consent."""


def drawn_at(as_of: date) -> datetime:
    """The instant from which a file ages: the beginning of its day, the strictest that a date can mean."""
    return datetime.combine(as_of, time(), UTC)


def expires_at(registry: RegistryName, as_of: date) -> datetime | None:
    """From when on the file must not be relied on; None where it does not age."""
    longest = LONGEST.get(registry)
    return drawn_at(as_of) + longest if longest else None


def state_of(registry: RegistryName, as_of: date | None, now: datetime) -> RegistryAge:
    """How a registry stands whose oldest file in force was drawn on `as_of`."""
    if as_of is None:
        return "missing"
    expiry = expires_at(registry, as_of)
    if expiry is None:
        return "current"
    if now >= expiry:
        return "expired"
    return "ageing" if now >= drawn_at(as_of) + WARN_AFTER else "current"
