#!/bin/sh
# Finds a Python that is new enough and hands over to setup.py, which old ones could not even read.
# PYTHON=... names one; else the virtual environment's own, so that a second run is quick.
set -eu
cd "$(dirname "$0")/.."

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    if ! new_enough "$PYTHON"; then
        echo "setup: PYTHON=$PYTHON is not a Python 3.11 or newer: name another one, such as PYTHON=python3.12" >&2
        exit 1
    fi
    exec "$PYTHON" local/setup.py "$@"
fi
for candidate in .venv/bin/python python3.12 python3.11 python3; do
    if new_enough "$candidate"; then
        exec "$candidate" local/setup.py "$@"
    fi
done
echo "setup: Python 3.11 or newer is missing: install it (Debian: apt-get install python3 python3-venv), or name one with PYTHON=/path/to/python3.12" >&2
exit 1
