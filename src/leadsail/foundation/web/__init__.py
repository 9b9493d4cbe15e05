"""HTTP as every feature meets it: envelope, strict JSON, keys and scopes, idempotency, pages, limits. No business words."""
