#!/usr/bin/env bash
# Makes a deb and, where rpmbuild is, an rpm of a release archive: bash deploy/packages.sh build/release/shenfang-1.2.0-37.tar [FOLDER]
# Each version is a package of its own, as kernels are: the old one stays for the way back. It unfolds and nothing else; install.sh does the rest.
set -euo pipefail
archive="$(readlink -f "$1")" out="$(readlink -f "${2:-$(dirname "$1")}")"
name="$(basename "$archive" .tar)"
version="${name#shenfang-}" machine="$(uname -m)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tree/opt"
tar -xf "$archive" -C "$work/tree/opt"
touch "$work/tree/opt/$name/.unfolded"
chmod -R go=rX "$work/tree/opt/$name"
python="$(basename "$(readlink "$work/tree/opt/$name/.venv/bin/python3" || echo python3)")"
case "$python" in python3.*) ;; *) python="$(basename "$(readlink -f "$work/tree/opt/$name/.venv/bin/python3" 2>/dev/null || echo python3)")" ;; esac
about="申房 $version：住房租赁与房地产市场监管系统的签名发布包，展开在 /opt/$name"
next="安装：bash /opt/$name/deploy/install.sh install --release /opt/$name --pub 发布公钥 --host 站点名称
升级：bash /opt/$name/deploy/install.sh upgrade --release /opt/$name"

mkdir -p "$work/tree/DEBIAN"
cat >"$work/tree/DEBIAN/control" <<TEXT
Package: $name
Version: $version
Architecture: $([ "$machine" = aarch64 ] && echo arm64 || echo amd64)
Maintainer: Shenfang <release@shenfang.invalid>
Section: admin
Priority: optional
Installed-Size: $(du -sk "$work/tree/opt" | cut -f1)
Depends: $python, nginx, openssl, util-linux
Recommends: postgresql
Description: $about
TEXT
printf '#!/bin/sh\nset -e\ncat <<"TEXT"\n%s\nTEXT\n' "$next" >"$work/tree/DEBIAN/postinst"
# What runs is never taken away under its processes.
printf '#!/bin/sh\nset -e\n[ "$(readlink -f /opt/shenfang 2>/dev/null)" != "/opt/%s" ] || { echo "%s 正在使用，不能删除" >&2; exit 1; }\n' "$name" "$name" >"$work/tree/DEBIAN/prerm"
chmod 755 "$work/tree/DEBIAN/postinst" "$work/tree/DEBIAN/prerm"
dpkg-deb --root-owner-group -Zgzip -z1 --build "$work/tree" "$out/$name.deb" >/dev/null
echo "$out/$name.deb，$(du -h "$out/$name.deb" | cut -f1)"

command -v rpmbuild >/dev/null || { echo "没有 rpmbuild，未制作 rpm（apt-get install rpm 或 dnf install rpm-build）"; exit 0; }
rm -rf "$work/tree/DEBIAN"
cat >"$work/package.spec" <<TEXT
Name: $name
Version: ${version%-*}
Release: ${version##*-}
Summary: $about
License: Proprietary
AutoReqProv: no
Requires: nginx openssl util-linux
%global __os_install_post %{nil}
%global _build_id_links none
%define _binary_payload w1.zstdio
%description
$about
%install
mkdir -p %{buildroot}
cp -a $work/tree/. %{buildroot}/
%files
%defattr(-,root,root,-)
/opt/$name
%post
cat <<"MESSAGE"
$next
MESSAGE
%preun
[ "\$(readlink -f /opt/shenfang 2>/dev/null)" != "/opt/$name" ] || { echo "$name 正在使用，不能删除" >&2; exit 1; }
TEXT
rpmbuild -bb --quiet --define "_topdir $work/rpm" --define "_rpmdir $out" --define "_rpmfilename $name.rpm" "$work/package.spec" 2>"$work/rpm.log" || { tail -5 "$work/rpm.log" >&2; exit 1; }
echo "$out/$name.rpm，$(du -h "$out/$name.rpm" | cut -f1)"
