"""Starts things, and is the only place that knows everything."""
