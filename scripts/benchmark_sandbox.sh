#!/bin/sh
# Measures what the sandbox costs on this machine, and prints medians: in each tier the start of a tool, of a worker,
# and a whole grade with all objects remembered. Takes no options. Run it on a machine that does nothing else.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
"$root/scripts/setup.sh" test
"$root/scripts/build.sh" benchmark sandbox_benchmark
exec "$root/build/benchmark/autograder/tests/sandbox_benchmark"
