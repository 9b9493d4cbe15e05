"""The paths of the gate, one module for each thing that is asked."""
