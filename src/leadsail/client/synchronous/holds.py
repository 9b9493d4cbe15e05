# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""The emergency stop."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.filters import HoldFilters
from leadsail.client.records import ContactHold, ReleasedHold
from leadsail.client.requests import post
from leadsail.client.shapes import body_of
from leadsail.client.synchronous.lists import SyncList
from leadsail.client.synchronous.records import Resource


class Holds(Resource):
    """Stops of all contacts, or of those for one campaign. Placing and lifting need the scope `admin`."""

    def place(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewHold]) -> ContactHold:
        """Begin no call and no text from now on; what is held already is answered as it is."""
        return self._send(post("hold", body=body_of(params.NewHold, new), idempotency_key=idempotency_key), ContactHold)

    def release(self, *, idempotency_key: str | None = None, **release: Unpack[params.HoldRelease]) -> ReleasedHold:
        """Let contacts go on; exactly the hold that is named is lifted."""
        body = body_of(params.HoldRelease, release)
        return self._send(post("release", body=body, idempotency_key=idempotency_key), ReleasedHold)

    def list(self, **filters: Unpack[HoldFilters]) -> SyncList[ContactHold]:
        """Your holds, newest first, and the platform's that bind you now."""
        return self._list(ContactHold, "holds", "holds", filters=filters)
