#!/bin/sh
# Packs what you hand in: theory.pdf and src/mlp.cpp, as <net id>.zip. Run: sh create_zip.sh NETID
#
# It refuses, and writes nothing, while one of the two is missing, or the net id is none. Needs zip, Python 3 or bsdtar,
# one of which every system has.
set -eu
export LC_ALL=C

theory=theory.pdf
code=src/mlp.cpp

CDPATH='' cd -- "$(dirname -- "$0")"

refuse() { # what is wrong, what to do about it
  printf 'create_zip.sh: %s\n%s\nNothing was packed.\n' "$1" "$2" >&2
  exit 1
}

[ $# -eq 1 ] || refuse "it takes your net id, and nothing else." "Run: sh create_zip.sh abc123"
netid=$1
case $netid in
  '' | *[!A-Za-z0-9]*) refuse "\"$netid\" is no net id: these are letters and digits." "Run: sh create_zip.sh abc123" ;;
esac
archive=$netid.zip

# --- Both files are there, and what is called PDF is one. All that is missing is named at once.

missing=''
[ -f "$theory" ] || missing="$theory"
[ -f "$code" ] || missing="${missing:+$missing and }$code"
case $missing in
  '') ;;
  *" and "*) refuse "$missing are missing." "Put your answers to part 1 here as $theory, and take $code from the homework." ;;
  "$theory") refuse "$theory is missing." "Put your answers to part 1 here, as a PDF file of that name." ;;
  *) refuse "$code is missing." "Take it from the homework that you downloaded, and do not rename or move it." ;;
esac
for file in "$theory" "$code"; do
  [ -r "$file" ] || refuse "$file cannot be read." "Change its permissions: chmod u+r $file"
done
[ "$(head -c 5 "$theory")" = '%PDF-' ] ||
  refuse "$theory is no PDF file." "Renaming another file does not make one: export it as PDF."

# --- Pack copies, side by side.

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
trap 'exit 1' HUP INT TERM
cp "$theory" "$stage/theory.pdf"
cp "$code" "$stage/mlp.cpp"
chmod 644 "$stage/theory.pdf" "$stage/mlp.cpp"

if command -v zip >/dev/null; then
  (cd "$stage" && zip -q -X made.zip theory.pdf mlp.cpp)
elif command -v python3 >/dev/null; then
  (cd "$stage" && python3 -m zipfile -c made.zip theory.pdf mlp.cpp)
elif tar --version 2>/dev/null | grep -q bsdtar; then
  tar -c -f "$stage/made.zip" --format zip -C "$stage" theory.pdf mlp.cpp
else
  refuse "there is neither zip nor Python 3 here." "Install one of them: sudo apt-get install zip"
fi
mv -f "$stage/made.zip" "$archive"

echo "Packed into $archive: theory.pdf and mlp.cpp"
