#!/usr/bin/env bash
# Runs the tests that are built; when some fail, says at the end once more which, and why. test.sh [ARGUMENTS OF swift test]
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
log=.build/test.log
swift test --skip-build --no-parallel "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  printf '\n== What failed\n'
  grep -aA6 -e 'recorded an issue' -e '^error:' -e 'Fatal error' "$log" | grep -av -e '^◇' -e '^✔' | cut -c1-2000 | head -200
  printf '\n'
  grep -a -e '^✘' "$log" | cut -c1-300 | tail -40
fi
exit "$status"
