#!/usr/bin/env bash
# Fuzzes every target of the module, each for a while: test/fuzz/run.sh [-j N] [-p N] [-d FOLDER] [-only REGEXP] [-again] [TIME]
#
#   TIME          for each target (10m), as go test -fuzztime takes it
#   -j N          targets at a time (1)
#   -p N          workers of each target (1)
#   -d FOLDER     for binaries, inputs that were found, logs, and the list of what is done (/tmp/imgpar-fuzz)
#   -only REGEXP  targets whose "PACKAGE TARGET" matches
#   -again        also what FOLDER says is done
#
# Targets are found, not listed here: decoders first, the others after them. A run that was stopped goes on with what is not
# done. The exit status is 1 where an input fails, which is then in testdata/fuzz of its package: fix what it found, and
# check it in, so that go test runs it for ever.
set -euo pipefail
self=$(realpath "$0")
root=$(realpath "$(dirname "$self")/../..")

# fuzz runs one target, and appends its row to the table.
fuzz() { # PACKAGE TARGET
  local log="$folder/log/${1//\//.}.$2" start=$SECONDS found="" status=0
  [ -d "$root/$1" ] || { echo "$1: no such folder" >&2; return 255; }
  mkdir -p "$folder/slow/${1//\//.}"
  # An input that takes gigabytes is to end its worker, not the machine.
  ( ulimit -v 6291456 2>/dev/null || true
    cd "$root/$1"
    IMGPAR_FUZZ_SLOW="$folder/slow/${1//\//.}" GOMAXPROCS=2 exec "$folder/bin/${1//\//.}.test" -test.run='^$' -test.fuzz="^$2\$" \
      -test.fuzztime="$time" -test.fuzzminimizetime=30x -test.parallel="$workers" -test.fuzzcachedir="$folder/cache/$1"
  ) >"$log" 2>&1 || status=$?
  local last execs new
  last=$(grep '^fuzz: elapsed.*execs' "$log" | tail -1 || true)
  execs=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' <<<"$last")
  new=$(sed -n 's/.*new interesting: \([0-9]*\) .*/\1/p' <<<"$last")
  # When the time is over in the midst of an input, the fuzzer may say that as if it were a failure.
  if [ "$status" -ne 0 ] && ! grep -A1 '^--- FAIL' "$log" | grep -qx ' *context deadline exceeded'; then
    found=$(sed -n 's|.*Failing input written to |'"$1"'/|p' "$log" | tail -1)
    found=${found:-see $log}
  fi
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "${execs:-0}" "${new:-0}" "$((SECONDS - start))" "${found:--}" >>"$folder/table"
  printf '%-22s %-22s %11s execs %5s new  %s\n' "$1" "$2" "${execs:-0}" "${new:-0}" "${found:-ok}"
}

if [ "${1-}" = one ]; then # this script, called by itself
  fuzz "$2" "$3"
  exit 0
fi

jobs=1 workers=1 folder=/tmp/imgpar-fuzz only=. again=
while :; do
  case ${1-} in
  -j) jobs=$2; shift 2 ;;
  -p) workers=$2; shift 2 ;;
  -d) folder=$2; shift 2 ;;
  -only) only=$2; shift 2 ;;
  -again) again=yes; shift ;;
  -*) sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p;}' "$self" >&2; exit 2 ;;
  *) break ;;
  esac
done
time=${1:-10m}
mkdir -p "$folder"/{bin,cache,log,slow}
folder=$(realpath "$folder")
export folder time workers root
[ -z "$again" ] || rm -f "$folder/table"
touch "$folder/table"

cd "$root"
grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*\(' . |
  sed -E 's|^\./(.*)/[^/]*:func (.*)\($|\1 \2|' | sort -u |
  awk '{ print ($1 ~ /^(codec|icc)/ ? 0 : 1), $0 }' | sort -s -k1,1n | cut -d' ' -f2- | grep -E -- "$only" >"$folder/targets"

# What is done, and found nothing, needs no second time.
awk -F'\t' '$6 == "-" { print $1 " " $2 }' "$folder/table" >"$folder/done"
grep -vxF -f "$folder/done" "$folder/targets" >"$folder/todo" || true
cut -d' ' -f1 "$folder/todo" | sort -u | while read -r pkg; do
  go test -c -fuzz=. -o "$folder/bin/${pkg//\//.}.test" "./$pkg"
done
echo "$(wc -l <"$folder/todo") of $(wc -l <"$folder/targets") targets, $time each, $jobs at a time"
xargs -r -P "$jobs" -L 1 "$self" one <"$folder/todo"

# The last row of each target counts.
echo
awk -F'\t' '{ row[$1 " " $2] = $0 } END { for (k in row) print row[k] }' "$folder/table" | sort >"$folder/last"
{
  printf 'package\ttarget\texecutions\tnew interesting\tseconds\tcrasher\n'
  cat "$folder/last"
} | column -t -s "$(printf '\t')"
slow=$(find "$folder/slow" -type f | wc -l)
[ "$slow" = 0 ] || echo "$slow inputs took longer than a quarter of a second: $folder/slow"
! awk -F'\t' '$6 != "-"' "$folder/last" | grep -q .
