#!/usr/bin/env bash
# What the formatter does not see: tests that never run, unfinished marks, files that hold too much.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
complain() { echo "lint: $*" >&2; failed=1; }

files() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do [ -f "$file" ] && echo "$file"; done; }

# Swift Testing runs what carries @Test; a `func test…` without it is a test that nobody runs.
while IFS= read -r file; do
  awk -v file="$file" '
    /@Test/ { marked = NR }
    /^[[:space:]]*((private|static|async|package|public) )*func test[A-Z]/ && NR - marked > 2 { print file ":" NR; bad = 1 }
    END { exit bad }' "$file" || complain "a func test… without @Test"
done < <(files 'Tests/**/*.swift' 'plugins/**/Tests/**/*.swift' 'examples/**/Tests/**/*.swift')

marks='TO''DO|FIX''ME|XX''X|HA''CK'
if files '*.swift' '*.c' '*.h' '*.sh' '*.py' '*.md' Makefile | xargs grep -nE "\b($marks)\b"; then complain "unfinished marks"; fi

while IFS= read -r file; do
  lines=$(wc -l <"$file")
  limit=500
  case "$file" in *Tests/*) limit=700 ;; esac
  [ "$lines" -le "$limit" ] || complain "$file has $lines lines, more than $limit"
done < <(files '*.swift' '*.c' '*.h')

# The README's example is a file that is built and tested; it must be that file.
python3 - <<'PY' || complain "README.md does not show examples/hello-swift as it is"
import sys
code = open("examples/hello-swift/Sources/HelloSwift/HelloSwift.swift").read().rstrip()
sys.exit(code not in open("README.md").read())
PY

command -v shellcheck >/dev/null && { files '*.sh' .ci/run | xargs shellcheck -S warning || complain "shellcheck"; }

# The unit as systemd reads it: nothing unknown in it, and little that it leaves open.
if command -v systemd-analyze >/dev/null; then
  unit=$(mktemp -d)/carillon.service
  sed -e 's|/usr/bin/carillon|/bin/true|' -e '/^Documentation=/d' etc/systemd/carillon.service >"$unit"
  words=$(systemd-analyze verify "$unit" 2>&1) || true
  [ -z "$words" ] || complain "etc/systemd/carillon.service: $words"
  systemd-analyze security --offline=yes --no-pager --threshold=15 "$unit" >/dev/null 2>&1 ||
    complain "etc/systemd/carillon.service: an exposure of more than 1.5"
fi
exit $failed
