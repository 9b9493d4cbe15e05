"""The use cases of the do-not-call list and of the registries."""

from leadsail.features.do_not_call.service.barring import Barring
from leadsail.features.do_not_call.service.do_not_call import DoNotCallService
from leadsail.features.do_not_call.service.listening import ListeningService
from leadsail.features.do_not_call.service.numbers import SecretNumbers
from leadsail.features.do_not_call.service.registries import RegistryService
from leadsail.features.do_not_call.service.replaying import JournalReplay
from leadsail.features.do_not_call.service.transfer import ListTransferService

__all__ = [
    "Barring",
    "DoNotCallService",
    "JournalReplay",
    "ListTransferService",
    "ListeningService",
    "RegistryService",
    "SecretNumbers",
]
