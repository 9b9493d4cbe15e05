"""The pages a browser may open without a key: the start page at `/` and the reference at `/docs`."""
