#!/usr/bin/env bash
# Makes what compose.yaml mounts: site, pooler, settings and passwords. Run again, it keeps what is there.
# Usage: bash prepare.sh HOST_NAME [FOLDER]; the folder is this one unless another is given.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
host=${1:?请给出站点名称，如 zufang.example.gov} out=${2:-$here}
[[ "$host" =~ ^[A-Za-z0-9.-]+$ ]] || { echo "站点名称不正确" >&2; exit 2; }
mkdir -p "$out/secrets/tls" "$out/pgbouncer"
chmod 700 "$out/secrets"
[ -f "$out/nginx.conf" ] || sed "s/zufang\.example\.gov/$host/g" "$here/../host/nginx.conf" >"$out/nginx.conf"
# The database is a container of the same network, whose image brings no certificate. After a fail-over the file names another one.
[ -f "$out/pgbouncer/pgbouncer.ini" ] || sed -e 's/host=db01/host=database/; s/host=db02 port=5432 dbname=shenfang/host=replica port=5432 dbname=shenfang/' \
    -e 's/^listen_addr = .*/listen_addr = 0.0.0.0/; s/^unix_socket_dir = .*/unix_socket_dir =/' \
    -e 's/^server_tls_sslmode = .*/server_tls_sslmode = prefer/; /^server_tls_ca_file/d' \
    -e 's#^auth_file = .*#auth_file = /run/secrets/pgbouncer.users#' "$here/../host/pgbouncer.ini" >"$out/pgbouncer/pgbouncer.ini"
secret="$out/secrets/database.password"
# The folder is closed to all but the program's account; in it, what other accounts of containers mount must be readable.
[ -s "$secret" ] || (head -c 24 /dev/urandom | base64 | tr -d '/+=\n' >"$secret")
password="$(cat "$secret")"
printf '"shenfang" "%s"\n' "$password" >"$out/secrets/pgbouncer.users"
(umask 077 && printf '*:*:*:shenfang:%s\n' "$password" >"$out/secrets/pgpass")
chmod 644 "$secret" "$out/secrets/pgbouncer.users"
if [ ! -f "$out/shenfang.env" ]; then
    # Quotes are the shell's; compose takes a value as it stands between single quotes, as systemd does.
    grep -vE '^(#|DATABASE_URL|READ_DATABASE_URL|DATA_DIR|BACKUP_DIR|AUDIT_STORE|RELEASE_PUB|PUBLIC_URL)' "$here/../host/shenfang.env" \
        | sed 's#/etc/shenfang/#/run/secrets/shenfang/#g' >"$out/shenfang.env"
    echo "PUBLIC_URL=https://$host" >>"$out/shenfang.env"
fi
echo "已备好 $out：请把发布公钥、密码服务的文件、站点证书（secrets/tls/site.pem、site.key）放入 secrets，改写 shenfang.env。"
if [ "$(id -u)" -eq 0 ]; then
    chown 10001:10001 "$out/secrets" "$out/secrets/pgpass"
    echo "放入的密钥文件归账号 10001 所有，其他人不能读：chown 10001:10001 文件 && chmod 600 文件"
else
    echo "须由 root 把 secrets、secrets/pgpass 和放入的密钥文件交给账号 10001：chown 10001:10001 … && chmod 600 …"
fi
