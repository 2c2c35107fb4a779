#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds KSyntaxHighlighting 5.116 with Qt 6, static, for systems whose packages have no KF6
# (Debian 12, Ubuntu 24.04). Kept outside the build tree and made once:
# ${XDG_CACHE_HOME:-~/.cache}/coredact-build/ksyntaxhighlighting-5.116.0
#
# The source is the tarball that Debian 13 ships, taken from the machine's own mirror; elsewhere
# from KDE's download site. Either is judged by its SHA-256 alone.
set -euo pipefail

version=5.116.0
sum=6f8ccacebd0dc9ce050b2b23b715750c97938b3336fbbb80967920cb8c1dfaa7
prefix="${KSH_PREFIX:-$HOME/.cache/coredact-build/ksyntaxhighlighting-$version}"
[ -e "$prefix/lib/$(uname -m)-linux-gnu/libKF5SyntaxHighlighting.a" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

good() { echo "$sum  $1" | sha256sum --check --status 2>/dev/null; }

from_mirror() {
    # The first Debian entry of the machine, with the type and the suite replaced.
    local uri keyring
    uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/debian.* 2>/dev/null |
        sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' | head -n 1)
    [ -n "$uri" ] || return 1
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    mkdir -p lists/partial
    echo "deb-src [signed-by=$keyring] $uri trixie main" >trixie.list
    local options=(-o "Dir::Etc::sourcelist=$work/trixie.list" -o Dir::Etc::sourceparts=-
        -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update >apt.log 2>&1 || true
    # The .dsc may be missing on a partial mirror; the tarball's sum decides.
    apt-get "${options[@]}" source --download-only ksyntax-highlighting=$version-* >>apt.log 2>&1 ||
        apt-get "${options[@]}" source --download-only ksyntax-highlighting >>apt.log 2>&1 || true
    local tarball
    for tarball in ./*ksyntax-highlighting*"$version"*.tar.xz; do
        [ -e "$tarball" ] && good "$tarball" && mv "$tarball" source.tar.xz && return 0
    done
    return 1
}

from_upstream() {
    local url="https://download.kde.org/stable/frameworks/5.116/syntax-highlighting-$version.tar.xz"
    curl --fail --silent --show-error --location --max-time 120 --output source.tar.xz "$url" &&
        good source.tar.xz
}

if ! from_mirror && ! from_upstream; then
    echo "KSyntaxHighlighting $version: no source with SHA-256 $sum could be had" >&2
    tail -n 5 apt.log >&2 2>/dev/null || true
    exit 1
fi

mkdir source
tar -xJf source.tar.xz -C source --strip-components=1
sed -i 's/find_package(ECM 5.116.0/find_package(ECM 5.103.0/' source/CMakeLists.txt
launcher=$(command -v ccache || true)
cmake -S source -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DQT_MAJOR_VERSION=6 \
    -DBUILD_TESTING=OFF -DBUILD_SHARED_LIBS=OFF -DCMAKE_INSTALL_PREFIX="$prefix" \
    ${launcher:+-DCMAKE_CXX_COMPILER_LAUNCHER="$launcher"} >cmake.log 2>&1 || { tail -n 30 cmake.log >&2; exit 1; }
cmake --build build >build.log 2>&1 || { tail -n 30 build.log >&2; exit 1; }
cmake --install build >/dev/null
echo "KSyntaxHighlighting $version: built into $prefix"
