"""Leads: people who may become customers, from the first sign of interest to their erasure."""
