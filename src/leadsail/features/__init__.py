"""What the business does, one folder per business word; the order is the life of a lead (see `pyproject.toml`)."""
