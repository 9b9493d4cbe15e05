"""Campaigns: which offer of which client leads are won for, who talks to them, when, and whom to tell."""
