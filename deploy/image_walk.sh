#!/usr/bin/env bash
# Builds the image of a release and runs it as it is meant to be: `sudo bash deploy/image_walk.sh ARCHIVE.tar release.pub [folder]`.
#
# Needs buildah, podman and debootstrap. The base is made of Debian's packages, so that no registry is asked. The container has a root
# that is only read, no network, no capability and an account that is not root; asked from inside, it must be ready, have no shell and
# be unable to write. The last line is one row for docs/admin/bare-machines.md.
set -euo pipefail
archive=$(readlink -f "$1") key=$(readlink -f "$2") folder=${3:-/var/tmp/image-walk}
tree=$(cd "$(dirname "$0")/.." && pwd)
name=$(basename "$archive" .tar) base=localhost/shenfang-base:trixie container=shenfang-walk
mkdir -p "$folder/context"

if ! podman image exists "$base"; then
    [ -e "$folder/base/.made" ] || debootstrap --variant=minbase --include=python3,ca-certificates trixie "$folder/base" >"$folder/base.log" 2>&1
    touch "$folder/base/.made"
    tar -C "$folder/base" --one-file-system -c . | podman import --quiet - "$base" >/dev/null
fi
ln -f "$archive" "$folder/context/" 2>/dev/null || cp "$archive" "$folder/context/"
begun=$(date +%s)
buildah build --quiet --layers --isolation chroot --ulimit "nproc=$(ulimit -Hu):$(ulimit -Hu)" --ulimit "nofile=$(ulimit -Hn):$(ulimit -Hn)" --build-arg "BASE=$base" --build-arg PACKAGES= --build-arg "RELEASE=$name" \
    --tag "localhost/shenfang:$name" --file "$tree/deploy/container/Containerfile" "$folder/context" >/dev/null
built=$(($(date +%s) - begun))

trap 'podman rm --force --ignore --time 15 "$container" >/dev/null 2>&1 || true' EXIT
podman rm --force --ignore "$container" >/dev/null
begun=$(date +%s)
podman ${RUNTIME:+--runtime "$RUNTIME"} run --detach --name "$container" --read-only --cap-drop ALL --security-opt no-new-privileges --network none \
    --tmpfs /var/tmp:mode=1777 --tmpfs /data:mode=0700,U --volume "$key:/run/secrets/shenfang/release.pub:ro" \
    --env MODE=demo --env DEMO_DATA=false --env HOST=127.0.0.1 "localhost/shenfang:$name" >/dev/null
inside() { podman exec "$container" /opt/shenfang/.venv/bin/python -I -B -S -c "$1"; }
ready='import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:18080/readyz", timeout=5).status)'
result=通过
until [ "$(inside "$ready" 2>/dev/null)" = 200 ]; do
    if [ "$(podman inspect --format '{{.State.Running}}' "$container")" != true ] || [ $(($(date +%s) - begun)) -gt 600 ]; then
        result=未启动
        break
    fi
    sleep 2
done
waited=$(($(date +%s) - begun))
if [ "$result" = 通过 ]; then
    inside 'import os; assert os.getuid() == 10001 and os.getgid() == 10001' || result="账号不是10001"
    for place in /opt/shenfang/x /etc/x /usr/x; do
        said=$(inside "open('$place', 'w')" 2>&1 || true)
        [[ "$said" == *'Read-only file system'* ]] || result="$place 可写"
    done
    for shell in sh bash dash; do ! podman exec "$container" "$shell" -c true 2>/dev/null || result="有 $shell"; done
fi
podman logs --tail 3 "$container" 2>&1 || true
echo "| $(date +%F) | trixie | $("$folder/base/usr/bin/python3" --version 2>/dev/null || echo 镜像自带) | 10001 | image_walk.sh | $result | 制作 $built 秒，$waited 秒后 /readyz 应答 | $(git -C "$tree" rev-parse --short HEAD) |"
[ "$result" = 通过 ]
