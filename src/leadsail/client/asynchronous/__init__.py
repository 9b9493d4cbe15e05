"""The client for programs that await: everything here sends; what it sends and what answers mean stands beside it."""
