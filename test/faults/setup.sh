#!/bin/sh
# Installs strace, which run.sh needs.
set -eu
command -v strace >/dev/null && exit 0
if ! command -v apt-get >/dev/null; then
	echo "setup.sh: there is no apt-get here: please install strace (6.0 or later)" >&2
	exit 1
fi
[ "$(id -u)" = 0 ] || exec sudo -- "$0"
apt-get update -q
apt-get install -q -y strace
