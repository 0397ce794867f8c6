#!/usr/bin/env bash
# Benchmarks/mail/run.sh PRODUCTS [MESSAGES] [CONNECTIONS]: the plugin (reading, checking, rendering, log and all), its connections alone with
# prepared messages, Python's smtplib on one connection with prepared messages and with those that its email package makes, and Postfix's
# smtp-source on as many connections, in turn, against the same smtp-sink; the medians of five rounds.
set -euo pipefail
products=${1:?usage: run.sh PRODUCTS [MESSAGES] [CONNECTIONS]}
count=${2:-10000}
connections=${3:-16}
work=$(mktemp -d -p "${BENCH_FOLDER:-.bench}")
here=$(dirname "$0")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
account=()
[ "$(id -u)" -ne 0 ] || account=(-u nobody)
/usr/sbin/smtp-sink "${account[@]}" "127.0.0.1:$port" 512 >/dev/null 2>&1 &
sink=$!
trap 'kill "$sink"; rm -rf "$work"' EXIT
sleep 0.5
size=4096

source_rate() {
  local start end
  start=$(date +%s.%N)
  /usr/sbin/smtp-source -d -s "$connections" -m "$count" -l "$size" -f news@example.org -t user@example.net "127.0.0.1:$port"
  end=$(date +%s.%N)
  python3 -c "print(round($count / ($end - $start)))"
}
median() { sort -n | sed -n 3p; }
for _ in 1 2 3 4 5; do
  "$products/mail-bench" "$work" "$port" "$connections" "$count" >>"$work/ours"
  "$products/mail-bench" prepared "$port" "$connections" "$count" >>"$work/prepared"
  python3 "$here/python_send.py" "$port" "$((count / 5))" >>"$work/python"
  python3 "$here/smtplib_send.py" "$port" "$count" "$size" >>"$work/smtplib"
  source_rate >>"$work/source"
done
for name in ours prepared smtplib python source; do echo "$name: $(xargs <"$work/$name")" >&2; done
printf '{"bench":"mail","messages_per_s":%s,"smtplib_messages_per_s":%s,"smtp_source_messages_per_s":%s,' \
  "$(median <"$work/ours")" "$(median <"$work/smtplib")" "$(median <"$work/source")"
printf '"prepared_messages_per_s":%s,"python_email_messages_per_s":%s,"connections":%s}\n' \
  "$(median <"$work/prepared")" "$(median <"$work/python")" "$connections"
