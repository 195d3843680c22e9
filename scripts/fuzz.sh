#!/bin/sh
# Fuzzes what reads hostile bytes: archives, answers of workers, fixtures. Sets up what is missing, builds, runs.
# Usage: fuzz.sh [SECONDS [TARGET...]]. SECONDS a target, 600 unless told; TARGETs are unpack, answer, fixture.
#
# Begins with the seeds of autograder/tests/fuzz/corpus, and with what earlier runs found worth keeping, which lies in
# build/fuzz/corpus. Exit code 1, and the path of the input, where a target fell: mend it, and put the input among the
# seeds, where every run of the tests replays it.
set -eu

usage() {
  echo "usage: fuzz.sh [SECONDS [unpack|answer|fixture]...]" >&2
  exit 2
}

seconds=${1:-600}
case $seconds in '' | *[!0-9]*) usage ;; esac
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- unpack answer fixture
for target in "$@"; do
  case $target in unpack | answer | fixture) ;; *) usage ;; esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
"$root/scripts/setup.sh" fuzz
"$root/scripts/build.sh" fuzz fuzzers
build=$root/build/fuzz

# stat NAME LOG: one of the figures that libFuzzer prints when it ends.
stat() {
  sed -n "s/^stat::$1: *//p" "$2"
}

found=0
for target in "$@"; do
  corpus=$build/corpus/$target
  findings=$build/findings/$target
  log=$build/$target.log
  mkdir -p "$corpus" "$findings"
  # In bytes: room for a few entries, and for a fixture. Longer seeds are cut here, and are whole in the tests.
  case $target in unpack) longest=32768 ;; *) longest=16384 ;; esac
  outcome="no findings"
  "$build/autograder/tests/fuzz/${target}_fuzz" -max_total_time="$seconds" -max_len="$longest" -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$findings/" \
    "$corpus" "$root/autograder/tests/fuzz/corpus/$target" >"$log" 2>&1 </dev/null || {
    found=1
    outcome="FOUND: $(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1) (see $log)"
  }
  coverage=$(sed -n 's/.*cov: \([0-9]*\) ft: \([0-9]*\).*/\1 edges, \2 features/p' "$log" | tail -n 1)
  echo "$target: $(stat number_of_executed_units "$log") executions, $(stat average_exec_per_sec "$log") a second," \
    "coverage ${coverage:-unknown}, $outcome"
done
exit "$found"
