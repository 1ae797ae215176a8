#!/bin/sh
# Runs all Go benchmarks and keeps what they say: bench/history/run.sh [PATTERN [FILE]]
#
# It writes FILE, or bench/history/DATE-CPU.txt of this repository, in the form that benchstat
# reads. COUNT and BENCHTIME in the environment say how often (6) and how long (50ms) each
# benchmark runs. On a quiet machine that takes about two minutes. To compare two files:
#
#	go run golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da OLD.txt NEW.txt
set -eu
set -- "${1-.}" "${2-}"
case $2 in
'' | /*) ;;
*) set -- "$1" "$PWD/$2" ;;
esac
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
packages=$(grep -rl --include='*_test.go' '^func Benchmark' . | sed 's|/[^/]*$||' | sort -u)
command="go test -run ^\$ -bench $1 -benchtime ${BENCHTIME-50ms} -count ${COUNT-6}"
# shellcheck disable=SC2086
go test -run '^$' -bench "$1" -benchtime "${BENCHTIME-50ms}" -count "${COUNT-6}" $packages >"$work/out" || {
	cat "$work/out" >&2
	exit 1
}
if ! grep -q '^Benchmark' "$work/out"; then
	echo "run.sh: no benchmark matches $1" >&2
	exit 1
fi
cpu=$(sed -n 's/^cpu: //p' "$work/out" | head -n 1)
: "${cpu:=$(uname -m)}"
file=${2:-bench/history/$(date -u +%Y-%m-%d)-$(echo "$cpu" | tr 'A-Z' 'a-z' | sed 's/[^a-z0-9]\{1,\}/-/g; s/^-//; s/-$//').txt}
{
	# Comments to benchstat, which would put files of different dates into different tables.
	echo "# date: $(date -u +%Y-%m-%dT%H:%M:%SZ)"
	echo "# system: $(uname -srm), $(getconf _NPROCESSORS_ONLN) CPUs"
	echo "# go: $(go env GOVERSION)"
	echo "# commit: $(git describe --always --dirty --abbrev=12)"
	echo "# command: $command"
	grep -E '^(goos|goarch|pkg|cpu|Benchmark)' "$work/out"
} >"$work/file"
mv "$work/file" "$file"
echo "$file"
