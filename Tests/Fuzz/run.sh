#!/bin/sh
# Builds the frame fuzzer and runs it: Tests/Fuzz/run.sh FOLDER [SECONDS]. Findings stay in FOLDER.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1/corpus" "$1/frames"
folder=$(cd "$1" && pwd)
seconds=${2:-60}

printf 'module CCarillonFrames { header "%s" export * }\n' \
  "$root/Sources/CCarillonFrames/include/carillon_frames.h" > "$folder/frames/module.modulemap"
flags="-swift-version 6 -package-name carillon -g -O -sanitize=fuzzer -parse-as-library -I $folder -I $folder/frames
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault"
cd "$folder"
# What is a module of its own to the tests is a file among others here.
sed "/^import WorkerPool$/d" "$root/Tests/WorkerPoolTests/EventLimits.swift" > EventLimits.swift
# shellcheck disable=SC2086 # flags are several words
swiftc $flags -wmo -emit-module -emit-object -module-name JobModel "$root"/Sources/JobModel/*.swift -o JobModel.o
# shellcheck disable=SC2086
swiftc $flags -module-name FrameFuzz JobModel.o -o frame-fuzz \
  "$root"/Sources/WorkerPool/BodyReader.swift "$root"/Sources/WorkerPool/FrameReader.swift \
  "$root"/Sources/WorkerPool/FrameDecoder.swift "$root"/Sources/WorkerPool/WorkerEvent.swift \
  "$root"/Tests/Fuzz/FrameFuzz.swift "$folder/EventLimits.swift"

# The runtime's own crash report would take the fuzzer's place.
SWIFT_BACKTRACE=enable=no ./frame-fuzz -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=1024 -timeout=10 \
  -print_final_stats=1 -artifact_prefix="$folder/" corpus
