#!/usr/bin/env bash
# Installs, upgrades, rolls back and restarts a production or a rehearsal host from a release archive: Debian, Kylin, openEuler.
# `bash install.sh help` lists the commands. It may be run again at any time: what is done is left, what is missing is done.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$HERE/install/checks.sh"
. "$HERE/install/parts.sh"
ETC=/etc/shenfang HOME_DIR=/var/lib/shenfang BACKUP=/backup/shenfang AUDIT=/audit/shenfang LINK=/opt/shenfang
CONF=$ETC/install.conf ENV_FILE=$ETC/shenfang.env STOP_FILE=/etc/nginx/shenfang-maintenance
UNITS=${UNITS:-/etc/systemd/system}
# What the checks ask for; a trial machine may be smaller.
LEAST_CORES=${LEAST_CORES:-2} LEAST_MEMORY_MB=${LEAST_MEMORY_MB:-3500} LEAST_OPT_MB=${LEAST_OPT_MB:-2500} LEAST_DATA_MB=${LEAST_DATA_MB:-5000}
PORTS_DEFAULT="8081 8082"

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 2; }

usage() {
    cat <<'TEXT'
用法：bash install.sh 命令 [选项]
  check                检查主机：核数、内存、磁盘、版本、端口，不作任何改动
  install              安装；再次执行时只补没有做完的
      --release FILE   发布包（shenfang-版本-构建号.tar）
      --pub FILE       发布公钥 release.pub
      --host NAME      站点名称，如 zufang.example.gov
      --database URL   数据库地址；不给时在本机建 PostgreSQL 库（经本机套接字，不用口令）
      --settings FILE  设置文件，取代随附的样本（密码服务、外部系统、网关等）
      --cert FILE --key FILE  站点证书和私钥；不给时生成自签证书，仅供试用
      --trial          试装：MODE=test、本机密码模块、模拟的外部系统，不接触任何真实系统
      --no-systemd     没有 systemd 的主机：单元照写，由 host/supervise.sh 启动，仅供试用
      --without-packages  不安装系统软件包（已由本单位的软件源装好）
  upgrade --release FILE   升级：核对、备份、停机、换版本、升级结构、启动；不成则自动退回
  rollback [--release FILE] 退回上一版本，数据库恢复到升级前的备份；新版已运行过时须给出以更高构建号重新签发的旧版本
  restart              逐个重启同一版本的进程，页面不中断
  announce TIME MINUTES [说明]  预告停机维护，如 announce "2026-12-01 22:00" 60；announce off 取消
  maintenance on|off   开始、结束停机维护
  status               各进程与站点的状态
TEXT
}

# Answers, each asked once and kept

remember() { # NAME VALUE
    install -d -m 750 "$ETC"
    touch "$CONF" && chmod 600 "$CONF"
    grep -v "^$1=" "$CONF" >"$CONF.new" || true
    printf '%s=%q\n' "$1" "$2" >>"$CONF.new"
    chmod 600 "$CONF.new" && mv "$CONF.new" "$CONF"
}
recall() { if [ -f "$CONF" ]; then . "$CONF"; fi; }
ask() { # NAME QUESTION
    if [ -z "${!1:-}" ]; then
        [ -t 0 ] || die "缺少$2，请用选项给出，见 install.sh help"
        read -rp "$2：" "$1"
        [ -n "${!1}" ] || die "$2不能为空"
    fi
    remember "$1" "${!1}"
}

# Commands

take_options() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --release) RELEASE="$(readlink -f "$2")"; shift ;;
            --pub) PUB="$(readlink -f "$2")"; shift ;;
            --host) HOST_NAME=$2; shift ;;
            --database) DATABASE=$2; shift ;;
            --settings) SETTINGS="$(readlink -f "$2")"; shift ;;
            --cert) CERT="$(readlink -f "$2")"; shift ;;
            --key) KEY="$(readlink -f "$2")"; shift ;;
            --ports) PORTS=$2; shift ;;
            --trial) TRIAL=1 ;;
            --no-systemd) NO_SYSTEMD=1 ;;
            --without-packages) WITHOUT_PACKAGES=1 ;;
            *) die "没有选项 $1，见 install.sh help" ;;
        esac
        shift
    done
}

do_install() {
    recall
    take_options "$@"
    check_host || exit 2
    ask HOST_NAME "站点名称"
    [[ "$HOST_NAME" =~ ^[A-Za-z0-9.-]+$ ]] || die "站点名称不正确"
    ask RELEASE "发布包"
    local name
    for name in DATABASE PORTS TRIAL NO_SYSTEMD WITHOUT_PACKAGES; do [ -z "${!name:-}" ] || remember "$name" "${!name}"; done
    add_packages
    make_user
    if [ ! -f $ETC/release.pub ]; then
        ask PUB "发布公钥文件"
        install -m 644 "$PUB" $ETC/release.pub
    fi
    export RELEASE_PUB=$ETC/release.pub
    [ -f $ENV_FILE ] || printf 'RELEASE_PUB=%s\nDATA_DIR=%s\n' $ETC/release.pub $HOME_DIR >$ETC/.verify.env
    unfold_for_first "$RELEASE"
    if [ -e $LINK ] && [ "$(readlink -f $LINK)" != "$FOLDER" ]; then die "已安装 $(basename "$(readlink -f $LINK)")；换版本请用 upgrade"; fi
    ln -sfn "$FOLDER" $LINK
    make_database
    write_settings
    prepare_data
    write_units
    step "进程"
    start_all || exit 1
    write_site
    say
    say "安装完成：https://$HOST_NAME （网页进程 ${PORTS:-$PORTS_DEFAULT}）"
    [ -n "${TRIAL:-}" ] || say "接下来：绑定三名管理员的证书、保存审计公钥、做一次备份并恢复，见安装手册第六、八节"
}
unfold_for_first() { # before there are settings, the public key is named by a file of its own
    local kept=$ENV_FILE
    if [ ! -f $ENV_FILE ]; then
        chown root:shenfang $ETC/.verify.env && chmod 640 $ETC/.verify.env
        ENV_FILE=$ETC/.verify.env
    fi
    unfold "$1"
    ENV_FILE=$kept
    rm -f $ETC/.verify.env
}

do_upgrade() {
    recall
    RELEASE=""
    take_options "$@"
    [ -n "$RELEASE" ] || die "请给出 --release 发布包"
    local before after kept
    before="$(readlink -f $LINK)"
    unfold "$RELEASE"
    after=$FOLDER
    [ "$before" != "$after" ] || die "$(basename "$after") 已在运行"
    step "升级前的备份"
    kept="$BACKUP/before-$(basename "$after")"
    install -d -m 700 -o shenfang -g shenfang "$kept"
    product backup --out "$kept"
    remember BEFORE_FOLDER "$before"
    remember BEFORE_BACKUP "$kept"
    step "停机"
    touch $STOP_FILE
    stop_all
    ln -sfn "$after" $LINK
    if product prepare && write_units && start_all && write_site; then
        rm -f $STOP_FILE
        remember RELEASE "$RELEASE"
        say "升级完成：$(basename "$after")；确认无误后执行 device collect --accept"
    else
        say "新版本没有启动。退回：install.sh rollback（新版已运行过的，加 --release 重新签发的旧版本）"
        exit 1
    fi
}

do_rollback() {
    recall
    RELEASE=""
    take_options "$@"
    [ -n "${BEFORE_FOLDER:-}" ] || die "没有升级过，没有可以退回的版本"
    local back=$BEFORE_FOLDER kept
    if [ -n "$RELEASE" ]; then
        unfold "$RELEASE"
        back=$FOLDER
    elif ! product --at "$back" release verify; then
        die "旧版本的构建号低于已运行过的，不能直接启动。请发布人员以更高的构建号重新签发旧版本，再执行 rollback --release 该发布包"
    fi
    kept="$(find "$BEFORE_BACKUP" -type f -name '*.shfb' | sort | tail -1)"
    [ -n "$kept" ] || die "$BEFORE_BACKUP 中没有升级前的备份"
    [ -z "${DATABASE:-}" ] || [ -n "${EMPTY_DATABASE:-}" ] || die "数据库在另一台主机：请先建一个空库，以 EMPTY_DATABASE=地址 再次执行本命令"
    step "停机"
    touch $STOP_FILE
    stop_all
    step "数据库恢复到升级前的备份 $(basename "$kept")"
    if [ -n "${DATABASE:-}" ]; then
        set_value DATABASE_URL "$EMPTY_DATABASE"
    else
        # What was written since the upgrade stays beside it, for whoever has to take it over by hand.
        as_postgres psql -qc "ALTER DATABASE shenfang RENAME TO \"shenfang_$(date +%Y%m%d_%H%M%S)\""
        new_database
    fi
    ln -sfn "$back" $LINK
    FOLDER=$back
    product restore --from "$kept"
    accept_older_rights
    write_units
    start_all || exit 1
    write_site
    rm -f $STOP_FILE
    say "已退回：$(basename "$back")，数据为升级前的备份"
}

do_restart() {
    recall
    local unit
    [ "$(webs | wc -l)" -gt 1 ] || die "只有一个网页进程，不能逐个重启"
    for unit in $(webs); do
        # Out of nginx first: while it starts a process answers 503 itself, which nginx would pass on.
        in_site "${unit#*@}" down
        sleep 2
        service stop "$unit"
        service start "$unit"
        await_ready "${unit#*@}" || die "$unit 没有就绪，已不在 nginx 中；其余进程未动，系统仍在运行"
        in_site "${unit#*@}" up
        say "$unit 已重启"
        sleep 2
    done
    service stop shenfang-worker
    service start shenfang-worker
    say "shenfang-worker 已重启"
}

do_announce() {
    [ "${1:-}" ] || die "请给出时间和分钟数，或 off"
    recall
    if [ "$1" = off ]; then product announce --off; else product announce --from "$1" --minutes "${2:?请给出分钟数}" ${3:+--words "$3"}; fi
}

do_maintenance() {
    case "${1:-}" in
        on) touch $STOP_FILE && say "停机维护开始：所有人看到“系统暂停服务”" ;;
        off) rm -f $STOP_FILE && say "停机维护结束" ;;
        *) die "maintenance on 或 off" ;;
    esac
}

do_status() {
    recall
    local unit
    say "版本 $(basename "$(readlink -f $LINK)")"
    for unit in $(webs); do
        say "$unit $(service running "$unit" && echo 运行 || echo 停止)，就绪检查 $(probe "${unit#*@}")"
    done
    say "shenfang-worker $(service running shenfang-worker && echo 运行 || echo 停止)"
    [ ! -e $STOP_FILE ] || say "停机维护中"
}

# Sourced by its test, it gives its functions and does nothing.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    command=${1:-help}
    shift || true
    case "$command" in
        check) recall; check_host ;;
        install | upgrade | rollback | restart | announce | maintenance | status) "do_$command" "$@" ;;
        help | --help | -h) usage ;;
        *) usage >&2; exit 2 ;;
    esac
fi
