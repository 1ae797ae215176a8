#!/bin/sh
# Measures imgpar and its peers on this machine: bench/results/run.sh [FLAGS of imgpar bench] [PATH...]
#
# Without a PATH the pictures are made. It writes bench/results/DATE-CPU.json, .svg, .html
# and .txt, which is the table and the command.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
(cd "$root" && CGO_ENABLED=0 go build -o "$work/imgpar" ./cmd/imgpar)
"$work/imgpar" bench --peers --json "$work/r.json" --svg "$work/r.svg" --html "$work/r.html" "$@" >"$work/r.txt"
cpu=$(sed -n 's/^ *"cpu": *"\(.*\)",*$/\1/p' "$work/r.json" | head -n 1)
name=$(date -u +%Y-%m-%d)-$(echo "$cpu" | tr 'A-Z' 'a-z' | sed 's/[^a-z0-9]\{1,\}/-/g; s/^-//; s/-$//')
for form in json svg html txt; do
	sed "s|$work/||g" "$work/r.$form" >"$root/bench/results/$name.$form"
	echo "$root/bench/results/$name.$form"
done
