#!/usr/bin/env bash
# Installs what the tests' servers need: Ceph's radosgw, Postfix and Dovecot from Debian, moto from PyPI. Does nothing when nothing lacks.
# Never python3-swiftclient: its /usr/bin/swift hides the Swift compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."

etc/setup.sh ceph-mon ceph-osd radosgw ceph-common postfix sasl2-bin libsasl2-modules libsasl2-modules-db dovecot-core openssl

python=$(etc/test-servers/python.sh)
if ! "$python" -c 'import boto3, moto.server, flask' 2>/dev/null; then
  echo "test servers: installing moto into .bench/venv-aws"
  python3 -m venv .bench/venv-aws
  .bench/venv-aws/bin/pip install -q --disable-pip-version-check 'moto[server]==5.2.1' 'boto3==1.43.11'
fi
