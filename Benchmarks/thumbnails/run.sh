#!/usr/bin/env bash
# Thumbnails of real photos in three sizes, by us and by what people use instead, in turns on the same two cores.
# The last line is the result. usage: run.sh [FOLDER OF RELEASE PRODUCTS]; ROUNDS=3 in the environment.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
rounds=${ROUNDS:-3}
photos="$root/.photos"
work="$root/.bench/thumbnails"
venv="$root/.venv-thumbnails"

"$here/photos.sh" "$photos"
if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet 'pyvips[binary]' pillow numpy
fi
if [ $# -gt 0 ]; then
  products=$(cd "$1" && pwd)
else
  (cd "$root" && swift build -c release --product thumbnails-bench >&2)
  products="$root/.build/release"
fi
bench="$products/thumbnails-bench"
mkdir -p "$work"
cc -O2 -o "$work/jpeg_bound" "$here/jpeg_bound.c" -ljpeg

: >"$work/results"
measure() { # NAME COMMAND...
  local name=$1
  shift
  rm -rf "${work:?}/$name"
  printf '%s %s\n' "$name" "$("$@")" | tee -a "$work/results" >&2
}
# The first round brings files and libraries into memory and is not counted; Pillow, the slowest, is measured once.
for ((round = 0; round <= rounds; round++)); do
  [ "$round" -eq 1 ] && : >"$work/results"
  measure ours "$bench" "$photos" "$work/ours" 2
  measure vips "$venv/bin/python" "$here/peers/pyvips_cascade.py" "$photos" "$work/vips" 2
  if [ "$round" -eq 1 ]; then
    measure pillow "$venv/bin/python" "$here/peers/pillow_usual.py" "$photos" "$work/pillow" 2
  fi
done

# The bound is about JPEG alone: ours on the same files, one process, processor time.
rm -rf "$work/jpegs" && mkdir "$work/jpegs"
find "$photos" -name '*.jp*g' -exec ln {} "$work/jpegs/" \;
for _ in 1 2; do
  printf 'bound %s\n' "$("$work/jpeg_bound" "$work/jpegs" "$work/ours")" | tee -a "$work/results" >&2
  measure jpegs_ours "$bench" "$work/jpegs" "$work/jpegs_ours" 1
done

similarity=$("$venv/bin/python" "$here/ssim.py" "$photos" "$work/ours" "$work/vips")
"$venv/bin/python" "$here/summary.py" "$work/results" "$similarity"
