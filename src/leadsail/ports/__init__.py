"""What the platform asks of the outside, as small protocols with frozen values."""
