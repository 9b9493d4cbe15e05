"""Measures the shipped product and rewrites `docs/benchmarks.md`; run by `make bench`.

Absolute times swing with the machine, so each figure is a ratio of two things measured side by side in one run.
"""
