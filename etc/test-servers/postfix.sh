#!/usr/bin/env bash
# Postfix on free loopback ports, with STARTTLS and TLS from the first octet, and SASL (PLAIN, LOGIN, SCRAM-SHA-256; user "job",
# password "secret"), and on a third port, by Dovecot, XOAUTH2 (user "job", a token that is signed and good for an hour). What it takes
# goes to smtp-sink, which writes each message to a file. Prints
# "ready STARTTLS-PORT TLS-PORT SINK-PORT CA-FILE DUMP-FOLDER OAUTH-PORT TOKEN"; ends when its standard input does. Needs root.
#   none@x.test 550 · blocked@x.test 554 · temp@x.test 451 · full@x.test 452
set -euo pipefail
command -v saslpasswd2 >/dev/null && command -v postfix >/dev/null && command -v dovecot >/dev/null || {
  echo "no postfix or dovecot here: run etc/test-servers/setup.sh as root" >&2
  exit 1
}
work=$(mktemp -d)
read -r port tls sink oauth < <(python3 -c '
import socket
all = [socket.socket() for _ in range(4)]
for s in all: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in all])')
chmod 755 "$work"
mkdir -p "$work"/{etc/sasl,spool,data,dump,sasl}
chown postfix "$work/data"
chown nobody "$work/dump"
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN SCRAM-SHA-256\nsasldb_path: %s/sasl/sasldb2\n' "$work" \
  >"$work/etc/sasl/smtpd.conf"
echo -n secret | saslpasswd2 -p -c -f "$work/sasl/sasldb2" -u localhost job
chgrp postfix "$work/sasl/sasldb2"
chmod 640 "$work/sasl/sasldb2"
# Dovecot holds bearer tokens against a key of its own: JSON Web Tokens (RFC 7519) with HMAC.
key=$(openssl rand -hex 32)
mkdir -p "$work/dovecot" "$work/keys/default/HS256"
printf %s "$key" | base64 -w0 >"$work/keys/default/HS256/default"
printf 'introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=%s/keys/\nusername_attribute = sub\n' "$work" \
  >"$work/oauth2.conf"
token=$(KEY=$key python3 -c '
import base64, hmac, json, os, time
def part(octets): return base64.urlsafe_b64encode(octets).rstrip(b"=")
now = int(time.time())
claims = {"sub": "job", "iat": now - 60, "exp": now + 3600}
text = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + part(json.dumps(claims).encode())
print((text + b"." + part(hmac.digest(os.environ["KEY"].encode(), text, "sha256"))).decode())')
cat >"$work/dovecot.conf" <<C
base_dir = $work/dovecot
state_dir = $work/dovecot
log_path = $work/dovecot.log
protocols =
ssl = no
auth_mechanisms = xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $work/oauth2.conf
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service auth {
  unix_listener $work/tokens {
    user = postfix
    mode = 0600
  }
}
C
cat >"$work/etc/main.cf" <<C
compatibility_level = 3.6
queue_directory = $work/spool
data_directory = $work/data
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
mynetworks =
maillog_file = $work/maillog
maillog_file_prefixes = $work
relayhost = [127.0.0.1]:$sink
smtpd_tls_cert_file = $work/cert.pem
smtpd_tls_key_file = $work/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = localhost
smtpd_recipient_restrictions = check_recipient_access inline:{ {temp@x.test = 451 4.3.0 try later} {full@x.test = 452 4.2.2 mailbox full} {none@x.test = 550 5.1.1 no such user} {blocked@x.test = 554 5.7.1 blocked} }, permit_sasl_authenticated, reject
smtpd_client_message_rate_limit = 0
smtpd_forbid_bare_newline = yes
message_size_limit = 1000000
C
cat >"$work/etc/master.cf" <<C
127.0.0.1:$port inet n - n - - smtpd
127.0.0.1:$tls inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:$oauth inet n - n - - smtpd -o smtpd_sasl_type=dovecot -o smtpd_sasl_path=$work/tokens
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
C
(cd "$work/dump" && exec setsid /usr/sbin/smtp-sink -u nobody -d "%s." "127.0.0.1:$sink" 200 >/dev/null 2>&1 </dev/null) &
sinker=$!
disown "$sinker"
/usr/sbin/dovecot -F -c "$work/dovecot.conf" >/dev/null 2>&1 </dev/null &
dovecot=$!
# The tests start this with TERM blocked.
trap 'kill -9 "$dovecot" 2>/dev/null || true; postfix -c "$work/etc" stop >/dev/null 2>&1 || true; kill -9 "$sinker" 2>/dev/null || true; rm -rf "$work"' EXIT
postfix -c "$work/etc" start >"$work/start" 2>&1 </dev/null || {
  cat "$work/start" "$work/maillog" >&2
  exit 1
}
for _ in $(seq 100); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port" && read -r -t 2 _ <&3) 2>/dev/null; then
    echo "ready $port $tls $sink $work/cert.pem $work/dump $oauth $token"
    cat >/dev/null
    exit 0
  fi
  sleep 0.1
done
cat "$work/maillog" "$work/dovecot.log" >&2
exit 1
