#!/usr/bin/env bash
# Sets up .venv from a hashed lock file: `setup.sh runtime` for the product, `setup.sh dev` for tests and checks too.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "LeadSail needs Python 3.11 or newer, $python is $("$python" -V 2>&1); set PYTHON=/path/to/python3.11" >&2
    exit 1
}

new_venv() { "$python" -m venv --clear .venv > .venv.log 2>&1; }

# Debian and Ubuntu ship Python without ensurepip; root can mend that, others are told how.
if [ ! -x .venv/bin/pip ] && ! new_venv; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        apt-get -qq update && apt-get -qq install -y "python$version-venv" > /dev/null
        new_venv
    else
        cat .venv.log >&2
        echo "This Python cannot make virtual environments; on Debian or Ubuntu: apt-get install python$version-venv" >&2
        exit 1
    fi
fi
rm -f .venv.log

echo "setting up .venv from requirements/$lock.txt (once, about half a minute)"
pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)
"${pip[@]}" install --require-hashes -r "requirements/$lock.txt"
"${pip[@]}" install --no-deps --no-build-isolation --editable .
touch ".venv/.$lock"
# The development lock holds everything of the runtime lock.
if [ "$lock" = dev ]; then touch .venv/.runtime; fi
