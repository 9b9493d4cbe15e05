"""Tenants: the organisations that share an installation without seeing each other, and the keys that open them."""
