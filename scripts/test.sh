#!/bin/sh
# Sets up what is missing, builds the grader with sanitizers, and runs every test.
# Usage: test.sh [options of ctest], such as `test.sh -L unit` or `test.sh -R compare`.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
"$root/scripts/setup.sh" test
"$root/scripts/build.sh" dev
cd "$root"
exec ctest --preset dev "$@"
