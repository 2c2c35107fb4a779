#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing to build Coredact, and with "test", "heavy", "tidy" or "fuzz" what those need
# besides.
# Debian 12 and later, Ubuntu 24.04 and later; needs root or sudo only when something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

build=(
    cmake ninja-build g++ ccache pkg-config
    qt6-base-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libgl-dev
    libhyperscan-dev libre2-dev libssl-dev libtomlplusplus-dev nlohmann-json3-dev libcli11-dev
    zlib1g-dev libzstd-dev liblz4-dev liblzma-dev libbz2-dev
    libarchive-dev libmagic-dev libmagic-mgc libsqlite3-dev libseccomp-dev
    gdb fonts-noto-mono fonts-dejavu-core
)
test=(
    binutils elfutils aeskeyfind rsakeyfind yara ripgrep zstd xz-utils lz4 nginx-light openssl python3
    gcc-multilib gnupg openssh-client putty-tools python3-jsonschema ruby curl ca-certificates xvfb xdotool imagemagick openbox time
)

# Programs of another processor, run, dumped and looked at.
heavy=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user gdb-multiarch)

# libFuzzer and the sanitizers are in the package of clang's own version.
clang_runtime() {
    local version
    version=$(apt-cache show clang 2>/dev/null | sed -n 's/^Depends:.*clang-\([0-9]*\).*/\1/p' | head -1)
    echo "libclang-rt-${version:-14}-dev"
}

if ! command -v apt-get >/dev/null; then
    echo "This script knows apt only. Install the equivalents of: ${build[*]}" >&2
    exit 0
fi

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
available() { apt-cache show "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing_of() {
    local package
    for package in "$@"; do installed "$package" || echo "$package"; done
}

wanted=("${build[@]}")
case "${1:-}" in
    test) wanted+=("${test[@]}") ;;
    heavy) wanted+=("${heavy[@]}") ;;
    tidy) wanted+=(clang-tidy) ;;
    fuzz) wanted+=(clang "$(clang_runtime)") ;;
esac
mapfile -t missing < <(missing_of "${wanted[@]}")

# Qt's SVG module is qt6-svg-dev since Debian 13, libqt6svg6-dev before.
installed qt6-svg-dev || installed libqt6svg6-dev || missing+=(svg)
# KSyntaxHighlighting for Qt 6 is a package since Debian 13; before, it is built from source.
kf6=libkf6syntaxhighlighting-dev
source_build=false
if ! installed "$kf6"; then
    if [ -e /etc/debian_version ] && ! installed extra-cmake-modules; then missing+=(kf6); else source_build=true; fi
fi

if [ "${#missing[@]}" -gt 0 ]; then
    as_root apt-get update -qq || echo "apt-get update failed; trying with the lists there are" >&2
    packages=()
    for package in "${missing[@]}"; do
        case "$package" in
            svg) if available qt6-svg-dev; then packages+=(qt6-svg-dev); else packages+=(libqt6svg6-dev); fi ;;
            kf6) if available "$kf6"; then packages+=("$kf6"); else packages+=(extra-cmake-modules dpkg-dev); source_build=true; fi ;;
            libhyperscan-dev) if available libhyperscan-dev; then packages+=(libhyperscan-dev); else packages+=(libvectorscan-dev); fi ;;
            *) packages+=("$package") ;;
        esac
    done
    echo "Installing: ${packages[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
if $source_build; then scripts/build-ksyntaxhighlighting.sh; fi
# The schema that SARIF reports are held to, so that no test needs the network.
if [ "${1:-}" = test ]; then scripts/fetch-sarif-schema.sh; fi
