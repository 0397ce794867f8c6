#!/usr/bin/env bash
# Installs the Debian packages that a build needs and this machine lacks; further ones may be named: etc/setup.sh [PACKAGE…].
# Says what it does; does nothing when nothing lacks.
set -euo pipefail

command -v swift >/dev/null || {
  echo "setup: no Swift toolchain found; Carillon needs Swift 6.3 or later (https://www.swift.org/install/linux)" >&2
  exit 1
}
packages=(gcc libc6-dev make pkg-config libsqlite3-dev libjpeg62-turbo-dev libpng-dev zlib1g-dev libzstd-dev libxxhash-dev liblcms2-dev
  libdeflate-dev libexpat1-dev libcurl4-openssl-dev libidn2-dev tzdata curl python3-venv util-linux zstd "$@")
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "setup: installing ${missing[*]}"
if [ "$(id -u)" -ne 0 ]; then
  echo "setup: run as root: apt-get install ${missing[*]}" >&2
  exit 77
fi
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
  apt-get update -q >/dev/null
  apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
}
