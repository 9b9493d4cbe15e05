"""One folder per vendor or technology behind a port; providers and features never meet."""
