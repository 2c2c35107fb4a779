#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BIN [FOLDER]: makes the corpora (kept in FOLDER, ~1 GB) and prints the figures of README.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
exec python3 "$here/bench.py" "$1" "${2:-${TMPDIR:-/tmp}/coredact-bench}"
