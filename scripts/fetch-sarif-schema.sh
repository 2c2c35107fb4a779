#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches the JSON schema of SARIF 2.1.0 for the tests, once, into
# ${XDG_CACHE_HOME:-~/.cache}/coredact-build/sarif-2.1.0.json. The schema is the one in the npm
# package @microsoft/jest-sarif (MIT); package and file are judged by their SHA-256.
set -euo pipefail

version=1.0.0-beta.0
packageSum=748e2c3d1a842e7bb258416685c7ea3a0da40005b72267b2052c2856d48ad102
schemaSum=2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8
url="https://registry.npmjs.org/@microsoft/jest-sarif/-/jest-sarif-$version.tgz"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/coredact-build"
target="${COREDACT_SARIF_SCHEMA:-$folder/sarif-2.1.0.json}"

good() { echo "$2  $1" | sha256sum --check --status 2>/dev/null; }

good "$target" "$schemaSum" && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# npm knows the registry that this machine is set up for; where there is no npm, curl asks npm's own.
(cd "$work" && npm pack --silent "@microsoft/jest-sarif@$version" >/dev/null 2>&1 && mv ./*.tgz package.tgz) ||
    curl --fail --silent --show-error --location --max-time 120 --output "$work/package.tgz" "$url" || true
if ! good "$work/package.tgz" "$packageSum"; then
    echo "the SARIF schema could not be had: no $url with SHA-256 $packageSum" >&2
    exit 1
fi
tar -xzf "$work/package.tgz" -C "$work" package/lib/schemas/sarif-2.1.0-rtm.5.json
schema="$work/package/lib/schemas/sarif-2.1.0-rtm.5.json"
good "$schema" "$schemaSum" || { echo "the SARIF schema in the package is another one" >&2; exit 1; }
mkdir -p "$(dirname "$target")"
install -m 0644 "$schema" "$target.new"
mv "$target.new" "$target"
echo "SARIF schema: $target"
