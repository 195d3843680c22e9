#!/bin/sh
# Packs what you hand in: the six sources and autograder_flags.json, into handin.tar. Run: sh create_tarball.sh
# With --tests your own tests, tests/*.cpp, are packed as well.
#
# It refuses, and writes nothing, while a file is missing or a flag is not true. The same files give the same bytes: who
# packs them, when, and with which permissions makes no difference. Works with GNU tar, BSD tar and in Git Bash.
set -eu
export LC_ALL=C
export COPYFILE_DISABLE=1  # macOS: no ._ files for extended attributes

files='src/nn/linear.cpp
src/nn/activation.cpp
src/nn/loss.cpp
src/nn/batchnorm.cpp
src/models/mlp.cpp
src/optim/sgd.cpp
autograder_flags.json'
components='linear identity sigmoid tanh relu mlp0 mlp1 mlp4 mseloss crossentropyloss sgd sgd_momentum batchnorm'
flags_file=autograder_flags.json
archive=handin.tar

CDPATH='' cd -- "$(dirname -- "$0")"

refuse() { # what is wrong, what to do about it
  printf 'create_tarball.sh: %s\n%s\nNothing was packed.\n' "$1" "$2" >&2
  [ ! -f "$archive" ] || echo "The $archive that lies here is from an earlier run." >&2
  exit 1
}

case ${1-} in
  '') ;;
  --tests)
    for file in tests/*.cpp; do
      [ -f "$file" ] || refuse "there are no tests/*.cpp." "Write some, or leave out --tests."
      case $file in
        *[!A-Za-z0-9_./-]*) refuse "$file is no name for a file of tests." "Use letters, digits, _ and - alone." ;;
      esac
      files="$files
$file"
    done
    ;;
  *) refuse "there is no option $1." "There is --tests." ;;
esac

# --- Every file is there.

for file in $files; do
  [ -f "$file" ] || refuse "$file is missing." \
    "Take it from the homework that you downloaded, and do not rename or move files."
  [ -r "$file" ] || refuse "$file cannot be read." "Change its permissions: chmod u+r $file"
done

# --- The flags are one flat JSON object of booleans, every component is in it, and all are true.

byte_order_mark=$(printf '\357\273\277')  # which some editors on Windows put in front
one_line=$(tr '\r\n\t' '   ' <"$flags_file")
one_line=${one_line#"$byte_order_mark"}
entry='"[^"\\]*" *: *(true|false)'
printf '%s\n' "$one_line" | grep -Eq "^ *\\{ *($entry *(, *$entry *)*)?\\} *\$" ||
  refuse "$flags_file is not a list of flags." \
    'It must look like {"linear": true, "identity": true, ...}: double quotes, true or false in small letters, a comma
between two flags and none after the last.'

# One line a flag: its name, a space, true or false.
flags=$(printf '%s\n' "$one_line" | grep -Eo "$entry" | sed -E 's/^"(.*)" *: *(true|false)$/\1 \2/')

for component in $components; do
  case $(printf '%s\n' "$flags" | grep -c "^$component ") in
    1) ;;
    0) refuse "$flags_file has no flag \"$component\"." "Add \"$component\": true to it." ;;
    *) refuse "$flags_file has the flag \"$component\" more than once." "Delete all but one of them." ;;
  esac
done
any_component=$(printf '%s' "$components" | tr ' ' '|')
unknown=$(printf '%s\n' "$flags" | sed 's/ [a-z]*$//' | grep -Evx "$any_component" | tr '\n' ' ')
[ -z "$unknown" ] || refuse "$flags_file has flags of no component: $unknown" "Delete or correct them."
off=$(printf '%s\n' "$flags" | sed -n 's/ false$//p' | tr '\n' ' ')
[ -z "$off" ] || refuse "these flags are false: $off" \
  "Set them to true in $flags_file. A false flag earns nothing; a part that is not written costs only its own section."

# --- Pack copies, whose times and permissions are fixed; owner and format are fixed by options of tar.

stage=$(mktemp -d)
temporary=$archive.$$
trap 'rm -rf "$stage" "$temporary"' EXIT
trap 'exit 1' HUP INT TERM

for file in $files; do
  mkdir -p "$stage/$(dirname "$file")"
  cat "$file" >"$stage/$file"
  chmod 644 "$stage/$file"
  TZ=UTC0 touch -t 202301300000 "$stage/$file"
done

case $(tar --version 2>/dev/null) in
  *GNU*) owner='--owner=0 --group=0 --numeric-owner' ;;
  *bsdtar*) owner='--uid 0 --gid 0 --numeric-owner' ;;
  *) refuse "this system's tar is neither GNU tar nor BSD tar." "Pack the files on another system." ;;
esac
# shellcheck disable=SC2086  # lists of words; no listed name has a blank
tar -c -f - -C "$stage" --format ustar $owner $files >"$temporary"
mv -f "$temporary" "$archive"

echo "Packed into $archive:"
tar -tf "$archive" | sed 's/^/  /'
