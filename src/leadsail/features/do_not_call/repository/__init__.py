"""The SQL of the do-not-call list and of the registries."""

from leadsail.features.do_not_call.repository.entries import EntryRepository, UnknownCursorError
from leadsail.features.do_not_call.repository.facts import FactRepository
from leadsail.features.do_not_call.repository.registries import RegistryRepository

__all__ = ["EntryRepository", "FactRepository", "RegistryRepository", "UnknownCursorError"]
