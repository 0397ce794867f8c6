#!/usr/bin/env bash
# Installs what the tests' servers need: Ceph's radosgw from Debian, moto from PyPI. Does nothing when nothing lacks.
# Never python3-swiftclient: its /usr/bin/swift hides the Swift compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(ceph-mon ceph-osd radosgw ceph-common)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "test servers: installing ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    echo "test servers: run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 77
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
    apt-get update -q >/dev/null
    apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
  }
fi

python=$(etc/test-servers/python.sh)
if ! "$python" -c 'import boto3, moto.server, flask' 2>/dev/null; then
  echo "test servers: installing moto into .bench/venv-aws"
  python3 -m venv .bench/venv-aws
  .bench/venv-aws/bin/pip install -q --disable-pip-version-check 'moto[server]==5.2.1' 'boto3==1.43.11'
fi
