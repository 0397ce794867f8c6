#!/usr/bin/env bash
# Makes thumbnails of real photos with a build, and shows what is left: etc/demo.sh PRODUCTS [FOLDER-OF-PHOTOS]
set -euo pipefail
cd "$(dirname "$0")/.."
products=${1:?usage: demo.sh PRODUCTS [PHOTOS]}
photos=${2:-.photos}
[ -n "${2:-}" ] || Benchmarks/thumbnails/photos.sh "$photos"

rm -rf .demo
mkdir -p .demo/jobs
sed -e "s|/srv/photos|$PWD/$photos|" -e "s|/srv/thumbnails|$PWD/.demo/thumbnails|" jobs/thumbnails.yaml >.demo/jobs/thumbnails.yaml

carillon() { "$products/carillon" "$@"; }
export CARILLON_STATE=$PWD/.demo/state CARILLON_JOBS=$PWD/.demo/jobs CARILLON_PLUGINS=$PWD/$products

echo "\$ carillon jobs check"
carillon jobs check
echo "\$ carillon run thumbnails"
carillon run thumbnails
echo "\$ carillon runs"
carillon runs
echo "\$ carillon items --limit 3"
carillon items --limit 3

# Every photo must be accounted for: as many items as files, each of them ended, and three pictures on disk for each success.
carillon runs --json >.demo/runs.json
python3 - "$photos" .demo/thumbnails .demo/runs.json <<'PY'
import json, pathlib, sys
photos = [p for p in pathlib.Path(sys.argv[1]).rglob("*") if p.is_file() and not p.name.startswith(".")]
made = list(pathlib.Path(sys.argv[2]).rglob("*.jpg"))
text = pathlib.Path(sys.argv[3]).read_text()
runs = json.loads(text)
run = (runs["runs"] if isinstance(runs, dict) else runs)[0]
counts = run["counts"]
assert run["state"] == "succeeded", run["state"]
assert counts["succeeded"] == len(photos), (counts, len(photos))
assert len(made) == 3 * len(photos), (len(made), len(photos))
print(f"demo: {len(photos)} photos, {counts['succeeded']} items succeeded, {len(made)} pictures on disk: all accounted for")
PY
