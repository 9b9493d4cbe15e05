"""Decisions about leads: how a phone number is spelled, what a change does, where a conversation leaves a lead."""
