#!/usr/bin/env bash
# Installs a release build: etc/install.sh PRODUCTS PREFIX
set -euo pipefail
products=${1:?usage: install.sh PRODUCTS PREFIX}
prefix=${2:?usage: install.sh PRODUCTS PREFIX}
root=$(cd "$(dirname "$0")/.." && pwd)

install -d "$prefix/bin" "$prefix/libexec/carillon" "$prefix/lib/carillon/plugins" "$prefix/include" "$prefix/share/doc/carillon"
install -m 755 "$products/carillon" "$prefix/bin/carillon"
install -m 755 "$products/carillon-host" "$prefix/libexec/carillon/carillon-host"
for plugin in libthumbnails.so libcommand.so; do
  install -m 644 "$products/$plugin" "$prefix/lib/carillon/plugins/$plugin"
done
install -m 644 "$root/Sources/CCarillonPlugin/include/carillon_plugin.h" "$prefix/include/carillon_plugin.h"
install -m 644 "$root/README.md" "$root/LICENSE" "$root/CHANGELOG.md" "$root/docs/manual.md" "$root/jobs/thumbnails.yaml" \
  "$prefix/share/doc/carillon/"

# What a plugin written in Swift builds against: `carillon plugins new NAME --language swift` finds it here.
sdk="$prefix/share/carillon/sdk"
install -d "$sdk/Sources"
cp -R "$root/Sources/CCarillonPlugin" "$root/Sources/CarillonPlugin" "$root/Sources/CarillonPluginTesting" "$sdk/Sources/"
install -m 644 "$root/etc/sdk-Package.swift" "$sdk/Package.swift"
echo "installed into $prefix; try: $prefix/bin/carillon doctor"
