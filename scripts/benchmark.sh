#!/bin/sh
# Measures what grading costs, beside what a course script does that builds each hand-in with cmake. Takes half
# an hour; run it on a machine that does nothing else. Options: see benchmark.py --help.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
"$root/scripts/setup.sh" test
"$root/scripts/build.sh" release
"$root/scripts/build.sh" benchmark stages_benchmark
exec python3 "$root/scripts/benchmark.py" "$@"
