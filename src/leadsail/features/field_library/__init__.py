"""The field library: the keys a tenant's data goes by, and the value sets that conditions compare them with."""
