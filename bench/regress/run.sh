#!/bin/sh
# Builds imgpar and holds its ratios against those that were recorded, or records them:
# bench/regress/run.sh check|record [FLAGS] [PATH...]; go doc ./bench/regress says the rest.
set -eu
for word; do # what is there is of the folder that this is called from
	shift
	case $word in
	-* | /*) ;;
	*) [ ! -e "$word" ] || word=$PWD/$word ;;
	esac
	set -- "$@" "$word"
done
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
what=${1-check}
[ $# -eq 0 ] || shift
CGO_ENABLED=0 go build -o "$work/imgpar" ./cmd/imgpar
go run ./bench/regress "$what" -imgpar "$work/imgpar" "$@"
