#!/bin/sh
# Bundles what the red-line map uses of OpenLayers into ui/space/map/index.js, from the locked packages. Not run at set-up:
# the bundle is committed, and a test compares its digest with bundle.sha256.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out="$here/../../ui/space/map"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here/entry.js" "$work"
cd "$work"
npm ci
node_modules/.bin/esbuild entry.js --bundle --minify --format=esm --target=es2022 --legal-comments=none \
    --outfile="$out/index.js"
cat node_modules/ol/LICENSE.md > "$out/LICENSE.md"
for part in rbush quickselect; do
    printf '\n%s\n\n' "$part" >> "$out/LICENSE.md"
    cat "node_modules/$part/LICENSE" >> "$out/LICENSE.md"
done
cd "$out"
sha256sum index.js > "$here/bundle.sha256"
