#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-sample.sh BIN SAMPLE: opens the sample in the window, or, where there is no display, goes
# the same way on the command line: scan, redact, verify.
set -euo pipefail
bin=$1
sample=$2

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$bin/coredact" "$sample"
fi

echo "No display: the same way on the command line."
step() { printf '\n== %s\n' "$*"; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

step "coredact-cli scan $sample"
status=0
"$bin/coredact-cli" scan "$sample" || status=$?
# 1 says that there are findings, which is what the sample is for.
[ "$status" -eq 1 ] || { echo "the scan ended with exit code $status" >&2; exit 1; }

step "coredact-cli redact $sample -o $out/core.redacted"
"$bin/coredact-cli" redact "$sample" -o "$out/core.redacted"

step "coredact-cli verify $out/core.redacted"
"$bin/coredact-cli" verify "$out/core.redacted" --certificate "$out/core.redacted.coredact.json" --original "$sample"
