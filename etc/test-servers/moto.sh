#!/usr/bin/env bash
# moto (Lambda, CloudWatch) on a free loopback port. Prints "ready URL"; ends when its standard input does.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/python.sh")
work=$(mktemp -d)
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd "$work"
"$python" -c 'import sys; from moto.server import main; main(sys.argv[1:])' -H 127.0.0.1 -p "$port" >moto.log 2>&1 </dev/null &
server=$!
# Not a polite signal: a test process starts this with most of them blocked, and moto has nothing to save.
trap 'kill -9 "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 150); do
  if curl -s -o /dev/null "http://127.0.0.1:$port/moto-api/"; then
    echo "ready http://127.0.0.1:$port"
    cat >/dev/null
    exit 0
  fi
  kill -0 "$server" 2>/dev/null || break
  sleep 0.2
done
echo "moto did not start: $(tail -3 moto.log | tr '\n' ' ')" >&2
exit 1
