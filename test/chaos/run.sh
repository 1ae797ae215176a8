#!/bin/sh
# Runs the chaos tests: test/chaos/run.sh [--short] [FLAGS]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
short=
if [ "${1-}" = --short ]; then
	shift
	short="-files 100 -percent 10 -only %"
fi
if [ -z "${TMPDIR-}" ] && [ -w /dev/shm ]; then
	export TMPDIR=/dev/shm
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$root"
CGO_ENABLED=0 go build -tags chaos -o "$work/imgpar" ./cmd/imgpar
go build -tags chaos -o "$work/chaos" ./test/chaos
CGO_ENABLED=0 go build -o "$work/plain" ./cmd/imgpar
if "$work/plain" run 'chaos 100' "$work" 2>/dev/null; then
	echo "run.sh: a build without the tag knows the operation chaos" >&2
	exit 1
fi
"$work/chaos" $short "$@" "$work/imgpar"
