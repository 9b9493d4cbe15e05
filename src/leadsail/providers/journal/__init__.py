"""Journals of opt-outs and sealed decisions: a synced file of this machine, or an object store for many machines."""

from leadsail.providers.journal.file_journal import FileJournal
from leadsail.providers.journal.object_journal import ObjectJournal

__all__ = ["FileJournal", "ObjectJournal"]
