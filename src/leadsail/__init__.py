"""LeadSail: a self-hosted platform for AI lead engagement."""

__version__ = "0.1.0"
