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
# rclone is a program and no library: its start is part of what its users get, and spread over many keys here.
rclone_s3() { # work URL KEY SECRET BUCKET COUNT CONCURRENCY
  local work=$1 count=$6 from to start end
  export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_B_TYPE=s3 RCLONE_CONFIG_B_PROVIDER=Ceph RCLONE_CONFIG_B_ENDPOINT=$2 \
    RCLONE_CONFIG_B_ACCESS_KEY_ID=$3 RCLONE_CONFIG_B_SECRET_ACCESS_KEY=$4 RCLONE_CONFIG_B_NO_CHECK_BUCKET=true \
    RCLONE_CONFIG_B_STORAGE_CLASS=STANDARD_IA
  start=$(date +%s.%N)
  if [ "$work" = list ]; then
    for _ in $(seq "$count"); do from=$(env -u AWS_CA_BUNDLE rclone size --fast-list --json "b:$5" 2>/dev/null); done
    end=$(date +%s.%N)
    "$python" -c "import json, sys; print(json.loads(sys.argv[1])['count'] * $count, $end - $start)" "$from"
  else
    # Server-side, without a look at the destination first.
    from="b:$5" to="b:$5-copy"
    env -u AWS_CA_BUNDLE rclone copy --fast-list --no-check-dest --transfers "$7" --checkers "$7" "$from" "$to" 2>/dev/null
    end=$(date +%s.%N)
    echo "$count $("$python" -c "print($end - $start)")"
  fi
}
best() { # the most a second of the lines "count seconds"
  awk '{ rate = $1 / $2; if (rate > most) most = rate } END { printf "%.0f\n", most }'
}
measure() { # NAME work URL KEY SECRET BUCKET COUNT: sets NAME_ours, NAME_boto3, NAME_rclone
  local name=$1 who
  shift
  for _ in $(seq "$rounds"); do
    for who in ours boto3 rclone_s3; do "$who" "$@" "$concurrency" >>".bench/s3/$name.$who"; done
  done
  for who in ours boto3 rclone_s3; do declare -g "${name}_${who%_s3}=$(best <".bench/s3/$name.$who")"; done
}

rm -f .bench/s3/*.ours .bench/s3/*.boto3 .bench/s3/*.rclone_s3
coproc LIST { .bench/s3/static_s3 100; }
read -r _ port <&"${LIST[0]}"
measure list list "http://127.0.0.1:$port" AKIDTEST SECRETTEST bench 1
exec {LIST[1]}>&-
wait "$LIST_PID" 2>/dev/null || true
coproc COPY { .bench/s3/static_s3 5; }
read -r _ port <&"${COPY[0]}"
measure copy copy "http://127.0.0.1:$port" AKIDTEST SECRETTEST bench 5000
exec {COPY[1]}>&-
wait "$COPY_PID" 2>/dev/null || true

if [ "${CEPH:-1}" = 1 ]; then
  coproc CEPH_SERVER { etc/test-servers/s3-ceph.sh; }
  read -r _ url key secret <&"${CEPH_SERVER[0]}"
  boto3 fill "$url" "$key" "$secret" bench 5000 "$concurrency" >/dev/null
  "$python" - "$url" "$key" "$secret" <<'PY'
import sys, boto3
boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id=sys.argv[2], aws_secret_access_key=sys.argv[3],
             region_name="us-east-1").create_bucket(Bucket="bench-copy")
PY
  measure ceph_list list "$url" "$key" "$secret" bench 4
  measure ceph_copy copy "$url" "$key" "$secret" bench 5000
  exec {CEPH_SERVER[1]}>&-
  wait "$CEPH_SERVER_PID" 2>/dev/null || true
fi

# The cost optimizer's calls, as its own benchmark counts them.
[ -z "${COST_CALLS:-}" ] && [ -x "$release/cost-bench" ] &&
  read -r COST_CALLS COST_CALLS_PER_METRIC < <("$release/cost-bench" | tail -1 | "$python" -c '
import json, sys
counted = json.load(sys.stdin)
print(counted["cost_calls"], counted["cost_calls_per_metric"])')

"$python" - "${COST_CALLS:-null}" "${COST_CALLS_PER_METRIC:-null}" \
  "$list_ours" "$list_boto3" "$list_rclone" "$copy_ours" "$copy_boto3" "$copy_rclone" \
  "${ceph_list_ours:-null}" "${ceph_list_boto3:-null}" "${ceph_list_rclone:-null}" \
  "${ceph_copy_ours:-null}" "${ceph_copy_boto3:-null}" "${ceph_copy_rclone:-null}" <<'PY'
import json, sys
names = ["cost_calls", "cost_calls_per_metric", "list_keys_per_s", "boto3_list_keys_per_s", "rclone_list_keys_per_s", "copies_per_s",
         "boto3_copies_per_s", "rclone_copies_per_s", "ceph_list_keys_per_s", "ceph_boto3_list_keys_per_s",
         "ceph_rclone_list_keys_per_s", "ceph_copies_per_s", "ceph_boto3_copies_per_s", "ceph_rclone_copies_per_s"]
print(json.dumps({"bench": "s3", **dict(zip(names, map(json.loads, sys.argv[1:])))}))
PY
