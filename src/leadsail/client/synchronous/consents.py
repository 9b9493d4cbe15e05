# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""What people agreed to, recorded besides what stands on their lead."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.filters import ConsentFilters
from leadsail.client.records import ImportedConsents, RecordedConsent
from leadsail.client.requests import post, read
from leadsail.client.shapes import body_of
from leadsail.client.synchronous.lists import SyncList
from leadsail.client.synchronous.records import Resource


class Consents(Resource):
    """Recorded consents. They are never changed; they can be withdrawn."""

    def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewConsent]) -> RecordedConsent:
        """Record a consent, for a `phone` or for the number that a lead has now."""
        body = body_of(params.NewConsent, new)
        return self._send(post("consents", body=body, idempotency_key=idempotency_key), RecordedConsent)

    def get(self, consent_id: str, /) -> RecordedConsent:
        """Read one, withdrawn or not. Raises `NotFoundError`."""
        return self._send(read("consents", consent_id), RecordedConsent)

    def list(self, **filters: Unpack[ConsentFilters]) -> SyncList[RecordedConsent]:
        """What was recorded, newest first."""
        return self._list(RecordedConsent, "consents", "consents", filters=filters)

    def withdraw(
        self, consent_id: str, /, *, idempotency_key: str | None = None, **why: Unpack[params.Withdrawal]
    ) -> RecordedConsent:
        """Let one count no more. Repeating it changes nothing."""
        body = body_of(params.Withdrawal, why)
        request = post("consents", consent_id, "withdraw", body=body, idempotency_key=idempotency_key)
        return self._send(request, RecordedConsent)

    def import_many(
        self, *, idempotency_key: str | None = None, **sent: Unpack[params.ConsentImport]
    ) -> ImportedConsents:
        """Record up to 5,000 at once, as `items` or as the text of a `csv`; the answer tells what is wrong with others.

        Repeating it records nothing twice.
        """
        body = body_of(params.ConsentImport, sent)
        return self._send(post("consents", "import", body=body, idempotency_key=idempotency_key), ImportedConsents)
