#!/usr/bin/env bash
# Fills a folder with real photos and pictures out of Debian packages: JPEG and PNG of 1 to 24 megapixels, 92 of them, 160 MB.
# What is there is kept. usage: photos.sh FOLDER
set -euo pipefail

folder=${1:?usage: photos.sh FOLDER}
packages="mate-backgrounds lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 plasma-workspace-wallpapers"

# Beside the folder, not in it: what is in the folder is input.
complete="${folder%/}.complete"
[ -e "$complete" ] && exit 0
mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"

folder=$(cd "$folder" && pwd)
complete="$folder.complete"
cd "$scratch"
# A fresh machine has no package lists yet.
apt-cache show mate-backgrounds >/dev/null 2>&1 || apt-get update -qq
for package in $packages; do
  apt-get download -qq -o APT::Sandbox::User=root "$package"
  dpkg-deb -x "$package"_*.deb unpacked
done
cd - >/dev/null

# Links are other names of the same pictures; small files are icons and previews. The number keeps every name unique.
number=0
while IFS= read -r -d '' picture; do
  number=$((number + 1))
  cp "$picture" "$folder/$(printf '%03d' $number)-$(basename "$picture" | tr ' ' '_')"
done < <(find "$scratch/unpacked" -type f -size +60k ! -name 'screenshot*' \
  \( -iname '*.jpg' -o -iname '*.jpeg' -o -iname '*.png' \) -print0 | sort -z)
touch "$complete"
echo "$number pictures in $folder" >&2
