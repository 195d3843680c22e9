#!/bin/sh
# Starts a cluster of two nodes, runs the tests of it, and stops it; root does all of that as an ordinary user.
# Usage: cluster.sh FOLDER PROGRAM [ARG...]. FOLDER is the repository. Exit code 77, and the reason, where Slurm is
# missing, but not where CI is set.
set -eu

skip() {
  echo "cluster.sh: $1" >&2
  if [ -n "${CI:-}" ]; then exit 1; fi
  exit 77
}
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch; do
  command -v "$program" >/dev/null || skip "there is no $program here; scripts/setup.sh test installs it"
done

folder=$1
shift
if [ "$(id -u)" = 0 ]; then
  # A user that has a name, which Slurm insists on, and that its packages bring.
  code=0
  ORDINARY_USER=slurm "$(dirname "$0")/as_ordinary_user.sh" "$folder" "$0" "$folder" "$@" || code=$?
  if [ "$code" = 77 ]; then skip "an ordinary user cannot be had here"; fi
  exit "$code"
fi

AUTOGRADER_TEST_CLUSTER=$(mktemp -d)
export AUTOGRADER_TEST_CLUSTER
chmod 755 "$AUTOGRADER_TEST_CLUSTER"  # munged wants a socket that all can reach
end() {
  "$folder/scripts/slurm/stop.sh" "$AUTOGRADER_TEST_CLUSTER"
  rm -rf "$AUTOGRADER_TEST_CLUSTER"
}
trap end EXIT
"$folder/scripts/slurm/start.sh" "$AUTOGRADER_TEST_CLUSTER"
"$@"
