#!/usr/bin/env bash
# Rewrites the hashed lock files from pyproject.toml. They record no download address.
# Pass uv's own options to move versions, e.g. `scripts/lock.sh --upgrade`.
set -euo pipefail
cd "$(dirname "$0")/.."

compile=(uv pip compile --quiet --universal --python-version 3.11
         --generate-hashes --no-emit-index-url --no-header "$@" pyproject.toml)

"${compile[@]}" --group build -o requirements/runtime.txt
"${compile[@]}" --group dev -c requirements/runtime.txt -o requirements/dev.txt
