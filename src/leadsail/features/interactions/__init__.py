"""Interactions: every call and text thread with a lead, live and finished; what the product is read for."""
