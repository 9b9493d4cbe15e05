"""One agreement as a value, whatever told of it. Whether it suffices for what is wanted is judged elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

ConsentKind: TypeAlias = Literal["none", "express", "written", "automated_call"]
"""What was agreed to: by word, in writing, or in writing to calls by a machine (47 CFR 64.1200(f)(9); UK PECR 19)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement that covers the number to be contacted. `source`: lead, campaign, api or import."""

    kind: ConsentKind
    source: str
    given_at: datetime | None
    channels: frozenset[str] = frozenset()
    """Empty where the agreement names no channel, and so covers every one."""
    sellers: tuple[str, ...] = ()
    expires_at: datetime | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)
    """What proves it, as it is shown in a dossier: text, page, address, certificate ids, who attested."""


@dataclass(frozen=True, slots=True)
class Asked:
    """About whom consent is asked: a number in E.164, with the stored lead and its campaign, where there are such.

    Both are in wire form, as they are stored.
    """

    phone: str
    lead: Mapping[str, Any] | None = None
    campaign: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ConsentFilter:
    """Which recorded consents a list shows; None does not filter."""

    phone: str | None = None
    lead_id: str | None = None
