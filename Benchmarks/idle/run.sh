#!/usr/bin/env bash
# The idle benchmark beside its peers: run.sh RELEASE-FOLDER PLUGINS [SCHEDULES] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .bench
if [ ! -x .bench/apscheduler/bin/python ]; then
  python3 -m venv .bench/apscheduler
  .bench/apscheduler/bin/pip install --quiet 'apscheduler>=3.10,<4'
fi
export CARILLON_BENCH_PYTHON="$PWD/.bench/apscheduler/bin/python"
export CARILLON_BENCH_APSCHEDULER="$PWD/Benchmarks/idle/apscheduler_idle.py"
# Debian's cron does not start beside one that runs.
if command -v cron >/dev/null && ! { [ -s /run/crond.pid ] && kill -0 "$(cat /run/crond.pid)" 2>/dev/null; }; then
  CARILLON_BENCH_CRON=$(command -v cron)
  export CARILLON_BENCH_CRON
else
  echo "Debian's cron is not installed, or runs already: left out" >&2
fi
exec "$1/idle-bench" "$PWD/.bench" "$PWD/$1" "$2:$PWD/$1" "${@:3}"
