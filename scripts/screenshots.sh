#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# screenshots.sh BIN SAMPLE: takes docs/window-light.png and docs/window-dark.png of the window
# over the sample dump, on a display of its own (Xvfb), with a home of its own. Needs Xvfb,
# xdotool and ImageMagick.
set -euo pipefail
bin=$(realpath "$1")
sample=$(realpath "$2")
docs=$(cd "$(dirname "$0")/.." && pwd)/docs
size=1600x1000

for tool in Xvfb xdotool import; do
    command -v "$tool" >/dev/null || { echo "screenshots need $tool" >&2; exit 2; }
done
mkdir -p "$docs"
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

# Xvfb says on descriptor 3 which display number was free.
Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp -noreset 3>"$work/display" 2>/dev/null &
pids+=($!)
for _ in $(seq 50); do [ -s "$work/display" ] && break; sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY

# Waits until the picture stays the same for a second, at most a minute.
settle() {
    local before="" now
    for _ in $(seq 60); do
        now=$(import -window root rgb:- | sha256sum)
        [ "$now" = "$before" ] && return
        before=$now
        sleep 1
    done
    echo "the window does not come to rest" >&2
    return 1
}

shoot() {
    local look=$1 home=$work/$1
    mkdir -p -m 700 "$home" && mkdir -p "$home/.config/coredact"
    printf '[window]\nappearance=%s\n' "$look" >"$home/.config/coredact/coredact.ini"
    env -i PATH="$PATH" DISPLAY="$DISPLAY" HOME="$home" XDG_RUNTIME_DIR="$home" LANG=C.UTF-8 \
        QT_QPA_PLATFORM=xcb "$bin/coredact" -qwindowgeometry "$size+0+0" "$sample" &
    local window=$!
    pids+=("$window")
    local id=""
    for _ in $(seq 100); do
        id=$(xdotool search --onlyvisible --pid "$window" 2>/dev/null | head -n 1) && [ -n "$id" ] && break
        sleep 0.2
    done
    [ -n "$id" ] || { echo "no window appeared" >&2; return 1; }
    xdotool windowfocus "$id"
    settle
    # Some verdicts, then back to the first finding.
    xdotool key --window "$id" n r n n r n
    xdotool key --window "$id" p p p p p p p p
    xdotool mousemove 1599 999
    settle
    import -window root -strip "$docs/window-$look.png"
    kill "$window"
    wait "$window" 2>/dev/null || true
    echo "$docs/window-$look.png"
}

shoot light
shoot dark
