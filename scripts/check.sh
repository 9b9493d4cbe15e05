#!/usr/bin/env bash
# Everything that can be checked without running the product. Prints only what is wrong, and the name of each check.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

step() { echo "· $1"; shift; "$@"; }

step "ruff"            ruff check --quiet
step "ruff format"     ruff format --check --quiet
step "mypy"            mypy --no-error-summary
step "import contracts" lint-imports --no-logo
step "squawk"          squawk --config .squawk.toml src/leadsail/migrations/versions/*.sql
step "openapi.json"     scripts/generate.sh --check
