#!/usr/bin/env bash
# A release as it is handed over: the committed tree with an environment of what it runs on and nothing else, signed, one
# archive; with FACES=1 also what looks at portraits for faces, with TRACING=1 what sends spans.
# Usage: bash deploy/pack.sh BUILD SBOM (--key FILE | --service KEYID)
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1 sbom=$2
shift 2
python="$PWD/.venv/bin/python"
version="$("$python" -c 'from deploy.supply.components import product_version; print(product_version())')"
out=build/release name="shenfang-$version-$build"
if [ -n "$(git status --porcelain)" ]; then
    echo "提醒：有未提交的改动，不在发布包内。"
fi
rm -rf "${out:?}/$name" "$out/$name.tar"
mkdir -p "$out/$name"
git archive HEAD | tar -x -C "$out/$name"
# The requirements matrix shows the results of the tests that this checkout ran last.
"$python" -m deploy.rows --write "$out/$name"
PYTHON="$("$python" -c 'import sys; print(sys._base_executable)')" "$python" "$out/$name/deploy/setup.py" ${FACES:+--faces} ${TRACING:+--tracing}
# What the packages were compiled to is signed with them: nothing compiles where the product runs.
find "$out/$name" -path "$out/$name/.venv" -prune -o -name __pycache__ -prune -exec rm -rf {} +
"$python" main.py release sign --root "$out/$name" --version "$version" --build "$build" --sbom "$sbom" "$@"
tar --owner=0 --group=0 -cf "$out/$name.tar" -C "$out" "$name"
rm -rf "${out:?}/$name"
echo "发布包 $out/$name.tar，$(du -h "$out/$name.tar" | cut -f1)"
