#!/bin/sh
# Runs a test program as an ordinary user, for tests that root starts. Usage: as_ordinary_user.sh FOLDER PROGRAM [ARG...]
# FOLDER is the repository: where that user cannot reach it, it is shown to them at the same place in a mount namespace.
# Exit code 77, and the reason, where that is impossible.
set -eu

folder=$1
shift
[ "$(id -u)" = 0 ] || exec "$@"
user=${ORDINARY_USER:-23456}  # nobody in particular

is_closed() {
  case $(stat -c %A "$1") in *[xt]) return 1 ;; esac
}

as_user() {
  exec setpriv --reuid "$user" --regid "$user" --clear-groups -- env -u XDG_RUNTIME_DIR HOME=/nonexistent "$@"
}

# The highest folder above the repository that others cannot enter, as those are that mktemp makes.
closed=
above=$(dirname "$folder")
while [ "$above" != / ]; do
  if is_closed "$above"; then closed=$above; fi
  above=$(dirname "$above")
done
if is_closed "$folder"; then chmod o+rx "$folder"; fi
[ -n "$closed" ] || as_user "$@"

[ -z "${AS_ORDINARY_USER:-}" ] || { echo "as_ordinary_user.sh: $closed stays closed" >&2; exit 77; }
held=$(mktemp -d)
trap 'rmdir "$held"' EXIT
export held folder closed
# shellcheck disable=SC2016  # for the inner shell
AS_ORDINARY_USER=1 unshare --mount sh -c '
  set -eu
  mount --bind "$folder" "$held"
  mount -t tmpfs -o mode=755 none "$closed"
  mkdir -p "$folder"
  mount --bind "$held" "$folder"
  exec "$@"' sh "$0" "$folder" "$@"
