#!/usr/bin/env bash
# Walk README's commands on a bare Debian: `sudo bash deploy/bare_walk.sh bookworm|trixie root|user run|test [folder]`.
#
# Makes a minimal root with debootstrap (python3, git, make, certificates; nothing else), clones the committed tree into it,
# and runs `make run` until the product answers and one page is read, or `make test`, with an empty environment.
# CA_BUNDLE=file adds a certificate store that the machine's way to the network needs. The last line is one row for
# docs/admin/bare-machines.md.
set -euo pipefail
suite=$1 who=$2 what=$3 folder=${4:-/var/tmp/bare-walk}
tree=$(cd "$(dirname "$0")/.." && pwd)
root=$folder/$suite
port=${PORT:-8399}
place=/srv/shenfang-$who
mkdir -p "$folder"

if [ ! -e "$root/.made" ]; then
    debootstrap --variant=minbase --include=python3,git,make,ca-certificates "$suite" "$root" >"$folder/$suite.log" 2>&1
    touch "$root/.made"
fi
if [ -n "${CA_BUNDLE:-}" ]; then cp "$CA_BUNDLE" "$root/etc/ssl/certs/ca-certificates.crt"; fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
mountpoint -q "$root/dev" || mount --rbind /dev "$root/dev"
trap 'umount -l "$root/proc" "$root/dev" 2>/dev/null || true' EXIT

chroot "$root" getent passwd walker >/dev/null || chroot "$root" useradd -m walker
account=$([ "$who" = root ] && echo root || echo walker)
home=$(chroot "$root" getent passwd "$account" | cut -d: -f6)
rm -rf "${root:?}$place"
git clone -q "$tree" "$root$place"
chroot "$root" chown -R "$account:$account" "$place"

inside() { # a command in the root, as that user, with nothing of this machine's environment
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        chroot --userspec="$account:$account" "$root" env HOME="$home" PORT="$port" "$@"
}

log=$folder/$suite-$who-$what.log
begun=$(date +%s)
result=
if [ "$what" = test ]; then
    inside make -C "$place" test >"$log" 2>&1 && result=通过 || result=未通过
    words=$(grep '^=== ' "$log" | tail -1)
else
    set -m # a process group of its own, which Ctrl-C reaches whole
    inside make -C "$place" run >"$log" 2>&1 &
    while ! curl -fs -m 2 -o /dev/null "http://127.0.0.1:$port/healthz"; do
        kill -0 $! 2>/dev/null || { result=未启动; break; }
        sleep 1
    done
    words="就绪用时 $(($(date +%s) - begun)) 秒"
    [ -n "$result" ] || { curl -fsL -m 30 -H 'Accept: text/html' "http://127.0.0.1:$port/" | grep -q 申房 && result=通过 || result=首页未打开; }
    kill -INT -- -$! 2>/dev/null || true
    wait || true
fi
tail -n 5 "$log"
python=$(inside python3 --version)
echo "| $(date +%F) | $suite | $python | $who | make $what | $result | $words | $(git -C "$tree" rev-parse --short HEAD) |"
[ "$result" = 通过 ]
