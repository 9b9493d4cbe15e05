#!/usr/bin/env bash
# Makes sure a Chromium is there for the browser tests: the machine's own, else the system's package, else Playwright's.
set -euo pipefail
cd "$(dirname "$0")/.."

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" > /dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "installing Chromium for the browser tests (once)"
    apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium > /dev/null && exit 0
fi
.venv/bin/playwright install chromium || {
    echo "The browser tests need Chromium; install the package 'chromium' and run make test again." >&2
    exit 1
}
