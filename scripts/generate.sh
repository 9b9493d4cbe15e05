#!/usr/bin/env bash
# Rewrites what is generated from the code, or with `--check` says whether it is up to date. Needs no database.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

.venv/bin/python -m leadsail.entrypoints.openapi_file > "$fresh/openapi.json"

client=src/leadsail/client
generated="records params choices.py spelling.py synchronous"
ours='lint.isort.known-first-party = ["leadsail"]'  # also for modules that do not exist yet
ruff() { .venv/bin/ruff "$1" --config pyproject.toml --config "$ours" --quiet "${@:2}" "$fresh/client"; }
.venv/bin/python scripts/client_shapes.py "$fresh/client"
.venv/bin/python scripts/client_twin.py $client/asynchronous "$fresh/client/synchronous"
ruff check --fix --unsafe-fixes --select F401,I,UP028
ruff format

if [ "${1:-}" != --check ]; then
    cp "$fresh/openapi.json" openapi.json
    for part in $generated; do
        rm -rf "${client:?}/$part"
        cp -r "$fresh/client/$part" $client/
    done
    exit
fi

same() {
    diff -ruN --exclude=__pycache__ "$1" "$2" > "$fresh/difference" && return
    head -40 "$fresh/difference" >&2
    echo "$1 is not what the code says; run: make openapi" >&2
    exit 1
}
same openapi.json "$fresh/openapi.json"
for part in $generated; do
    same $client/$part "$fresh/client/$part"
done
