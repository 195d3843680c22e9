#!/bin/sh
# Makes the tarball that students download: the handout, and below grader/ the autograder with public fixtures.
# Usage: make_handout.sh ASSIGNMENT [FILE]. FILE defaults to ASSIGNMENT.tar.gz here.
# Fails if anything of reference/ or of hidden fixtures would be inside.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo "usage: make_handout.sh ASSIGNMENT [FILE]" >&2
  exit 2
fi
assignment=$1
output=${2:-$assignment.tar.gz}
root=$(cd "$(dirname "$0")/.." && pwd)
if [ ! -d "$root/handout/$assignment" ] || [ ! -f "$root/fixtures/$assignment/assignment.json" ]; then
  echo "make_handout.sh: there is no assignment $assignment: handout/$assignment and fixtures/$assignment are needed" >&2
  exit 2
fi

stage=$(mktemp -d)
case $output in /*) ;; *) output=$PWD/$output ;; esac
part=$output.$$.part
trap 'rm -rf "$stage" "$stage.secrets" "$stage.list" "$part"' EXIT
folder=$stage/$assignment
mkdir "$folder"

# copy FROM TO: the files below FROM, links as what they point to, without what builds and editors leave behind.
copy() {
  mkdir -p "$2"
  (cd "$1" && find -L . \( -name build -o -name '.*' ! -name . ! -name .gitignore ! -name .clangd \) -prune \
     -o -type f ! -name handin.tar ! -name '*.zip' -print) | while IFS= read -r file; do
    mkdir -p "$2/$(dirname "$file")"
    cp -p "$1/$file" "$2/$file"
  done
}

copy "$root/handout/$assignment" "$folder"
grader=$folder/grader
mkdir "$grader" "$grader/scripts"
cp -p "$root/CMakeLists.txt" "$root/CMakePresets.json" "$grader"
for script in setup.sh build.sh grade.sh environment.yml; do cp -p "$root/scripts/$script" "$grader/scripts"; done
copy "$root/autograder" "$grader/autograder"
# The grader's tests hold what students are to find out.
rm -rf "$grader/autograder/tests"
for other in "$grader"/autograder/worker/*.cpp; do
  name=$(basename "$other" .cpp)
  [ "$name" = worker ] || [ "$name" = "$assignment" ] || rm "$other"
done
# The grader builds with its own copy of headers and stubs, whatever the student does to theirs.
copy "$root/handout/$assignment/include" "$grader/handout/$assignment/include"
copy "$root/handout/$assignment/src" "$grader/handout/$assignment/src"
mkdir -p "$grader/fixtures/$assignment"
cp -p "$root/fixtures/$assignment/assignment.json" "$grader/fixtures/$assignment"
copy "$root/fixtures/$assignment/public" "$grader/fixtures/$assignment/public"

# Nothing secret by name, and nothing secret by content.
leak() {
  echo "make_handout.sh: $1 must not reach students; nothing was written" >&2
  exit 1
}
found=$(cd "$stage" && find . \( -path '*/reference/*' -o -path '*/hidden/*' -o -name reference -o -name hidden \) -print | head -n 1)
[ -z "$found" ] || leak "$found"
secrets=$stage.secrets
for secret in "$root/reference" "$root"/fixtures/*/hidden; do
  [ -d "$secret" ] && find "$secret" -type f -exec cksum {} + | awk '{print $1, $2}'
done >"$secrets"
found=$(find "$folder" -type f -exec cksum {} + |
        awk 'NR == FNR {secret[$1 " " $2]; next} ($1 " " $2) in secret {print $3}' "$secrets" - | head -n 1)
[ -z "$found" ] || leak "$found"

# The same files make the same bytes: order, owner and times are fixed.
(cd "$stage" && find "$assignment" -type f | LC_ALL=C sort) >"$stage.list"
tar --create --format=ustar --no-recursion --owner=0 --group=0 --numeric-owner --mtime='2023-01-30 00:00Z' \
    --mode='u+rw,go+r,go-w' --directory="$stage" --files-from="$stage.list" | gzip --no-name --best >"$part"
mv "$part" "$output"
echo "$output: $(tar --list --gzip --file="$output" | wc -l) files, unpacking to $assignment/"
