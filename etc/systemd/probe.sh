#!/usr/bin/env bash
# What etc/test-systemd.sh runs inside the container. Ends with "probe: all is well", or with what is not.
set -euo pipefail
cd /probe
began=$SECONDS
say() { echo "probe: $* (+$((SECONDS - began)) s)"; }
fail() {
  echo "probe: FAILED: $*"
  systemctl status carillon --no-pager -l || true
  journalctl -u carillon --no-pager -o short-monotonic -n 40 || true
  exit 1
}
trap 'fail "line $LINENO"' ERR
# Waits up to 20 s for a command to succeed.
eventually() {
  local deadline=$((SECONDS + 20))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || fail "did not happen: $*"
    sleep 0.1
  done
}
property() { systemctl show -P "$1" carillon; }
is() { [ "$(property "$1")" = "$2" ]; }
done_items() { wc -l <"$ledger" 2>/dev/null || echo 0; }
at_least() { [ "$(done_items)" -ge "$1" ]; }
journal_has() { journalctl -u carillon --no-pager -o cat "$@" | grep -q .; }
status() { curl -sf --unix-socket /run/carillon/carillon.sock http://carillon/v1/status; }
ledger=/var/lib/carillon/ledger
export DEBIAN_FRONTEND=noninteractive

# What a person has before: a job that runs once a boot and takes a while, a plugin folder, a secret, one that is refused.
install -D -m 644 misbehaving.so /usr/local/lib/carillon/plugins/misbehaving.so
install -d -m 755 /etc/carillon/jobs
install -d -m 700 /etc/carillon/secrets
echo hush-hush-hush >/etc/carillon/secrets/token
chmod 600 /etc/carillon/secrets/token
cat >/etc/carillon/jobs/long.yaml <<'Y'
name: long
plugin: misbehaving
workers: 1
schedule: "@reboot"
config: {items: 1500, work_us: 20000, ledger: /var/lib/carillon/ledger, faults: [{key: "${secret:token}", fault: hang}]}
Y
install -d /etc/systemd/system/carillon.service.d
cat >/etc/systemd/system/carillon.service.d/local.conf <<'U'
[Service]
Environment=CARILLON_PLUGINS=/usr/local/lib/carillon/plugins:/usr/lib/carillon/plugins
LoadCredential=token:/etc/carillon/secrets/token
WatchdogSec=4s
U

say "installing: $(dpkg-deb -f carillon.deb Version)"
# No toolchain: what the package does not bring is not there.
mount -t tmpfs none /opt
dpkg -i carillon.deb
systemctl is-active --quiet carillon || fail "not active after the installation"
systemctl is-enabled --quiet carillon || fail "not enabled"
id carillon >/dev/null
[ "$(stat -c '%a %U' /var/lib/carillon)" = "700 carillon" ] || fail "the state directory is $(stat -c '%a %U' /var/lib/carillon)"
[ "$(stat -c %a /run/carillon/carillon.sock)" = 660 ] || fail "the socket's mode"
[ "$(ps -o user= -p "$(property MainPID)")" = carillon ] || fail "it does not run as its user"
property StatusText | grep -q '1 jobs, 1 schedules' || fail "status: $(property StatusText)"
/usr/bin/carillon version
ls /usr/share/man/man1/carillon.1.gz /usr/share/bash-completion/completions/carillon >/dev/null
eventually at_least 20
say "ready, and at work: $(property StatusText)"

eventually is NRestarts 0
! journalctl -u carillon --no-pager -o cat | grep -q 'thread priority' || fail "noise in the journal"
killed=$(property MainPID)
kill -KILL "$killed"
eventually is NRestarts 1
eventually systemctl is-active --quiet carillon
now=$(done_items)
eventually at_least $((now + 20))
say "killed, restarted, the run goes on after $now items"

# The watchdog: a daemon that is stopped says nothing.
kill -STOP "$(property MainPID)"
eventually is NRestarts 2
journalctl -b --no-pager -o cat | grep -qi 'watchdog timeout' || fail "the journal knows of no watchdog"
eventually systemctl is-active --quiet carillon
say "stopped, found by the watchdog, restarted"

cat >/etc/carillon/jobs/other.yaml <<'Y'
name: other
plugin: misbehaving
schedule: "@every 1s"
config: {items: 1, faults: []}
Y
systemctl reload carillon
eventually journal_has CARILLON_JOB=other CARILLON_STATE=succeeded
status | grep -q '"jobs":2' || fail "not reloaded: $(status)"
echo "name: broken" >/etc/carillon/jobs/broken.yaml
systemctl reload carillon || true
eventually journal_has CARILLON_REASON=SIGHUP PRIORITY=3
status | grep -q '"jobs":2' || fail "a bad file changed the set"
rm /etc/carillon/jobs/broken.yaml /etc/carillon/jobs/other.yaml
systemctl reload carillon
say "reloaded; a bad file refused"

eventually at_least 150
before=$(done_items)
say "upgrading to $(dpkg-deb -f carillon-newer.deb Version) at $before items"
dpkg -i carillon-newer.deb
systemctl is-active --quiet carillon || fail "not active after the upgrade"
eventually at_least $((before + 20))
[ "$(wc -l <"$ledger")" -ge "$before" ] || fail "the upgrade lost items"
eventually journal_has CARILLON_STATE=stopped

systemctl stop carillon
is Result success || fail "stopped with $(property Result)"
drained=$(done_items)
systemctl start carillon
began_again=$SECONDS
until at_least 1500 && journal_has CARILLON_JOB=long CARILLON_STATE=succeeded; do [ $((SECONDS - began_again)) -lt 90 ] || fail "the run stands at $(done_items)"; sleep 0.2; done
eventually journal_has CARILLON_JOB=long CARILLON_STATE=succeeded
# Killed twice: an item that was done but not recorded may have been done again; none was left out.
[ "$(cut -d' ' -f1 "$ledger" | sort -u | wc -l)" = 1500 ] || fail "items are missing"
say "drained at $drained, went on, all 1500 items done"
! grep -rqF hush-hush-hush /var/lib/carillon || fail "the secret is in the state directory"
! journalctl -b --no-pager -o verbose | grep -qF hush-hush-hush || fail "the secret is in the journal"

systemd-analyze verify /lib/systemd/system/carillon.service 2>verify.txt || true
[ ! -s verify.txt ] || fail "systemd-analyze verify: $(cat verify.txt)"
systemd-analyze security --offline=yes --threshold=15 --no-pager /lib/systemd/system/carillon.service >security.txt ||
  fail "$(tail -1 security.txt)"
say "$(tail -1 security.txt | tr -d '→')"

dpkg -r carillon
! systemctl is-active --quiet carillon || fail "active after the removal"
[ -f /var/lib/carillon/carillon.db ] || fail "the removal took the state"
dpkg -i carillon-newer.deb
systemctl is-active --quiet carillon || fail "not active after it was installed again"
dpkg --purge carillon
[ ! -e /var/lib/carillon ] || fail "the purge left the state"
[ -f /etc/carillon/jobs/long.yaml ] || fail "the purge took a person's job file"
[ ! -e /etc/default/carillon ] || fail "the purge left its own configuration"
say "removed, installed again, purged"
echo "probe: all is well"
