# Generated from leadsail/client/asynchronous by `make openapi`; do not edit.
"""The client for programs that wait: everything here sends; what it sends and what answers mean stands beside it."""
