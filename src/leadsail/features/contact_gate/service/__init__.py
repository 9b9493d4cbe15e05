"""The use cases of the gate, one module for each."""
