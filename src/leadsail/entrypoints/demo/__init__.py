"""The demo: an invented agency with two clients, three campaigns, and two weeks of conversations with invented people."""
