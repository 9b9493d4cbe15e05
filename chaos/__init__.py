"""Long checks of what must never happen, too long for the tests; run by `make chaos`."""
