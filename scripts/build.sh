#!/bin/sh
# Builds the grader. Usage: build.sh [release|dev|fuzz [TARGET]]. Quiet unless something fails.
set -eu

preset=${1:-release}
target=${2:-all}
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$root/build/$preset

if [ -e "$folder" ] && [ ! -w "$folder" ]; then
  echo "build.sh: $folder is not writable: it was built by another user. Remove it, or grade as that user." >&2
  exit 3
fi
mkdir -p "$folder"
log=$folder/build.log
# Two graders that start at the same time build once.
if command -v flock >/dev/null 2>&1; then
  exec 9>"$folder/build.lock"
  flock 9
fi
if command -v ninja >/dev/null 2>&1; then
  CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
  export CMAKE_GENERATOR
fi

failed() {
  tail -n 40 "$log" >&2
  echo "build.sh: $1. The whole log: $log" >&2
  exit 3
}

[ -f "$folder/CMakeCache.txt" ] || echo "Building the grader in $folder; this takes some minutes, once." >&2
cd "$root"
if [ ! -f "$folder/CMakeCache.txt" ]; then
  cmake --preset "$preset" >"$log" 2>&1 || {
    rm -f "$folder/CMakeCache.txt"
    failed "the grader cannot be configured. Are all packages there? See scripts/setup.sh and scripts/environment.yml"
  }
fi
cmake --build "$folder" --target "$target" --parallel "$(getconf _NPROCESSORS_ONLN)" >"$log" 2>&1 || failed "the grader does not build"
