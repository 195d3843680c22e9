#!/bin/sh
# The shapes are precompiled, and what they instantiate is in an object of its own, which no hand-in can change; shapes
# that do not compile cost time, and nothing else. Usage: precompiled_shapes.sh CMAKE CLANG++ NM OBJCOPY SCRIPT
# INCLUDE_FOLDER SHAPES SCRATCH
set -eu

cmake=$1 clang=$2 nm=$3 objcopy=$4 script=$5 include=$6 shapes=$7 scratch=$8
flags="-std=c++20 -O0 -fPIC -DXTENSOR_ENABLE_ASSERT"
rm -rf "$scratch"
mkdir -p "$scratch"
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "$*" >&2
  exit 1
}

# precompile SHAPES
precompile() {
  "$cmake" -DCOMPILER="$clang" "-DFLAGS=$(echo "$flags -fpch-instantiate-templates" | tr ' ' ';')" \
    -DINCLUDE_FOLDER="$include" -DHEADER="$scratch/prelude.hpp" -DFROM=input -DOUTPUT="$scratch/prelude.pch" \
    -DSHAPES="$1" -DSHAPES_FLAGS=-fpch-codegen -DSHAPES_OBJECT="$scratch/shapes.o" -DNM="$nm" -DOBJCOPY="$objcopy" \
    -P "$script" 2> "$scratch/words"
  [ -s "$scratch/prelude.pch" ] || fail "nothing was precompiled"
}

# compile: what a hand-in with a shape needs from elsewhere, of the library's.
compile() {
  printf '%s\n' '#include "mytorch/tensor.hpp"' \
    'mytorch::Matrix sum(const mytorch::Matrix& A, const mytorch::Matrix& B) { return A + B; }' > "$scratch/source.cpp"
  "$clang" $flags -include-pch "$scratch/prelude.pch" -I "$include" -c "$scratch/source.cpp" -o "$scratch/source.o"
  "$nm" --format=posix --undefined-only "$scratch/source.o" | sed -n 's/^\(_ZN*K*2xt[^ ]*\) U.*/\1/p' | sort
}

precompile "$shapes"
"$nm" --format=posix --extern-only --defined-only "$scratch/shapes.o" | sort > "$scratch/symbols"
grep -q ' [VWu] ' "$scratch/symbols" && fail "a hand-in could put its own in the place of: $(grep ' [VWu] ' "$scratch/symbols" | head -n 3)"
cut -d ' ' -f 1 "$scratch/symbols" > "$scratch/defined"
compile > "$scratch/needed"
[ -s "$scratch/needed" ] || fail "A + B is compiled again in every hand-in"
comm -23 "$scratch/needed" "$scratch/defined" > "$scratch/missing"
[ ! -s "$scratch/missing" ] || fail "defined nowhere: $(cat "$scratch/missing")"

echo '#error these are no shapes' > "$scratch/broken.hpp"
precompile "$scratch/broken.hpp"
grep -q "these are no shapes" "$scratch/words" || fail "nobody was told: $(cat "$scratch/words")"
[ -z "$("$nm" --extern-only --defined-only "$scratch/shapes.o")" ] || fail "the object defines something"
compile > "$scratch/needed"
[ ! -s "$scratch/needed" ] || fail "defined nowhere: $(cat "$scratch/needed")"
