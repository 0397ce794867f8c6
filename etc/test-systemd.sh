#!/usr/bin/env bash
# The Debian package under a real systemd as PID 1 of a throw-away container on an overlay of this machine's root: installed,
# started, watched over, killed, reloaded, upgraded, drained, removed, purged. Needs root, systemd-container and cgroups.
# usage: etc/test-systemd.sh PACKAGE NEWER-PACKAGE MISBEHAVING-PLUGIN
set -euo pipefail
cd "$(dirname "$0")/.."
for file in "${1:?package}" "${2:?newer package}" "${3:?misbehaving.so}"; do [ -f "$file" ] || { echo "$file is not there" >&2; exit 66; }; done
packages=("$(realpath "$1")" "$(realpath "$2")")
plugin=$(realpath "$3")
[ "$(id -u)" -eq 0 ] || { echo "test-systemd: must be root" >&2; exit 77; }

# systemd 252 wants a name=systemd hierarchy where the machine has no unified one.
hierarchy=/sys/fs/cgroup/systemd
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p $hierarchy
  mountpoint -q $hierarchy || mount -t cgroup -o none,name=systemd systemd $hierarchy
  mkdir -p $hierarchy/payload $hierarchy/supervisor
fi
export PROBE=$PWD/etc/systemd/probe.sh PACKAGE=${packages[0]} NEWER=${packages[1]} PLUGIN=$plugin LIMIT=${LIMIT:-240}
unshare -m --propagation private bash -eu -c '
mount -t tmpfs run /run
over=$(mktemp -d)
mount -t tmpfs over "$over"
mkdir "$over"/{upper,work,root}
mount -t overlay over -o lowerdir=/,upperdir="$over/upper",workdir="$over/work" "$over/root"
root=$over/root
# An image for building forbids services to start; a machine does not.
rm -f "$root/etc/machine-id" "$root/usr/sbin/policy-rc.d"
tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
find "$root/etc/systemd/system" -name "*.wants" -type d -exec rm -rf {} +
mkdir -p "$root/probe"
cp "$PROBE" "$root/probe/probe.sh"
cp "$PACKAGE" "$root/probe/carillon.deb"
cp "$NEWER" "$root/probe/carillon-newer.deb"
cp "$PLUGIN" "$root/probe/misbehaving.so"
cat >"$root/etc/systemd/system/probe.target" <<U
[Unit]
Requires=basic.target probe.service
After=basic.target
AllowIsolate=yes
U
cat >"$root/etc/systemd/system/probe.service" <<U
[Service]
Type=oneshot
ExecStart=/bin/bash /probe/probe.sh
StandardOutput=append:/probe/out
StandardError=append:/probe/out
SuccessAction=exit
FailureAction=exit
TimeoutStartSec=$LIMIT
U
timeout -k 5 "$LIMIT" systemd-nspawn -q -D "$root" --register=no --keep-unit --private-network --console=pipe -b \
  systemd.unit=probe.target systemd.log_level=warning </dev/null >"$over/console" 2>&1 || true
cat "$root/probe/out" || cat "$over/console"
grep -q "^probe: all is well" "$root/probe/out" || { tail -20 "$over/console"; exit 1; }
'
status=$?
rmdir $hierarchy/payload/* $hierarchy/payload $hierarchy/supervisor 2>/dev/null || true
exit $status
