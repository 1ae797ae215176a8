#!/bin/sh
# Runs the fault injection tests: test/faults/run.sh [-v] [-only TEXT] [IMGPAR]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v strace >/dev/null; then
	echo "run.sh: no strace: test/faults/setup.sh installs it" >&2
	exit 1
fi
only= verbose=
while :; do
	case ${1-} in
	-only) only=$2; shift 2 ;;
	-v) verbose=-v; shift ;;
	*) break ;;
	esac
done
if [ -z "${TMPDIR-}" ] && [ -w /dev/shm ]; then
	export TMPDIR=/dev/shm
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
imgpar=${1-}
if [ -z "$imgpar" ]; then
	imgpar=$work/imgpar
	(cd "$here/../.." && CGO_ENABLED=0 go build -o "$imgpar" ./cmd/imgpar)
fi
imgpar=$(realpath "$imgpar")
(cd "$here/../.." && go build -tags faults -o "$work/faults" ./test/faults)
# Mounts stay in a name space of their own, and go with it.
space=
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	space="unshare --mount"
fi
$space "$work/faults" $verbose -only "$only" -fixtures "$here/../../testdata/images" "$imgpar"
