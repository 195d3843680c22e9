#!/bin/sh
# Builds your sources and runs your own tests, tests/*_test.cpp: ./test.sh [options of Catch2]
#   ./test.sh                  all tests
#   ./test.sh "[forward]"      those with the tag [forward]
#   ./test.sh "forward: f*"    those whose name begins like this
# Everything is built in build/, which you may delete at any time.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd -- "$here"

stop() { # what is wrong, what to do about it
  printf 'test.sh: %s\n%s\n' "$1" "$2" >&2
  exit 1
}
install_it='Run ./grade.sh once, which installs what is missing, or see the section on set-up of README.md.'

command -v cmake >/dev/null || stop "cmake is not installed." "$install_it"
compiler=''
for candidate in "${CXX:-c++}" g++ clang++; do
  if command -v "$candidate" >/dev/null; then
    compiler=$candidate
    break
  fi
done
[ -n "$compiler" ] || stop "no C++ compiler is installed." "$install_it"

remedy=$install_it
if [ -f build/CMakeCache.txt ]; then
  remedy="If you moved or copied this folder, delete build/ and try again. Otherwise:
$install_it"
fi
# Only warnings and errors are printed.
CXX=$compiler cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug --log-level=NOTICE >/dev/null ||
  stop "configuring failed, for the reason above." "$remedy"
# Two files at a time: the compiler needs up to 700 MB for each.
cmake --build build --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-2}" ||
  stop "building failed." "The first error above, with its file and line, is the one to look at."

tests=build/$(sed -n 's/^project(\([a-z_]*\).*/\1/p' CMakeLists.txt)_tests
[ -x "$tests" ] ||
  stop "your sources compile, but Catch2 is missing, and so the tests were left out." \
    "Install it with: sudo apt-get install catch2   (other systems: see README.md)"
exec "$tests" "$@"
