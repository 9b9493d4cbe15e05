"""`leadsail up`: one process that starts PostgreSQL, the api and the worker, keeps them running, and stops them."""
