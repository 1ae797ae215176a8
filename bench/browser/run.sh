#!/bin/sh
# Holds the page of a bench against a real browser: see main.go.
#   bench/browser/run.sh [REPORT.json [OUTDIR]]
# Needs Go and Chromium, which it installs where it may (Debian, as root).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
report=$(realpath "${1:-$here/../testdata/example.json}")
out=$(realpath -m "${2:-$(mktemp -d)}")
cd "$here"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
	browser=$(command -v chromium)
fi
[ -n "$browser" ] || { echo "run.sh: no Chromium; on Debian: apt-get install chromium" >&2; exit 2; }

go run . -chromium "$browser" "$report" "$out"

# What can fail must fail: each of these pages is broken in one way.
broken=$(mktemp -d)
trap 'rm -rf "$broken"' EXIT
refuse() { # NAME SED-COMMAND PATTERN: breaks the page so, and expects a failure that says that
	sed "$2" "$out/page.html" >"$broken/$1.html"
	if cmp -s "$out/page.html" "$broken/$1.html"; then
		echo "FAIL $1: nothing was broken" >&2
		exit 1
	fi
	if go run . -chromium "$browser" -page "$broken/$1.html" "$report" "$broken/$1" >"$broken/$1.log" 2>&1; then
		echo "FAIL $1: the page is broken, and nobody noticed" >&2
		exit 1
	fi
	grep -q "$3" "$broken/$1.log" || { echo "FAIL $1: something else was found:" >&2; cat "$broken/$1.log" >&2; exit 1; }
	echo "ok: $1 is noticed"
}
refuse request 's|<h1>|<img src="http://192.0.2.1/x.png" alt=""/><h1>|' 'request\|log: error'
refuse script 's|<h1>|<script>console.error(1)</script><h1>|' 'log: error'
refuse row '/<tr><th scope="row">proc/d' 'tables of imgpar'
refuse wide 's|<h1>|<h1 style="width: 90rem">|' 'pixels wide'
refuse blank 's|<path d="[^"]*"||g' 'nothing is drawn\|chart'
refuse label 's|<text textLength="[^"]*" lengthAdjust="spacingAndGlyphs" x="[^"]*" y="[^"]*"|<text x="9" y="-90"|g' 'overlaps'
refuse dark 's|--ink: #e6edf3|--ink: #1f2328|' 'contrast'
