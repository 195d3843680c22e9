#!/bin/sh
# Sets up what is missing, builds the grader and its tests, some with sanitizers, and runs every test.
# Usage: test.sh [options of ctest], such as `test.sh -L unit` or `test.sh -R compare`.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
"$root/scripts/setup.sh" test
if [ -n "${CI:-}" ] && ! /usr/bin/python3 -c 'import torch' 2>/dev/null; then
  echo "test.sh: PyTorch is missing, and a CI run skips no test" >&2
  exit 3
fi
"$root/scripts/build.sh" dev
cd "$root"
exec ctest --preset dev "$@"
