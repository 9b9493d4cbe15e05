"""The gate's decisions, pure: values and a rule book in, a decision out. The rules themselves are data, in `book`."""
