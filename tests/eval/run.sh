#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BIN [RECIPE...]: installs the programs of the recipes that are missing, builds the
# witness, and runs the evaluation in a folder of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
shift
packages=(gcc gdb openssl curl nginx-light stunnel4 haproxy openssh-client openssh-server gnupg
    gpg-agent gnutls-bin libgcrypt20-dev libssl-dev nettle-dev libwolfssl-dev libkrb5-dev python3-cryptography
    libcryptx-perl nodejs golang-go
    default-jdk-headless redis-server redis-tools postgresql aeskeyfind rsakeyfind yara ripgrep)
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
# A program that is here without its package (from elsewhere) serves as well.
command -v node >/dev/null && missing=("${missing[@]/nodejs/}")
command -v go >/dev/null && missing=("${missing[@]/golang-go/}")
command -v javac >/dev/null && missing=("${missing[@]/default-jdk-headless/}")
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && missing=("${missing[@]/postgresql/}")
if [ -n "${missing[*]// /}" ] && command -v apt-get >/dev/null; then
    as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
    as_root apt-get update -qq || true
    for package in ${missing[*]}; do
        # Servers are not started: the recipes start their own, on the loopback address.
        as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq \
            --no-install-recommends "$package" >/dev/null || echo "cannot install $package" >&2
    done
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/coredact-eval.XXXXXX")
trap 'rm -rf "$folder"' EXIT
g++ -O2 -std=c++20 -o "$folder/witness" "$here/witness.cpp"
python3 "$here/eval.py" "$bin" "$folder/witness" "$folder" "$@"
