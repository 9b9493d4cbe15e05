"""What clients send to the gate and read from it."""
