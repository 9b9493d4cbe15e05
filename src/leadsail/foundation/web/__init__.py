"""HTTP as every feature meets it: envelope, strict JSON, keys, idempotency, pages, limits. No business words."""
