#!/bin/sh
# Grades this folder with the autograder, on your machine: ./grade.sh [options]
# The first run installs what is missing and builds the grader. ./grade.sh --help lists the options.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

# The grader is in grader/ in the folder that you downloaded, and two folders up in the course's own repository.
for root in "$here/grader" "$here/../.."; do
  if [ -f "$root/scripts/grade.sh" ]; then
    exec "$root/scripts/grade.sh" "$here" "$@"
  fi
done

echo "grade.sh: there is no grader here: $here/grader/scripts/grade.sh is missing." >&2
echo "Unpack the homework again and copy the files that you have written into it." >&2
exit 2
