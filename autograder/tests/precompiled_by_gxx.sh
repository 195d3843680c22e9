#!/bin/sh
# Where there is no clang++, g++ precompiles the headers, in its own way. Usage: precompiled_by_gxx.sh CMAKE G++ SCRIPT
# INCLUDE_FOLDER SOURCE SCRATCH
set -eu

cmake=$1 gxx=$2 script=$3 include=$4 source=$5 scratch=$6
rm -rf "$scratch"
mkdir -p "$scratch"
trap 'rm -rf "$scratch"' EXIT
"$cmake" -DCOMPILER="$gxx" "-DFLAGS=-std=c++20;-O0;-fPIC" -DINCLUDE_FOLDER="$include" -DHEADER="$scratch/prelude.hpp" \
  -DFROM=file -DOUTPUT="$scratch/prelude.hpp.gch" -DSHAPES_OBJECT="$scratch/shapes.o" -P "$script"
[ -s "$scratch/prelude.hpp.gch" ] || { echo "nothing was precompiled" >&2; exit 1; }
[ -s "$scratch/shapes.o" ] || { echo "every worker is linked with an object, which is not there" >&2; exit 1; }
# Without the header only what was precompiled can be included.
rm "$scratch/prelude.hpp"
"$gxx" -std=c++20 -O0 -fPIC -Winvalid-pch -Werror -include "$scratch/prelude.hpp" -I "$include" -c "$source" \
  -o "$scratch/object.o"
