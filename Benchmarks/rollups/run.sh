#!/usr/bin/env bash
# Five million events into tables: by us, by DuckDB, by Python's json and sqlite3, on the same two cores. The last line is the result.
# usage: run.sh FOLDER_OF_RELEASE_PRODUCTS [EVENTS]; PYTHON_EVENTS=1000000, ROUNDS=2 in the environment.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
products=$(cd "${1:?usage: run.sh PRODUCTS [EVENTS]}" && pwd)
count=${2:-5000000}
rounds=${ROUNDS:-2}
work=$root/.bench/rollups
python=$root/.bench/venv-rollups/bin/python
mkdir -p "$work/in"
cc -O2 "$here/gen_events.c" -o "$work/gen_events" -lm
[ -e "$work/$count.made" ] || { "$work/gen_events" "$count" "$work/in/events.ndjson" && touch "$work/$count.made"; }
cat "$work/in/events.ndjson" >/dev/null

: >"$work/results"
for ((round = 1; round <= rounds; round++)); do
  rm -rf "$work/out" "$work/state"
  "$python" "$here/measure.py" "$products" "$work" ours >>"$work/results"
  "$python" "$here/duckdb_rollups.py" compute "$work/in/events.ndjson" "$work/duckdb.db" | sed 's/^/duckdb /' >>"$work/results"
done
"$python" "$here/python_rollups.py" "$work/in/events.ndjson" "$work/python.db" "${PYTHON_EVENTS:-1000000}" | sed 's/^/python /' >>"$work/results"
cat "$work/results" >&2
# Also where they differ, or could not be compared, the figures are printed; then the benchmark fails.
equal=$("$python" "$here/duckdb_rollups.py" compare "$work/in/events.ndjson" "$work/out/rollups.db") || true
"$python" "$here/summary.py" "$work/results" "$equal" "$count"
[ "$equal" = true ]
