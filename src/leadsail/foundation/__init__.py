"""Technical ground without business words."""
