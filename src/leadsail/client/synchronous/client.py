# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""The client's front: one attribute for each part of the API."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx2

from leadsail.client.connection import LIMITS, Connection
from leadsail.client.retries import Retries
from leadsail.client.synchronous.agents import PhoneNumbers, SmsAgents, VoiceAgents
from leadsail.client.synchronous.campaigns import Campaigns
from leadsail.client.synchronous.clients import Clients, Offers
from leadsail.client.synchronous.consents import Consents
from leadsail.client.synchronous.contact_gate import Contacts
from leadsail.client.synchronous.contact_policy import ContactPolicyResource
from leadsail.client.synchronous.do_not_call import DoNotCall, Registries
from leadsail.client.synchronous.field_library import FieldLibrary, ValueSets
from leadsail.client.synchronous.holds import Holds
from leadsail.client.synchronous.interactions import Interactions
from leadsail.client.synchronous.leads import Leads
from leadsail.client.synchronous.scripts import Flows, PromptTemplates
from leadsail.client.synchronous.sending import SyncSender
from leadsail.client.synchronous.tenants import ApiKeys, TenantResource


class LeadSail:
    """The platform's API.

    Make one and keep it: it holds open connections. It may be shared by everything that runs at the same time.
    """

    def __init__(  # noqa: PLR0913 - the options of the one thing that users make
        self,
        base_url: str | None = None,
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        max_retries: int = 2,
        http_client: httpx2.Client | None = None,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Without `base_url` and `api_key`, `LEADSAIL_BASE_URL` and `LEADSAIL_API_KEY` of the environment tell.

        `timeout` is in seconds, for each attempt. `http_client` brings proxies, certificates or a transport of your
        own, and stays yours to close. `jitter` and `sleep` are the chance and the time that retries use.
        """
        connection = Connection.of(api_key, base_url)
        self._owns_http = http_client is None
        http = httpx2.Client(limits=LIMITS) if http_client is None else http_client
        self._use(SyncSender(connection, http, Retries(max_retries, jitter), timeout, sleep))

    def _use(self, sender: SyncSender) -> None:
        self._sender = sender
        self.tenant = TenantResource(sender)
        self.api_keys = ApiKeys(sender)
        self.clients = Clients(sender)
        self.offers = Offers(sender)
        self.field_library = FieldLibrary(sender)
        self.value_sets = ValueSets(sender)
        self.prompt_templates = PromptTemplates(sender)
        self.flows = Flows(sender)
        self.campaigns = Campaigns(sender)
        self.phone_numbers = PhoneNumbers(sender)
        self.voice_agents = VoiceAgents(sender)
        self.sms_agents = SmsAgents(sender)
        self.leads = Leads(sender)
        self.do_not_call = DoNotCall(sender)
        self.registries = Registries(sender)
        self.consents = Consents(sender)
        self.contact_policy = ContactPolicyResource(sender)
        self.interactions = Interactions(sender)
        self.contacts = Contacts(sender)
        self.holds = Holds(sender)

    def with_options(self, *, timeout: float | None = None, max_retries: int | None = None) -> Self:
        """The same client with other patience, over the same connections: for one call, or for a part of a program."""
        old = self._sender
        retries = old.retries if max_retries is None else replace(old.retries, most=max_retries)
        other = type(self).__new__(type(self))
        other._owns_http = False  # noqa: SLF001 - another of ourselves; the connections stay with the first
        other._use(  # noqa: SLF001 - as above
            replace(old, timeout=old.timeout if timeout is None else timeout, retries=retries)
        )
        return other

    def close(self) -> None:
        """Give the connections back; a client that brought its own `http_client` closes that itself."""
        if self._owns_http:
            self._sender.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._sender.connection.base_url!r})"
