"""Parameters of do not call. Generated from the API's reference by `make openapi`; do not edit."""

from typing import Any, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.choices import OptOutChannel
from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class NewDoNotCallEntry(TypedDict, total=False):
    """A number to be put on the list."""

    phone: Required[str]
    """In any spelling; without a country it is read as the tenant's"""
    reason: str | None
    evidence: dict[str, Any] | None
    """What shows that the person asked, such as their words"""
    channel: OptOutChannel | None
    """Where the person said it"""


@with_config(PARAMETERS)
class NumbersToImport(TypedDict, total=False):
    """Numbers to be put on the list at once."""

    numbers: Required[list[str]]
    """A number each, in any spelling, or comma-separated values whose first line names the columns"""
    reason: str | None
    """Of those that come without one"""


@with_config(PARAMETERS)
class DoNotCallRemoval(TypedDict, total=False):
    """Why a number may be contacted again; both are kept with the entry."""

    reason: Required[str]
    evidence: Required[dict[str, Any]]
    """What shows that the person agreed, such as a consent record"""
