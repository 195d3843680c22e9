#!/bin/sh
# Grades one hand-in: sets up what is missing, builds the grader, and prints the report.
# Usage: grade.sh HANDIN [options of `autograder grade`]. HANDIN is looked up from here, else from the course folder.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -eq 0 ]; then
  echo "usage: grade.sh HANDIN [options]; grade.sh --help for the options" >&2
  exit 2
fi
"$root/scripts/setup.sh" grade
"$root/scripts/build.sh" release
exec "$root/build/release/bin/autograder" grade "$@"
