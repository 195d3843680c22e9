#!/bin/sh
# Installs what is missing of the packages that the grader needs, on Debian 12, Ubuntu 24.04 and newer.
# Usage: setup.sh [grade|test|fuzz]. `grade` (the default) is enough to grade; `test` adds what the test suite uses,
# `fuzz` clang with libFuzzer.
# Does nothing, quickly, when all is there. On a system without apt it says what to do instead.
set -eu

purpose=${1:-grade}
oracle=
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")

# The build of a hand-in on a student's machine needs no more than this.
packages="g++ binutils cmake ninja-build libxtensor-dev libxtensor-blas-dev libopenblas-dev
  nlohmann-json3-dev libcli11-dev libarchive-dev libseccomp-dev bubblewrap"
case $purpose in
  grade) ;;
  test)
    packages="$packages catch2 gdb slurm-wlm munge"  # a cluster of its own: scripts/slurm/
    oracle="python3-torch python3-numpy"  # computes the fixtures again
    ;;
  fuzz) packages="$packages clang" ;;
  *) echo "usage: setup.sh [grade|test|fuzz]" >&2; exit 2 ;;
esac
# Staff: a second compiler, which is also the faster one, a fast linker, what keeps a class's journal, and what students'
# tests are run with. A student's own compiler serves as it is.
if [ -d "$root/reference" ]; then packages="$packages clang lld gdb libsqlitecpp-dev
  libhowardhinnant-date-dev libcsv-dev tzdata catch2"; fi

# An environment made from environment.yml, or one that somebody else keeps.
[ -z "${AUTOGRADER_NO_SETUP:-}" ] || exit 0
if [ -n "${CONDA_PREFIX:-}" ] && [ -f "$CONDA_PREFIX/include/xtensor-blas/xlinalg.hpp" ]; then exit 0; fi

if ! command -v apt-get >/dev/null 2>&1; then
  cat >&2 <<END
This system has no apt, so the packages cannot be installed from here. With conda, mamba or micromamba:

  conda env create --file "$here/environment.yml"
  conda activate autograder

and then run the same command again. (If you keep the packages in another way, set AUTOGRADER_NO_SETUP=1.)
END
  exit 3
fi

# Prints those of its arguments that are not installed.
missing_of() {
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^.i' || echo "$package"
  done
}

# libFuzzer comes with clang, or in a package of its own that has clang's version in its name: only a try tells.
can_fuzz() {
  echo 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }' |
    clang++ -fsanitize=fuzzer,address,undefined -x c++ - -o /dev/null 2>/dev/null
}
fuzzes() { [ "$purpose" != fuzz ] || can_fuzz; }

# shellcheck disable=SC2086  # a list of words
missing=$(missing_of $packages $oracle | tr '\n' ' ')
if [ -z "$missing" ]; then
  if fuzzes; then exit 0; fi
  missing=libclang-rt-dev
fi

if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
else
  echo "These packages are missing, and installing them needs root: $missing" >&2
  echo "Ask an administrator for: apt-get install --no-install-recommends $missing" >&2
  exit 3
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# install PACKAGE...: what is missing of them.
install() {
  missing=$(missing_of "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  echo "Installing: $missing" >&2
  # shellcheck disable=SC2086
  { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install --yes --no-install-recommends $missing; } >"$log" 2>&1 </dev/null
}

# shellcheck disable=SC2086
if ! install $packages; then
  tail -n 20 "$log" >&2
  echo "setup.sh: installing failed. Is the network there? Does this system have the packages (Debian 12, Ubuntu 24.04 or newer)?" >&2
  exit 3
fi
# shellcheck disable=SC2086
if [ -n "$oracle" ] && ! install $oracle; then
  echo "setup.sh: PyTorch cannot be installed here: the test that computes the fixtures again will be skipped" >&2
fi
if ! fuzzes; then
  install libclang-rt-dev || install "libclang-rt-$(clang++ -dumpversion | cut -d . -f 1)-dev" || true
  if ! fuzzes; then
    tail -n 20 "$log" >&2
    echo "setup.sh: clang++ has no libFuzzer here: install the package that holds libclang_rt.fuzzer for its version" >&2
    exit 3
  fi
fi
