"""The SQL of the gate, and its rule files, one module for each thing that is kept."""
