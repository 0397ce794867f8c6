#!/bin/sh
# Builds the plugins that are written in C into a folder (default .build/plugins): examples/build.sh [FOLDER]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/.build/plugins}
mkdir -p "$folder"
chmod go-w "$folder" # the host loads nothing from a folder that others can write to

# build NAME FLAGS FILES: under a passing name first, so that a host never loads half a file.
build() {
  name=$1
  flags=$2
  shift 2
  # shellcheck disable=SC2086 # flags are several words
  ${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -Werror -fvisibility=hidden -shared -fPIC $flags \
    -I "$root/Sources/CCarillonPlugin/include" "$@" -o "$folder/.$name.new"
  chmod go-w "$folder/.$name.new"
  mv "$folder/.$name.new" "$folder/$name"
}

build hello.so "" "$root/examples/hello-c/hello.c"
build misbehaving.so "-DMAX_IN_FLIGHT=64" "$root"/examples/misbehaving/*.c
build misbehaving-serial.so "-DMAX_IN_FLIGHT=1" "$root"/examples/misbehaving/*.c
build noop.so "" "$root/Benchmarks/queue/noop.c"
