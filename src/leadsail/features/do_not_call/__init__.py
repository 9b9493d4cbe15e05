"""Whom nobody may contact: the list of numbers that asked to be left alone, national registries, reassigned numbers."""
