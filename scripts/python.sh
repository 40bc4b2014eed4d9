#!/usr/bin/env bash
# Prints the command of a Python that can run the product: $PYTHON where set, else the first that fits.
set -euo pipefail

for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
  # ensurepip is what Debian leaves out of its python3 package; a venv needs it.
  if "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$python"
    exit 0
  fi
done
echo "Python 3.11 or later with its venv module is needed (on Debian: apt install python3-venv)." >&2
exit 1
