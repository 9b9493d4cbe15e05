"""Where the journal of opt-outs and sealed decisions is kept: apart from the database, so that it outlives it."""

from collections.abc import Callable

from leadsail.foundation.settings import Settings
from leadsail.ports.journal import Journal
from leadsail.providers.journal import FileJournal


def journal_of(settings: Settings, warn: Callable[[str], None]) -> Journal:
    """The journal of this installation; `warn` is told when a crash had left a torn line in it."""
    return FileJournal(settings.data_dir / "journal", warn)
