# Parts of an installation: packages, account, release, database, settings, units, site; sourced by ../install.sh.

add_packages() {
    [ -z "${WITHOUT_PACKAGES:-}" ] || return 0
    local wanted=(nginx openssl)
    [ -n "${DATABASE:-}" ] || wanted+=(postgresql)
    local missing=()
    command -v openssl >/dev/null && [ -n "$(nginx_version)" ] && { [ -n "${DATABASE:-}" ] || command -v pg_ctlcluster postgresql-setup >/dev/null; } && return 0
    missing=("${wanted[@]}")
    step "安装系统软件包：${missing[*]}"
    if [ "$(family)" = deb ]; then
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null
    else
        [ -n "${DATABASE:-}" ] || missing=("${missing[@]/postgresql/postgresql-server}")
        dnf install -y "${missing[@]}" >/dev/null
    fi
}

make_user() {
    id shenfang >/dev/null 2>&1 || useradd --system --user-group --home-dir $HOME_DIR --shell "$(command -v nologin || echo /usr/sbin/nologin)" shenfang
    install -d -m 700 -o shenfang -g shenfang $HOME_DIR $BACKUP $AUDIT
    install -d -m 750 -o root -g shenfang $ETC
}

as_service() { # COMMAND…: as the service account, with the settings and nothing else of this shell
    (cd $HOME_DIR && setpriv --reuid=shenfang --regid=shenfang --init-groups env -i HOME=$HOME_DIR PATH=/usr/bin:/bin LANG=C.UTF-8 \
        sh -c 'set -a; [ ! -f "$0" ] || . "$0"; set +a; exec "$@"' $ENV_FILE "$@")
}
product() { # [--at FOLDER] COMMAND…: main.py of the linked release, or of another one
    local at=$LINK
    if [ "${1:-}" = --at ]; then at=$2; shift 2; fi
    as_service "$at/.venv/bin/python" -I -B -S "$at/deploy/launch.py" "$@"
}

unfold() { # ARCHIVE: sets FOLDER to the unfolded and verified release
    local archive=$1 name
    [ -e "$archive" ] || die "没有发布包 $archive"
    name="$(basename "$archive" .tar)"
    case "$name" in shenfang-*-[0-9]*) ;; *) die "发布包的文件名应为 shenfang-版本-构建号.tar" ;; esac
    FOLDER=/opt/$name
    # A deb or an rpm has unfolded it already.
    if [ -d "$archive" ]; then
        [ "$(readlink -f "$archive")" = "$FOLDER" ] || die "已展开的发布包须在 $FOLDER"
    elif [ ! -f "$FOLDER/manifest.json" ] || [ ! -f "$FOLDER/.unfolded" ]; then
        step "展开 $name"
        rm -rf "${FOLDER:?}" "/opt/.$name"
        mkdir -p "/opt/.$name"
        tar -xf "$archive" -C "/opt/.$name" --strip-components=1
        chown -R root:root "/opt/.$name" && chmod -R go=rX "/opt/.$name"
        touch "/opt/.$name/.unfolded" && mv "/opt/.$name" "$FOLDER"
    fi
    "$FOLDER/.venv/bin/python" -c '' 2>/dev/null || die "发布包所用的 $(readlink "$FOLDER/.venv/bin/python") 在本机不能运行：Python 的版本和路径须与制作发布包的机器相同"
    say "核对发布签名 ……"
    product --at "$FOLDER" release verify || die "发布包没有通过验签，未启用"
}

make_database() {
    [ -z "${DATABASE:-}" ] || return 0
    step "本机 PostgreSQL"
    if command -v pg_ctlcluster >/dev/null; then
        local version
        version="$(pg_lsclusters -h | awk 'NR == 1 { print $1 }')"
        pg_ctlcluster "$version" main status >/dev/null 2>&1 || pg_ctlcluster "$version" main start
    else
        [ -f /var/lib/pgsql/data/PG_VERSION ] || postgresql-setup --initdb >/dev/null
        if [ -n "${NO_SYSTEMD:-}" ]; then
            runuser -u postgres -- pg_ctl -D /var/lib/pgsql/data -l /var/lib/pgsql/start.log -w start >/dev/null || true
        else
            systemctl enable --now postgresql
        fi
    fi
    # Through the socket the system account is the database account: no password lies anywhere.
    DATABASE_ADDRESS='postgresql://shenfang@/shenfang?host=/var/run/postgresql'
    as_postgres psql -qtAc "SELECT 1 FROM pg_roles WHERE rolname = 'shenfang'" | grep -q 1 || as_postgres createuser shenfang
    as_postgres psql -qtAc "SELECT 1 FROM pg_database WHERE datname = 'shenfang'" | grep -q 1 || new_database
}
as_postgres() { (cd / && runuser -u postgres -- "$@"); }
new_database() { as_postgres createdb --owner shenfang --encoding UTF8 --locale C.UTF-8 --template template0 shenfang; }

set_value() { # NAME VALUE in the settings
    local line
    line="$1='$2'"
    grep -v "^$1=" $ENV_FILE >$ENV_FILE.new || true
    printf '%s\n' "$line" >>$ENV_FILE.new
    chown root:shenfang $ENV_FILE.new && chmod 640 $ENV_FILE.new && mv $ENV_FILE.new $ENV_FILE
}
write_settings() {
    if [ ! -f $ENV_FILE ]; then
        step "设置 $ENV_FILE"
        install -m 640 -o root -g shenfang "${SETTINGS:-$FOLDER/deploy/host/shenfang.env}" $ENV_FILE
        set_value PUBLIC_URL "https://$HOST_NAME"
        set_value DATABASE_URL "${DATABASE:-$DATABASE_ADDRESS}"
        if [ -n "${TRIAL:-}" ]; then
            # Nothing outside is reached: the simulators and the software module of this machine stand for all of it.
            sed -i -E '/^(SYSTEM_URLS|GATEWAY_KEYS|CRYPTO_[A-Z_]+|OUTBOUND_NETWORKS|VIRUS_SCANNER|SYSLOG_URL|OTLP_URL|ADMIN_NETWORKS)=/d' $ENV_FILE
            set_value MODE test
            set_value CRYPTO_MODE local
            set_value ROOT_KEY_FILE $HOME_DIR/keys/root.key
            set_value ENVIRONMENT_ID shfg-rental-trial
            set_value DEMO_DATA false
        fi
    fi
    product config check --file $ENV_FILE || die "请改正 $ENV_FILE 后再次执行同一条命令，已完成的步骤不会重做"
}

prepare_data() {
    step "数据库结构"
    product prepare
    if [ ! -e $ETC/.bootstrapped ]; then
        step "三名管理员"
        if product bootstrap; then touch $ETC/.bootstrapped; else say "管理员已经建立"; touch $ETC/.bootstrapped; fi
    fi
}

accept_older_rights() {
    # A restored list of rights is older than the one this host remembers: taken over here, with an alarm for the security administrator.
    local file=$HOME_DIR/.rights.json version
    product acl export --json --out $file
    version="$("$FOLDER/.venv/bin/python" -c 'import json, sys; print(json.loads(json.load(open(sys.argv[1]))["list"]["body"])["version"])' $file)"
    rm -f $file
    product acl accept --version "$version"
}

write_units() {
    install -d "$UNITS"
    install -m 644 "$FOLDER"/deploy/host/shenfang-web@.service "$FOLDER"/deploy/host/shenfang-worker.service "$UNITS"/
    [ -n "${NO_SYSTEMD:-}" ] || systemctl daemon-reload
}
service() { # start|stop|running UNIT
    if [ -n "${NO_SYSTEMD:-}" ]; then
        UNITS="$UNITS" bash "$HERE/host/supervise.sh" "$1" "$2"
    elif [ "$1" = running ]; then
        systemctl is-active -q "$2"
    elif [ "$1" = start ]; then
        systemctl enable -q "$2" && systemctl start "$2"
    else
        systemctl "$1" "$2"
    fi
}
webs() { local port; for port in ${PORTS:-$PORTS_DEFAULT}; do echo "shenfang-web@$port"; done; }
probe() { # PORT: the status of /readyz; in the shell alone, since curl may be missing
    { exec 9<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || { echo 000; return; }
    printf 'GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&9 2>/dev/null || true
    head -1 <&9 2>/dev/null | cut -d' ' -f2
    exec 9>&- 9<&-
}
await_ready() { # PORT
    local tries
    for tries in $(seq 180); do
        [ "$(probe "$1")" = 200 ] && return
        service running "shenfang-web@$1" || [ "$tries" -lt 20 ] || return 1
        sleep 1
    done
    return 1
}
start_all() {
    local unit
    for unit in $(webs); do
        service start "$unit"
        # The first one may still have to upgrade the schema.
        await_ready "${unit#*@}" || { say "$unit 没有就绪，见它的日志最后一行"; return 1; }
        say "$unit 就绪"
    done
    service start shenfang-worker
}
stop_all() { local unit; service stop shenfang-worker || true; for unit in $(webs); do service stop "$unit" || true; done; }

write_site() {
    step "nginx 站点"
    install -d /etc/nginx/tls /usr/share/nginx/shenfang
    if [ -n "${CERT:-}" ]; then
        install -m 644 "$CERT" /etc/nginx/tls/site.pem
        install -m 600 "$KEY" /etc/nginx/tls/site.key
    elif [ ! -f /etc/nginx/tls/site.pem ]; then
        (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=$HOST_NAME" \
            -addext "subjectAltName=DNS:$HOST_NAME" -keyout /etc/nginx/tls/site.key -out /etc/nginx/tls/site.pem 2>/dev/null)
        say "已生成自签证书，仅供试用；正式的证书放到 /etc/nginx/tls/site.pem、site.key 后重载 nginx"
    fi
    local site=/etc/nginx/conf.d/shenfang.conf
    sed "s/zufang\.example\.gov/$HOST_NAME/g" "$FOLDER/deploy/host/nginx.conf" >$site
    if ! version_at_least "$(nginx_version)" 1.25.1; then
        sed -i -e '/^ *http2 on;/d' -e 's/^ *listen 443 ssl;/    listen 443 ssl http2;/' $site
    fi
    if ! version_at_least "$(nginx_version)" 1.19.4; then
        # An unknown name is answered with the closed connection alone; the handshake shows our certificate.
        sed -i 's#^ *ssl_reject_handshake on;#    ssl_certificate /etc/nginx/tls/site.pem;\n    ssl_certificate_key /etc/nginx/tls/site.key;#' $site
    fi
    if [ "${PORTS:-$PORTS_DEFAULT}" != "$PORTS_DEFAULT" ]; then
        local servers="" port
        for port in $PORTS; do servers+="    server 127.0.0.1:$port max_fails=2 fail_timeout=5s;\\n"; done
        sed -i -e "/server 127.0.0.1:8082 /d" -e "s/^ *server 127.0.0.1:8081 .*/${servers%\\n}/" $site
    fi
    install -m 644 "$FOLDER/deploy/host/nginx-proxy.conf" /etc/nginx/shenfang-proxy.conf
    install -m 644 "$FOLDER"/deploy/host/pages/*.html /usr/share/nginx/shenfang/
    rm -f /etc/nginx/sites-enabled/default
    local main=/etc/nginx/nginx.conf
    grep -q '^worker_shutdown_timeout' $main || sed -i '1i worker_shutdown_timeout 10m;\nworker_rlimit_nofile 40000;' $main
    sed -i -E 's/worker_connections +[0-9]+;/worker_connections 16384;/' $main
    # openEuler's own file has a default server, which our site has too.
    sed -i -E '/^ *listen .*default_server/ { /shenfang/! s/ default_server// }' $main
    if command -v getenforce >/dev/null && [ "$(getenforce)" = Enforcing ]; then setsebool -P httpd_can_network_connect 1; fi
    reload_nginx
}
reload_nginx() {
    PATH=$PATH:/usr/sbin nginx -t -q
    if [ -z "${NO_SYSTEMD:-}" ]; then
        systemctl enable -q nginx && systemctl reload-or-restart nginx
    elif [ -s /run/nginx.pid ] && kill -0 "$(cat /run/nginx.pid)" 2>/dev/null; then
        PATH=$PATH:/usr/sbin nginx -s reload
    else
        PATH=$PATH:/usr/sbin nginx
    fi
}
in_site() { # PORT up|down: whether nginx sends requests to a web process of this host
    local site=/etc/nginx/conf.d/shenfang.conf
    sed -i "s/ down;/;/" $site
    if [ "$2" = down ]; then sed -i -E "s/^( *server 127\.0\.0\.1:$1 [^;]*);/\1 down;/" $site; fi
    reload_nginx
}
