# Checks of a host before anything is changed on it; sourced by ../install.sh.

PROBLEMS=0
bad() { PROBLEMS=$((PROBLEMS + 1)); say "不符合  $*"; }
fine() { say "符合    $*"; }
hint() { say "注意    $*"; }
at_least() { # VALUE LEAST WORDS
    if [ "$1" -ge "$2" ]; then fine "$3"; else bad "$3，至少 $2"; fi
}
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]; }

family() { # deb or rpm
    local id like
    id="$(. "${OS_RELEASE:-/etc/os-release}" && echo "$ID")" like="$(. "${OS_RELEASE:-/etc/os-release}" && echo "${ID_LIKE:-}")"
    case " ${id,,} ${like,,} " in
        *" debian "* | *" ubuntu "*) echo deb ;;
        *" openeuler "* | *" rhel "* | *" fedora "* | *" centos "*) echo rpm ;;
        # Kylin's desktop is Debian's child, its server openEuler's; only the tools tell.
        *" kylin "*) if command -v dnf yum >/dev/null; then echo rpm; else echo deb; fi ;;
        *) echo unknown ;;
    esac
}
free_mb() { # FOLDER: where it is or will be
    local folder=$1
    while [ ! -d "$folder" ]; do folder="$(dirname "$folder")"; done
    df -Pm "$folder" | awk 'NR == 2 { print $4 }'
}
listens() { # PORT
    local hex
    hex="$(printf '%04X' "$1")"
    awk -v port="$hex" '$4 == "0A" { split($2, at, ":"); if (at[2] == port) found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}
python_found() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name" && return
        fi
    done
    return 1
}
nginx_version() { PATH=$PATH:/usr/sbin nginx -v 2>&1 | sed -n 's#.*nginx/\([0-9.]*\).*#\1#p'; }

check_host() {
    step "检查主机"
    [ "$(id -u)" -eq 0 ] && fine "以 root 执行" || bad "须以 root 执行"
    local kind machine memory python glibc port
    kind="$(family)"
    [ "$kind" != unknown ] && fine "操作系统 $(. "${OS_RELEASE:-/etc/os-release}" && echo "${PRETTY_NAME:-$ID}")" || bad "操作系统不在支持之列：Debian、Ubuntu、银河麒麟、openEuler"
    machine="${MACHINE:-$(uname -m)}"
    case "$machine" in
        x86_64 | aarch64) fine "处理器 $machine" ;;
        *) bad "处理器 $machine：锁定的软件包没有它的安装包，见安装手册“国产数据库与处理器”" ;;
    esac
    at_least "${CORES:-$(nproc)}" "$LEAST_CORES" "处理器 ${CORES:-$(nproc)} 核"
    memory="${MEMORY_MB:-$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)}"
    at_least "$memory" "$LEAST_MEMORY_MB" "内存 ${memory}MB"
    at_least "$(free_mb /opt)" "$LEAST_OPT_MB" "/opt 余 $(free_mb /opt)MB"
    at_least "$(free_mb $HOME_DIR)" "$LEAST_DATA_MB" "$HOME_DIR 余 $(free_mb $HOME_DIR)MB"
    if [ "$(stat -c %d "$(existing $BACKUP)")" = "$(stat -c %d "$(existing $HOME_DIR)")" ]; then
        hint "$BACKUP 与数据在同一块磁盘上，正式环境应在另外的存储上"
    fi
    if python="$(python_found)"; then fine "Python $("$python" -c 'import platform; print(platform.python_version())')（$python）"; else bad "没有 Python 3.11 或以上"; fi
    glibc="$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)"
    version_at_least "${glibc:-0}" 2.28 && fine "glibc $glibc" || bad "glibc ${glibc:-未知}，至少 2.28"
    if [ -n "$(nginx_version)" ]; then
        version_at_least "$(nginx_version)" 1.14.1 && fine "nginx $(nginx_version)" || bad "nginx $(nginx_version)，至少 1.14.1"
    else
        hint "没有 nginx，安装时一并装好"
    fi
    [ -w /dev/shm ] && fine "/dev/shm 可写" || bad "/dev/shm 不可写：多进程共享需要它"
    for port in 80 443 ${PORTS:-$PORTS_DEFAULT} 18080; do
        if ! listens "$port" || [ -e "$LINK" ]; then
            fine "端口 $port"
        elif [ "$port" -le 443 ] && pidof nginx >/dev/null; then
            # The distribution's package starts nginx with a page of its own, which gives way to our site.
            hint "端口 $port 由 nginx 占用，安装时换成本系统的站点"
        else
            bad "端口 $port 已被占用"
        fi
    done
    if command -v getenforce >/dev/null && [ "$(getenforce)" = Enforcing ]; then
        hint "SELinux 为强制模式：安装时允许 nginx 连接网页进程（httpd_can_network_connect）"
    fi
    if command -v timedatectl >/dev/null && [ "$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" = no ]; then
        hint "时间未与授时服务器同步"
    fi
    if [ "$PROBLEMS" -gt 0 ]; then say "共 $PROBLEMS 项不符合，未作任何改动"; return 1; fi
    say "主机符合要求"
}
existing() { local at=$1; while [ ! -e "$at" ]; do at="$(dirname "$at")"; done; echo "$at"; }
