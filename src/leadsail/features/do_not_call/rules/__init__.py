"""Pure decisions: what is an opt-out, what a line of a file says, how old a registry may be."""
