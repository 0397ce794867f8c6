#!/usr/bin/env bash
# The thumbnails job on a schedule: the daemon is killed and started again in between, and every due instant is accounted for.
# usage: demo-daemon.sh PRODUCTS [FOLDER-OF-PHOTOS]; EVERY=10 seconds between instants
set -euo pipefail
cd "$(dirname "$0")/.."
products=${1:?usage: demo-daemon.sh PRODUCTS [PHOTOS]}
photos=${2:-.photos}
every=${EVERY:-10}
demo=.demo/daemon

rm -rf "$demo"
mkdir -p "$demo/jobs"
sed -e "s|/srv/photos|$PWD/$photos|" -e "s|/srv/thumbnails|$PWD/$demo/thumbnails|" jobs/thumbnails.yaml >"$demo/jobs/thumbnails.yaml"
cat >>"$demo/jobs/thumbnails.yaml" <<YAML

# Every $every seconds, so that nobody has to wait; every minute would be schedule: "* * * * *".
schedules: [{cron: "*/$every * * * * *", fields: 6, name: often}]
catch_up: all
YAML
export CARILLON_STATE=$PWD/$demo/state CARILLON_JOBS=$PWD/$demo/jobs CARILLON_PLUGINS=$PWD/$products
carillon() { "$products/carillon" "$@"; }

daemon=
start() {
  "$products/carillon" daemon >>"$demo/daemon.log" 2>&1 &
  daemon=$!
  for _ in $(seq 100); do
    carillon status --json >"$demo/status.json" 2>/dev/null && return
    sleep 0.1
  done
  cat "$demo/daemon.log" >&2
  return 1
}
trap '[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true' EXIT

echo "\$ carillon daemon &"
start
sleep $((2 * every + 2))
echo "\$ kill -9 $daemon        # and nobody there for $((2 * every)) seconds"
kill -9 "$daemon"
{ wait "$daemon"; } 2>/dev/null || true
sleep $((2 * every))
echo "\$ carillon daemon &"
start
sleep $((2 * every + 2))
echo "\$ carillon status"
carillon status
echo "\$ carillon why thumbnails"
carillon why thumbnails
carillon why thumbnails --json >"$demo/why.json"
echo "\$ carillon drain"
carillon drain
wait "$daemon"
daemon=

# No instant between the first and the last may be without its row, and each must have its run.
python3 - "$demo/why.json" "$every" <<'PY'
import datetime, json, sys
rows = json.load(open(sys.argv[1]))["instants"]
due = sorted(datetime.datetime.fromisoformat(row["due_at"].replace("Z", "+00:00")) for row in rows)
fates = sorted({row["fate"] for row in rows})
gaps = {(later - earlier).total_seconds() for earlier, later in zip(due, due[1:])}
assert len(due) >= 5 and gaps == {float(sys.argv[2])}, (due, gaps)
assert set(fates) <= {"fired", "caughtUp", "skippedOverlap"} and "caughtUp" in fates, fates
assert all("run" in row for row in rows if row["fate"] != "skippedOverlap"), rows
print(f"demo: {len(due)} instants came due, every one has its row in the ledger: {', '.join(fates)}")
PY
