#!/bin/bash
# Ends what start.sh has started in FOLDER, with its jobs, or what of it one node had: at once, as if the power had failed.
# Usage: stop.sh FOLDER [NODE]. What has ended already is no error.
set -euo pipefail

[ -d "$1" ] || exit 0
folder=$(cd "$1" && pwd -P)
node=${2:-}

# The daemons and what watches over a job, by the folder that they work in; then the jobs, by their environment.
processes() {
  local process
  for process in /proc/[0-9]*; do
    case $(readlink "$process/cwd" 2>/dev/null) in "$folder/run/"${node:-*}) echo "${process#/proc/}" ;; esac
  done
  for process in $(grep --files-with-matches --null-data --line-regexp --fixed-strings \
    "SLURM_CONF=$folder/slurm.conf" /proc/[0-9]*/environ 2>/dev/null); do
    if grep --quiet --null-data --line-regexp "SLURMD_NODENAME=${node:-.*}" "$process" 2>/dev/null; then
      echo "${process//[!0-9]/}"
    fi
  done
}
while found=$(processes) && [ -n "$found" ]; do
  # shellcheck disable=SC2086  # a list of numbers
  kill -KILL $found 2>/dev/null || true
done
