#!/usr/bin/env bash
# Installs a release build: etc/install.sh PRODUCTS PREFIX [DESTDIR]. What is installed runs without a Swift toolchain: the
# runtime libraries lie beside it, and nothing in it points to where it was built.
set -euo pipefail
products=$(realpath "${1:?usage: install.sh PRODUCTS PREFIX [DESTDIR]}")
prefix=${2:?usage: install.sh PRODUCTS PREFIX [DESTDIR]}
root=$(cd "$(dirname "$0")/.." && pwd)
to=${3:-}$prefix
umask 022

install -d "$to"/{bin,include,libexec/carillon,lib/carillon/{plugins,swift},lib/systemd/system,lib/sysusers.d,lib/tmpfiles.d} \
  "$to"/share/{doc/carillon/examples,man/man1,bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}

# The program, its host, and every plugin of the plugins folder.
install -m 755 "$products/carillon" "$to/bin/carillon"
install -m 755 "$products/carillon-host" "$to/libexec/carillon/carillon-host"
for folder in "$root"/plugins/*/; do
  install -m 644 "$products/lib$(basename "$folder").so" "$to/lib/carillon/plugins/"
done

# The libraries of the Swift toolchain that they load, directly or not.
toolchain=$(dirname "$(ldd "$products/carillon" | awk '$1 == "libswiftCore.so" { print $3 }')")
ldd "$to/bin/carillon" "$to"/lib/carillon/plugins/*.so | awk -v from="$toolchain/" 'index($3, from) == 1 { print $3 }' | sort -u |
  while read -r library; do install -m 644 "$library" "$to/lib/carillon/swift/"; done
strip --strip-unneeded "$to/bin/carillon" "$to/libexec/carillon/carillon-host" "$to"/lib/carillon/{plugins,swift}/*.so
# shellcheck disable=SC2016 # $ORIGIN is the loader's, see ld.so(8)
{
  patchelf --set-rpath '$ORIGIN/../lib/carillon/swift' "$to/bin/carillon"
  for library in "$to"/lib/carillon/plugins/*.so; do patchelf --set-rpath '$ORIGIN/../swift' "$library"; done
  for library in "$to"/lib/carillon/swift/*.so; do patchelf --set-rpath '$ORIGIN' "$library"; done
}

# The service. Where it is not installed under /usr, its paths follow.
sed "s|/usr/bin/carillon|$prefix/bin/carillon|g; s|/usr/share/doc|$prefix/share/doc|" "$root/etc/systemd/carillon.service" \
  >"$to/lib/systemd/system/carillon.service"
chmod 644 "$to/lib/systemd/system/carillon.service"
install -m 644 "$root/etc/systemd/carillon.sysusers" "$to/lib/sysusers.d/carillon.conf"
install -m 644 "$root/etc/systemd/carillon.tmpfiles" "$to/lib/tmpfiles.d/carillon.conf"

# What people read and shells complete, made by the program itself.
"$products/carillon" --experimental-dump-help | python3 "$root/etc/manpage.py" | gzip -9n >"$to/share/man/man1/carillon.1.gz"
"$products/carillon" --generate-completion-script bash | sed 1d >"$to/share/bash-completion/completions/carillon"
"$products/carillon" --generate-completion-script zsh >"$to/share/zsh/vendor-completions/_carillon"
"$products/carillon" --generate-completion-script fish >"$to/share/fish/vendor_completions.d/carillon.fish"
install -m 644 "$root"/{README,ARCHITECTURE}.md "$root"/docs/*.md "$to/share/doc/carillon/"
install -D -m 644 -t "$to/share/doc/carillon/decisions" "$root"/docs/decisions/*.md
for page in "$root"/plugins/*/README.md; do
  install -D -m 644 "$page" "$to/share/doc/carillon/plugins/$(basename "$(dirname "$page")")/README.md"
done
install -m 644 "$root"/jobs/*.yaml "$to/share/doc/carillon/examples/"
[ -n "${3:-}" ] || install -m 644 "$root"/{LICENSE,CHANGELOG.md} "$to/share/doc/carillon/"

# What a plugin builds against: `carillon plugins new NAME` finds it here.
install -m 644 "$root/Sources/CCarillonPlugin/include/carillon_plugin.h" "$to/include/carillon_plugin.h"
sdk="$to/share/carillon/sdk"
install -d "$sdk/Sources"
cp -R "$root/Sources/CCarillonPlugin" "$root/Sources/CarillonPlugin" "$root/Sources/CarillonPluginTesting" "$sdk/Sources/"
install -m 644 "$root/etc/sdk-Package.swift" "$sdk/Package.swift"
find "$to" -name '*.so' -exec chmod 644 {} +
[ -n "${3:-}" ] || echo "installed into $prefix; try: $prefix/bin/carillon doctor"
