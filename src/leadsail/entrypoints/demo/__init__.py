"""The demo: an invented agency, its clients and campaigns, and two weeks of invented conversations."""
