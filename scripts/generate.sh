#!/usr/bin/env bash
# Rewrites what is generated from the code, or with `--check` says whether it is up to date. Needs no database.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

.venv/bin/python -m leadsail.entrypoints.openapi_file > "$fresh/openapi.json"
# The client's models are generated from this document; their step belongs here.

if [ "${1:-}" != --check ]; then
    cp "$fresh/openapi.json" openapi.json
elif ! cmp -s "$fresh/openapi.json" openapi.json; then
    diff -u openapi.json "$fresh/openapi.json" | head -40 >&2 || true
    echo "openapi.json is not what the code says; run: make openapi" >&2
    exit 1
fi
