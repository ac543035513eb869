#!/usr/bin/env bash
# Walks install.sh in a bare Debian: sudo bash deploy/install_walk.sh RELEASE.tar NEXT.tar AGAIN.tar release.pub [folder]
#
# NEXT is a release with a higher build number, AGAIN the first one signed anew with one higher still. Makes a root with debootstrap,
# enters network, process and mount namespaces of its own, installs, restarts under requests, announces a stop, upgrades, is refused a roll-back, rolls back.
# SYSTEMD=1 boots the root by systemd-nspawn, so that the units are run by the real systemd; without it supervise.sh runs them.
# The last line is one row for docs/admin/bare-machines.md. CA_BUNDLE=file adds a certificate store for the way to the packages.
set -euo pipefail
first="$(readlink -f "$1")" next="$(readlink -f "$2")" again="$(readlink -f "$3")" pub="$(readlink -f "$4")"
folder=${5:-/var/tmp/install-walk}
packages=python3,ca-certificates,openssl,procps${SYSTEMD:+,systemd,systemd-sysv,dbus}
here="$(cd "$(dirname "$0")" && pwd)"
root=$folder/system media=$folder/system/srv/media
mkdir -p "$folder"
if [ ! -e "$root/.made" ]; then
    debootstrap --variant=minbase --include="$packages" "${SUITE:-trixie}" "$root" >"$folder/debootstrap.log" 2>&1
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod 755 "$root/usr/sbin/policy-rc.d"
    if [ -n "${CA_BUNDLE:-}" ]; then cp "$CA_BUNDLE" "$root/etc/ssl/certs/ca-certificates.crt"; fi
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    # Packages are fetched before the network is taken away.
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
        sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light postgresql' >"$folder/packages.log" 2>&1
    touch "$root/.made"
fi
# A new walk begins on a host that was never installed.
rm -rf "${root:?}/etc/shenfang" "$root/var/lib/shenfang" "$root/backup" "$root/audit" "$root"/opt/shenfang* "$root/etc/nginx/conf.d/shenfang.conf" "$media"
mkdir -p "$media"
cp -r "$here/install.sh" "$here/install" "$here/host" "$media/"
cp "$first" "$next" "$again" "$pub" "$media/"

cat >"$root/srv/walk.sh" <<'WALK'
set -eu
first=/srv/media/$1 next=/srv/media/$2 again=/srv/media/$3 pub=/srv/media/$4
order() { printf '\n#### %s\n' "$*"; bash /srv/media/install.sh "$@" </dev/null; }
ask() { python3 - "$1" <<'PYTHON'
import collections, http.client, socket, ssl, sys, time
# The site's own certificate is self-signed in a trial.
trusting, told, end = ssl._create_unverified_context(), collections.Counter(), time.time() + float(sys.argv[1])
while time.time() < end:
    try:
        line = http.client.HTTPSConnection("zufang.test.local", timeout=30, context=trusting)
        line.sock = trusting.wrap_socket(socket.create_connection(("127.0.0.1", 443), 30), server_hostname="zufang.test.local")
        line.request("GET", "/", headers={"Host": "zufang.test.local", "Cookie": f"__Host-sid={len(told):032x}"})
        told[line.getresponse().status] += 1
    except OSError as problem:
        told[type(problem).__name__] += 1
    time.sleep(0.05)
print("ASKED", dict(told))
PYTHON
}
mkdir -p /run/postgresql && chown postgres /run/postgresql
runuser -u postgres -- pg_lsclusters -h | while read -r version name _; do pg_dropcluster --stop "$version" "$name"; pg_createcluster "$version" "$name" >/dev/null; done
order check
order install --trial ${WITHOUT:-} --without-packages --host zufang.test.local --release "$first" --pub "$pub"
order install
if [ -z "${WITHOUT:-}" ]; then
    # The real systemd starts a killed process again, and starts what it was told to at the next boot.
    systemctl is-enabled shenfang-web@8081 shenfang-web@8082 shenfang-worker nginx
    killed="$(systemctl show -P MainPID shenfang-web@8081)"
    kill -9 "$killed"
    for _ in $(seq 120); do order status | grep -q '8081 运行，就绪检查 200' && break; sleep 1; done
    now="$(systemctl show -P MainPID shenfang-web@8081)"
    [ "$now" != "$killed" ] && [ "$now" -gt 0 ] && echo "KILLED $killed, STARTED AGAIN $now"
    journalctl -q -u shenfang-web@8081 -n 3 --no-pager
fi
ask 60 & asking=$!
order restart
wait "$asking"
# Users read of the stop on every page before it, the one for signing in too, and meet the page of the stop while it lasts.
order announce "$(TZ=Asia/Shanghai date -d 'now + 2 hours' '+%F %H:%M')" 60 "升级到新版本"
sleep 8
grep -q zufang /etc/hosts || echo "127.0.0.1 zufang.test.local" >>/etc/hosts
shown() { python3 -c 'import ssl, urllib.request, urllib.error
try: answer = urllib.request.urlopen("https://zufang.test.local/login", context=ssl._create_unverified_context())
except urllib.error.HTTPError as problem: answer = problem
page = answer.read().decode()
print(answer.status, " ".join(word for word in ("升级到新版本", "系统暂停服务") if word in page))'; }
echo "ANNOUNCED $(shown)"
order announce off
order maintenance on
echo "STOPPED $(shown)"
order maintenance off
order upgrade --release "$next"
if order rollback; then echo "a lower build was let in"; exit 1; fi
order rollback --release "$again"
order status
WALK

result=未通过
begun=$(date +%s)
names="$(basename "$first") $(basename "$next") $(basename "$again") $(basename "$pub")"
if [ -n "${SYSTEMD:-}" ]; then
    rm -f "$root/usr/sbin/policy-rc.d" "$root/srv/walk.done"
    cat >"$root/etc/systemd/system/walk.service" <<UNIT
[Unit]
After=network.target postgresql.service nginx.service dbus.service
[Service]
Type=oneshot
Environment=HOME=/srv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ExecStart=/bin/bash -c '/bin/bash /srv/walk.sh $names && touch /srv/walk.done; systemctl poweroff --no-block'
StandardOutput=file:/srv/walk.log
StandardError=inherit
TimeoutStartSec=infinity
[Install]
WantedBy=multi-user.target
UNIT
    ln -sf ../walk.service "$(mkdir -p "$root/etc/systemd/system/multi-user.target.wants" && echo "$root/etc/systemd/system/multi-user.target.wants")/walk.service"
    # A host with the older cgroups needs the two words; others pay no heed to them.
    systemd-nspawn -q -D "$root" --boot --register=no --keep-unit --private-network \
        -E SYSTEMD_PROC_CMDLINE="systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1" >"$folder/boot.log" 2>&1 || true
    mv "$root/srv/walk.log" "$folder/walk.log"
    [ ! -e "$root/srv/walk.done" ] || result=通过
else
    unshare --net --pid --mount --fork --kill-child --propagation private bash -c "
        mount -t proc proc '$root/proc'; mount --rbind /dev '$root/dev'; mount -t tmpfs tmpfs '$root/run'; ip link set lo up
        exec chroot '$root' env -i HOME=/srv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin WITHOUT=--no-systemd \
            bash /srv/walk.sh $names" >"$folder/walk.log" 2>&1 && result=通过
fi
# Every answer during the restart was the page's own: no 502, no 503, no broken line.
grep '^ASKED' "$folder/walk.log" || true
grep -q "^ASKED {401: [0-9]*}$" "$folder/walk.log" || result=未通过
grep -q "^ANNOUNCED 200 升级到新版本$" "$folder/walk.log" && grep -q "^STOPPED 503 系统暂停服务$" "$folder/walk.log" || result=未通过
tail -n 5 "$folder/walk.log"
echo "| $(date +%F) | ${SUITE:-trixie} | $(chroot "$root" python3 --version) | root | install.sh${SYSTEMD:+（systemd）} | $result | 用时 $(($(date +%s) - begun)) 秒 | $(git -C "$here" rev-parse --short HEAD) |"
[ "$result" = 通过 ]
