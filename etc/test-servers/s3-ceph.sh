#!/usr/bin/env bash
# Ceph on this machine alone (a monitor, one OSD in memory, radosgw) on free loopback ports: an S3 that checks signatures and
# has every storage class as a pool. Prints "ready URL KEY SECRET PIDS"; ends when its standard input does. A lifecycle "day"
# lasts LIFECYCLE_SECONDS (2).
set -euo pipefail
command -v radosgw >/dev/null || {
  echo "no radosgw here: run etc/test-servers/setup.sh as root" >&2
  exit 1
}
work=$(mktemp -d)
read -r port mon < <(python3 -c '
import socket
def free():
    s = socket.socket(); s.bind(("127.0.0.1", 0)); return s
def pair():
    while True:
        a = free(); b = socket.socket()
        try: b.bind(("127.0.0.1", a.getsockname()[1] + 1)); return a
        except OSError: pass
print(free().getsockname()[1], pair().getsockname()[1])')
export CEPH_CONF=$work/ceph.conf

stop() {
  for name in rgw osd.0 mon.a; do
    [ -f "$work/$name.pid" ] || continue
    pid=$(cat "$work/$name.pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 20); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap stop EXIT

mkdir -p "$work"/{mon.a,osd.0,rgw,run}
cat >"$work/ceph.conf" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$mon,v1:127.0.0.1:$((mon + 1))]
public network = 127.0.0.0/8
ms bind ipv6 = false
keyring = $work/keyring
mon warn on insecure global id reclaim allowed = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon warn on pool no redundancy = false
mon data avail crit = 1
osd crush chooseleaf type = 0
run dir = $work/run
log file = $work/\$name.log
admin socket = $work/run/\$name.asok
pid file = $work/\$type.\$id.pid
crash dir = $work/run
[mon.a]
mon data = $work/mon.a
[osd]
osd data = $work/osd.\$id
osd objectstore = memstore
memstore device bytes = 4294967296
osd class load list = *
osd class default list = *
[client.rgw]
keyring = $work/keyring
rgw data = $work/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
rgw dns name = s3.localhost
rgw lc debug interval = ${LIFECYCLE_SECONDS:-2}
rgw relaxed s3 bucket names = false
pid file = $work/rgw.pid
CONF

{
  ceph-authtool -C "$work/keyring" -g -n mon. --cap mon 'allow *'
  ceph-authtool "$work/keyring" -g -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  ceph-authtool "$work/keyring" -g -n client.rgw --cap mon 'allow rw' --cap osd 'allow rwx'
  ceph-authtool "$work/keyring" -g -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
  monmaptool --create --addv a "[v2:127.0.0.1:$mon,v1:127.0.0.1:$((mon + 1))]" \
    --fsid "$(awk '/fsid/ { print $3 }' "$work/ceph.conf")" "$work/monmap"
  ceph-mon --mkfs -i a --monmap "$work/monmap" --keyring "$work/keyring"
  ceph-mon -i a
  ceph osd create
  ceph-osd -i 0 --mkfs --osd-objectstore memstore
  ceph osd crush add osd.0 1.0 host=localhost root=default
  ceph-osd -i 0
  for _ in $(seq 150); do
    ceph osd stat | grep -q '1 up' && break
    sleep 0.2
  done
  radosgw-admin user create --uid=t --display-name=t --access-key=AKIDTEST --secret-key=SECRETTEST
  for class in STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER_IR GLACIER DEEP_ARCHIVE; do
    radosgw-admin zonegroup placement add --rgw-zonegroup default --placement-id default-placement --storage-class "$class"
    radosgw-admin zone placement add --rgw-zone default --placement-id default-placement --storage-class "$class" \
      --data-pool "default.rgw.$class.data"
  done
  radosgw -n client.rgw
} >"$work/start.log" 2>&1 </dev/null || {
  echo "Ceph did not start: $(tail -3 "$work/start.log" | tr '\n' ' ')" >&2
  exit 1
}
for _ in $(seq 300); do
  if curl -s -o /dev/null "http://127.0.0.1:$port/"; then
    echo "ready http://127.0.0.1:$port AKIDTEST SECRETTEST $(cat "$work"/{rgw,osd.0,mon.a}.pid | tr '\n' ' ')"
    cat >/dev/null
    exit 0
  fi
  sleep 0.1
done
echo "radosgw did not answer: $(tail -3 "$work"/*rgw*.log | tr '\n' ' ')" >&2
exit 1
