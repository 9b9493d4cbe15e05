"""Clients, who buy leads, and the offers that leads are won for."""
