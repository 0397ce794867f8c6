#!/usr/bin/env bash
# Listing and copying beside boto3 and rclone, first on a server that costs nothing, then on Ceph: run.sh RELEASE-FOLDER
# Each figure is the best of ROUNDS (3); the peers take turns, so that a busy machine is busy for all.
set -euo pipefail
cd "$(dirname "$0")/../.."
release=$1 rounds=${ROUNDS:-3} concurrency=${CONCURRENCY:-16}
python=$(etc/test-servers/python.sh)
mkdir -p .bench/s3
${CC:-cc} -O2 -D_GNU_SOURCE Benchmarks/s3/static_s3.c -o .bench/s3/static_s3 -lpthread

ours() { "$release/s3-bench" "$@"; }
boto3() { "$python" Benchmarks/s3/peers/boto3_s3.py "$@"; }
# A program and no library: its start is part of what its users get, and spread over many keys here. Seconds on a processor are not
# told of it.
rclone() { # work URL KEY SECRET BUCKET COUNT CONCURRENCY
  local work=$1 count=$6 start answer
  local -x RCLONE_CONFIG=/dev/null RCLONE_CONFIG_B_TYPE=s3 RCLONE_CONFIG_B_PROVIDER=Ceph RCLONE_CONFIG_B_ENDPOINT=$2 \
    RCLONE_CONFIG_B_ACCESS_KEY_ID=$3 RCLONE_CONFIG_B_SECRET_ACCESS_KEY=$4 RCLONE_CONFIG_B_NO_CHECK_BUCKET=true \
    RCLONE_CONFIG_B_STORAGE_CLASS=STANDARD_IA RCLONE_CONFIG_B_LIST_VERSION=2
  start=$(date +%s.%N)
  if [ "$work" = list ]; then
    # It refuses to start with AWS's own setting of a certificate bundle.
    for _ in $(seq "$count"); do answer=$(env -u AWS_CA_BUNDLE rclone size --fast-list --json "b:$5" 2>/dev/null); done
    "$python" -c "import json, sys, time; print(json.loads(sys.argv[1])['count'] * $count, time.time() - $start)" "$answer"
  else
    # Server-side, into another bucket, without a look at what is there.
    env -u AWS_CA_BUNDLE rclone copy --fast-list --no-check-dest --transfers "$7" --checkers "$7" "b:$5" "b:$5-copy" 2>/dev/null
    "$python" -c "import time; print($count, time.time() - $start)"
  fi
}
# Seconds on a processor of the server's processes, where it says which they are.
server_seconds() {
  local pid sum=0
  for pid in ${pids:-}; do sum=$((sum + $(awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$pid/stat"))); done
  awk "BEGIN { print $sum / $(getconf CLK_TCK) }"
}
measure() { # NAME work URL KEY SECRET BUCKET COUNT
  local name=$1 who before
  shift
  for _ in $(seq "$rounds"); do
    for who in ours boto3 rclone; do
      before=$(server_seconds)
      "$who" "$@" "$concurrency" >>".bench/s3/$name.$who"
      awk "BEGIN { print ($(server_seconds) - $before) / $6 }" >>".bench/s3/$name.$who.server"
    done
  done
}
begin() {
  coproc SERVER { "$@"; }
  read -r _ url key secret pids <&"${SERVER[0]}"
}
finish() {
  eval "exec ${SERVER[1]}>&-"
  wait "$SERVER_PID" 2>/dev/null || true
}

rm -f .bench/s3/*.ours .bench/s3/*.boto3 .bench/s3/*.rclone .bench/s3/*.server
begin .bench/s3/static_s3 100
measure list list "http://127.0.0.1:$url" k s bench 1
finish
begin .bench/s3/static_s3 5
measure copy copy "http://127.0.0.1:$url" k s bench 5000
finish
if [ "${CEPH:-1}" = 1 ]; then
  begin etc/test-servers/s3-ceph.sh
  boto3 fill "$url" "$key" "$secret" bench-copy 1 1 >/dev/null
  boto3 fill "$url" "$key" "$secret" bench 2000 "$concurrency" >/dev/null
  measure ceph_list list "$url" "$key" "$secret" bench 10
  measure ceph_copy copy "$url" "$key" "$secret" bench 2000
  finish
fi

# The cost optimizer's calls, as its own benchmark counts them.
if [ -z "${COST_CALLS:-}" ] && [ -x "$release/cost-bench" ]; then
  read -r COST_CALLS COST_CALLS_PER_METRIC < <("$release/cost-bench" | tail -1 | "$python" -c '
import json, sys
counted = json.load(sys.stdin)
print(counted["cost_calls"], counted["cost_calls_per_metric"])')
fi

"$python" - "${COST_CALLS:-null}" "${COST_CALLS_PER_METRIC:-null}" <<'PY'
import json
import os
import sys

figures = {"bench": "s3"}
for name, title in (("list", "list_keys_per_s"), ("copy", "copies_per_s"), ("ceph_list", "list_keys_per_s"),
                    ("ceph_copy", "copies_per_s")):
    for who in ("ours", "boto3", "rclone"):
        path = f".bench/s3/{name}.{who}"
        if os.path.exists(path):
            rows = [list(map(float, line.split())) for line in open(path)]
            prefix = ("ceph_" if name.startswith("ceph") else "") + ("" if who == "ours" else who + "_")
            figures[prefix + title] = round(max(row[0] / row[1] for row in rows))
            # What a copy takes of a processor, in ms: of the client, and of the server beside it.
            if name.endswith("copy") and all(len(row) > 2 for row in rows):
                figures[prefix + "copy_client_cpu_ms"] = round(min(row[2] / row[0] for row in rows) * 1000, 3)
            if name == "ceph_copy":
                figures[prefix + "copy_server_cpu_ms"] = round(min(map(float, open(path + ".server"))) * 1000, 2)
figures["cost_calls"], figures["cost_calls_per_metric"] = map(json.loads, sys.argv[1:])
print(json.dumps(figures))
PY
