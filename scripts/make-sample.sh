#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make-sample.sh BIN FILE: dumps a small server of ours that holds made-up secrets, with gcore.
# Every secret is made at run time, so no two samples are alike.
set -euo pipefail
bin=$1
file=$2
[ -e "$file" ] && [ "$file" -nt "$bin/coredact-sample" ] && exit 0
mkdir -p "$(dirname "$file")"
work=$(mktemp -d)
server=
cleanup() {
    [ -n "$server" ] && kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

env -i PATH=/usr/bin:/bin COREDACT_SAMPLE_READY="$work/ready" "$bin/coredact-sample" &
server=$!
for _ in $(seq 100); do
    [ -e "$work/ready" ] && break
    sleep 0.05
done
[ -e "$work/ready" ] || { echo "the sample program did not get ready" >&2; exit 1; }
gcore -o "$work/core" "$server" >"$work/gcore.log" 2>&1 || { cat "$work/gcore.log" >&2; exit 1; }
mv "$work/core.$server" "$file"
chmod 600 "$file"
echo "Sample dump: $file ($(stat -c %s "$file") bytes)"
