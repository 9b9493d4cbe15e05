"""Which version of the queue's tables this release needs, told without loading the queue."""

from importlib.metadata import version

_OUR_REVISION = 1
SCHEMA_VERSION = f"pgqueuer-{version('pgqueuer')}+{_OUR_REVISION}"
"""Changes whenever `install` has something new to do; a start may skip it while this is what it ran last."""
