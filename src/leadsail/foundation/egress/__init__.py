"""The only door for outgoing HTTP: nothing else in the product may open a connection to another host.

Start at `egress.py`. This page holds only the names that others may use.
"""

from leadsail.foundation.egress.addresses import IPAddress, is_public, why_forbidden
from leadsail.foundation.egress.connecting import Connector, Resolver, SystemResolver, TcpConnector
from leadsail.foundation.egress.egress import Destination, Egress, EgressStream
from leadsail.foundation.egress.errors import (
    DestinationForbidden,
    EgressError,
    EgressFailed,
    EgressTimeout,
    ForbiddenReason,
    RequestMalformed,
    ResponseTooLarge,
)
from leadsail.foundation.egress.messages import EgressLimits, EgressRequest, EgressResponse
from leadsail.foundation.egress.policies import check_public_url

__all__ = [
    "Connector",
    "Destination",
    "DestinationForbidden",
    "Egress",
    "EgressError",
    "EgressFailed",
    "EgressLimits",
    "EgressRequest",
    "EgressResponse",
    "EgressStream",
    "EgressTimeout",
    "ForbiddenReason",
    "IPAddress",
    "RequestMalformed",
    "Resolver",
    "ResponseTooLarge",
    "SystemResolver",
    "TcpConnector",
    "check_public_url",
    "is_public",
    "why_forbidden",
]
