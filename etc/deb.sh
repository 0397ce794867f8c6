#!/usr/bin/env bash
# Makes a Debian package of a release build: etc/deb.sh PRODUCTS FOLDER [VERSION-SUFFIX]. Prints the package's path.
# $DEBFULLNAME and $DEBEMAIL name who makes it; $COMPRESSION as dpkg-deb -Z (default xz).
set -euo pipefail
cd "$(dirname "$0")/.."
products=${1:?usage: deb.sh PRODUCTS FOLDER [VERSION-SUFFIX]}
folder=${2:?usage: deb.sh PRODUCTS FOLDER [VERSION-SUFFIX]}
version=$(sed -n 's/.*text = "\(.*\)".*/\1/p' Sources/carillon/Version.swift)-1${3:-}
maintainer="${DEBFULLNAME:-The Carillon authors} <${DEBEMAIL:-carillon@localhost.localdomain}>"
architecture=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
tree=$stage/tree
umask 022
install -d "$tree/DEBIAN" "$tree"/etc/{default,carillon/jobs} "$tree/usr/share/lintian/overrides" "$folder"
etc/install.sh "$products" /usr "$tree"

install -m 644 etc/systemd/carillon.default "$tree/etc/default/carillon"
install -m 644 etc/debian/copyright "$tree/usr/share/doc/carillon/copyright"
install -m 644 etc/debian/overrides "$tree/usr/share/lintian/overrides/carillon"
install -m 755 etc/debian/{postinst,prerm,postrm} "$tree/DEBIAN/"
echo /etc/default/carillon >"$tree/DEBIAN/conffiles"
date=$(git log -1 --format=%cd --date=rfc 2>/dev/null || date -R)
{
  printf 'carillon (%s) unstable; urgency=medium\n\n' "$version"
  printf '  * See /usr/share/doc/carillon/changelog.gz.\n\n -- %s  %s\n' "$maintainer" "$date"
} | gzip -9n >"$tree/usr/share/doc/carillon/changelog.Debian.gz"
gzip -9nc CHANGELOG.md >"$tree/usr/share/doc/carillon/changelog.gz"

# What it needs of Debian's libraries; those that lie beside it are its own.
mkdir "$stage/debian"
printf 'Source: carillon\n\nPackage: carillon\nArchitecture: any\n' >"$stage/debian/control"
depends=$(
  cd "$stage"
  dpkg-shlibdeps -O --ignore-missing-info -ltree/usr/lib/carillon/swift -xcarillon -etree/usr/bin/carillon \
    -etree/usr/libexec/carillon/carillon-host tree/usr/lib/carillon/plugins/*.so tree/usr/lib/carillon/swift/*.so 2>shlibdeps.log |
    sed -n 's/^shlibs:Depends=//p'
) || { cat "$stage/shlibdeps.log" >&2; exit 1; }
cat >"$tree/DEBIAN/control" <<CONTROL
Package: carillon
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Pre-Depends: init-system-helpers (>= 1.54~)
Depends: $depends, systemd | systemd-standalone-sysusers | systemd-sysusers, tzdata
Section: admin
Priority: optional
Description: batch job runner that accounts for every item
 Carillon fires jobs on cron schedules, or by hand. A job's plugin names the
 items of work, and every item is run in a process apart, retried, and
 accounted for on its own in a SQLite file: a plugin that crashes hurts nothing
 but its own item, a run that is killed goes on where it stood, and every due
 instant of a schedule ends as a row in a ledger.
CONTROL
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
package=$folder/carillon_${version}_${architecture}.deb
dpkg-deb --root-owner-group -Z"${COMPRESSION:-xz}" --build "$tree" "$package" >/dev/null
echo "$package"
