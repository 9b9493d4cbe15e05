"""Everything the embedded server may refuse. Each message is a sentence that names the remedy."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL could not do what was asked."""


class AccountError(EmbeddedPostgresError):
    """There is no ordinary account that the server could run under."""


class BinariesError(EmbeddedPostgresError):
    """No usable PostgreSQL program files were found."""


class SettingsError(EmbeddedPostgresError):
    """A setting was given that the embedded server keeps to itself."""


class DataFolderError(EmbeddedPostgresError):
    """The data folder cannot be used as it is."""


class DataFolderInUseError(DataFolderError):
    """Another LeadSail works in this data folder right now."""


class OtherVersionError(DataFolderError):
    """The data folder was written by another major version of PostgreSQL."""


class StartError(EmbeddedPostgresError):
    """The server did not come up; the message ends with the last lines of its log."""
