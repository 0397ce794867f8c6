#!/usr/bin/env bash
# Makes the Python environment whose cronsim the tests of Cron compare with, and prints its interpreter. Does nothing when it is there.
set -euo pipefail

version=2.8
venv="$(cd "$(dirname "$0")/.." && pwd)/.bench/cronsim-$version"
if [ ! -f "$venv/complete" ]; then
  rm -rf "$venv"
  {
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "cronsim==$version"
  } >&2 || {
    echo "cron-oracle: cronsim $version could not be installed from PyPI; the tests of Cron compare with it." >&2
    echo "cron-oracle: they need python3 with venv, and the network or a pip index (PIP_INDEX_URL)." >&2
    exit 69
  }
  touch "$venv/complete"
fi
echo "$venv/bin/python"
