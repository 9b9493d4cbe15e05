"""Decisions about consents: what an agreement says and whether it is in force, and how a table of them is read."""
