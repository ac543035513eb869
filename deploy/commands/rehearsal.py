"""`main.py rehearsal serve | reset | site`: training rooms, each the whole product with data of its own, from one loaded program.

The program is loaded once and a process forked for each room, so that thirty rooms share most of their memory.
"""

import argparse
import gc
import importlib
import os
import pkgutil
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from deploy.commands import OpenHouse, Settings, refuse
from deploy.demo.training import Training, bind_training
from deploy.rehearsal_gateway import TrainingGateway
from services.access.access_list_signature import sign_pending
from services.documents.rendition import render_waiting
from services.engine.callers import SYSTEM

HELP = "培训演练：多个房间同时使用，每个房间一套演示数据，一条命令恢复原样"
MOST_ROOMS = 60
TEMPLATE, WANTED, GATEWAY = "template", "reset", "gateway"


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True)
    serve = parts.add_parser("serve", help="启动全部房间，首次先装载一份样板数据")
    reset = parts.add_parser("reset", help="把一个房间（或全部）恢复为样板数据，其他房间不受影响")
    site = parts.add_parser("site", help="写出 nginx 站点：每个房间一个端口")
    for part in (serve, site):
        part.add_argument("--rooms", type=int, default=30, help=f"房间数，默认30，最多{MOST_ROOMS}")
        part.add_argument("--host", default="127.0.0.1", help="浏览器使用的主机名或地址")
        part.add_argument("--first-port", type=int, default=9001, help="1号房间的端口，其余依次加1，默认9001")
    reset.add_argument("room", help="房间号，或 all")
    for part in (serve, reset, site):
        part.add_argument("--dir", type=Path, default=Path("rehearsal"), help="房间数据所在目录")
    for part in (serve, site):
        part.add_argument("--nginx", action="store_true", help="房间在 nginx 之后：页面地址为 https，端口由 nginx 监听")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    if settings.mode == "production":
        return refuse("培训房间不得在正式环境启动")
    if settings.system_urls or settings.database_url:
        return refuse("培训房间只用模拟的外部系统和自己的数据文件，请去掉 SYSTEM_URLS、DATABASE_URL 设置")
    if arguments.part == "reset":
        return _ask_for_reset(arguments.dir.resolve(), arguments.room)
    if not 1 <= arguments.rooms <= MOST_ROOMS:
        return refuse(f"房间数应为1至{MOST_ROOMS}")
    rooms = [_room(settings, arguments, number) for number in range(1, arguments.rooms + 1)]
    if arguments.part == "site":
        sys.stdout.write(_site(rooms, arguments.host, TrainingGateway(arguments.dir.resolve() / GATEWAY).authority))
        return 0
    return Rooms(settings, arguments.dir.resolve(), rooms).serve(open_house)


@dataclass(frozen=True)
class Room:
    """A room by its number: the port its process listens on, the one browsers use, and its address."""

    number: int
    port: int
    shown_port: int
    address: str

    @property
    def name(self) -> str:
        return f"{self.number:02}"


def _room(settings: Settings, arguments: argparse.Namespace, number: int) -> Room:
    shown = arguments.first_port + number - 1
    behind = bool(getattr(arguments, "nginx", False)) or arguments.part == "site"
    scheme, port = ("https", shown + 10_000) if behind else ("http", shown)
    return Room(number, port, shown, f"{scheme}://{arguments.host}:{shown}")


@dataclass
class Rooms:
    """The process that holds the loaded program and has one child for each room."""

    settings: Settings
    folder: Path
    rooms: list[Room]

    def __post_init__(self) -> None:
        self.running: dict[int, Room] = {}
        self.gateway = TrainingGateway(self.folder / GATEWAY)
        self.asserting = 0
        self.over = False

    def serve(self, open_house: OpenHouse) -> int:
        """Make the template once, start every room, start again what dies and what was asked to be reset."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / WANTED).mkdir(mode=0o700, exist_ok=True)
        _load_program()
        self.gateway.make()
        if not (self.folder / TEMPLATE / "whole").exists():
            sys.stdout.write("装载样板数据，约一分钟 ……\n")
            sys.stdout.flush()
            if self._wait_for(self._fork(lambda: self._make_template(open_house))) != 0:
                return refuse("样板数据没有装载成功，原因见上")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        gc.collect()
        gc.freeze()
        self._start_gateway()
        for room in self.rooms:
            self._start(room)
        sys.stdout.write("".join(f"{room.number}号房间 {room.address}\n" for room in self.rooms))
        sys.stdout.flush()
        try:
            while not self.over:
                self._look()
                time.sleep(1)
        finally:
            # Whatever ends this process, no room goes on without it.
            self._end_all()
        return 0

    def _make_template(self, open_house: OpenHouse) -> None:
        from main import prepare

        place = self.folder / TEMPLATE
        shutil.rmtree(place, ignore_errors=True)
        settings = self.settings.model_copy(update={"data_dir": place, "mode": "demo", "port": self.rooms[0].port})
        with closing(open_house(settings)) as house:
            prepare(house)  # type: ignore[arg-type]
            house.door.perform(bind_training, SYSTEM, Training(self.gateway.password, self.gateway.fingerprints()))
            sign_pending(house.door)
            # Once here, and not by every room in the first minute of a lesson.
            render_waiting(house.door)
        (place / "whole").touch()

    def _start(self, room: Room) -> None:
        place = self.folder / room.name
        if not place.exists():
            fresh = self.folder / f".{room.name}"
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(
                self.folder / TEMPLATE, fresh, ignore=shutil.ignore_patterns("whole", "instance.lock", "tmp")
            )
            fresh.rename(place)
        self.running[self._fork(lambda: self._be(room, place))] = room

    def _be(self, room: Room, place: Path) -> None:
        """Serve one room in this process, its jobs included."""
        from main import serve

        own: dict[str, object] = {"data_dir": place, "mode": "demo", "host": "127.0.0.1", "port": room.port}
        own |= {"public_url": room.address, "run_worker": False, "jobs_inside": True}
        if room.port != room.shown_port:
            own |= {"gateway_addresses": "127.0.0.1", "gateway_keys": self.gateway.key.public.hex}
        serve(self.settings.model_copy(update=own))

    def _start_gateway(self) -> None:
        """Have a process answer nginx what the gateway says of a certificate, where rooms are behind nginx."""
        if self.rooms[0].port != self.rooms[0].shown_port:
            audience = self.settings.environment_id or "shfg-rental-demo"
            self.asserting = self._fork(lambda: self.gateway.serve(self.rooms[0].port - 1, audience))

    def _fork(self, life: Callable[[], None]) -> int:
        sys.stdout.flush()
        child = os.fork()
        if child:
            return child
        _live(life)

    def _look(self) -> None:
        for wanted in sorted((self.folder / WANTED).iterdir()):
            chosen = [room for room in self.rooms if wanted.name in {"all", room.name}]
            self._end([pid for pid, room in self.running.items() if room in chosen])
            for room in chosen:
                shutil.rmtree(self.folder / room.name, ignore_errors=True)
                self._start(room)
            wanted.unlink()
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                if ended == self.asserting and not self.over:
                    self._start_gateway()
                elif ended in self.running and not self.over:
                    room = self.running.pop(ended)
                    sys.stdout.write(f"{room.number}号房间的进程没有了，重新启动\n")
                    self._start(room)

    def _stop(self, *_: object) -> None:
        self.over = True

    def _end_all(self) -> None:
        self._end([*([self.asserting] if self.asserting else []), *self.running])

    def _end(self, pids: list[int]) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        for pid in pids:
            self._wait_for(pid)
            self.running.pop(pid, None)

    def _wait_for(self, pid: int) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _live(life: Callable[[], None]) -> NoReturn:
    """Be a child: what the parent does at its end is not its business."""
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        life()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except Exception as problem:
        sys.stderr.write(f"{type(problem).__name__}：{problem}\n")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _load_program() -> None:
    """Load everything a room needs before the first fork."""
    import main  # noqa: F401
    import ui

    for found in pkgutil.walk_packages(ui.__path__, "ui."):
        importlib.import_module(found.name)


def _ask_for_reset(folder: Path, room: str) -> int:
    name = room if room == "all" else f"{int(room):02}" if room.isdigit() else ""
    if not name or not (folder / WANTED).is_dir():
        return refuse("没有这个房间，或培训房间没有启动（--dir 与启动时相同）")
    wanted = folder / WANTED / name
    wanted.touch()
    for _ in range(600):
        if not wanted.exists():
            sys.stdout.write("已恢复为样板数据，约十几秒后可以登录\n")
            return 0
        time.sleep(0.5)
    return refuse("培训房间的主进程没有应答")


_SERVER = """server {{
    listen {shown} ssl;
    server_name {host};
    ssl_certificate     /etc/nginx/tls/site.pem;
    ssl_certificate_key /etc/nginx/tls/site.key;
    client_max_body_size 51m;
    access_log off;
    ssl_client_certificate {authority};
    ssl_verify_client optional;
    proxy_http_version 1.1;
    proxy_read_timeout 90s;
    proxy_set_header Host              $http_host;
    proxy_set_header Upgrade           $http_upgrade;
    proxy_set_header Connection        $rehearsal_connection;
    proxy_set_header X-Forwarded-For   $remote_addr;
    proxy_set_header X-Forwarded-Proto https;
    # What a browser writes itself is dropped; the gateway's word comes with the sign-in alone.
    proxy_set_header X-GW-Assertion    $rehearsal_assertion;
    set $rehearsal_assertion "";
    location / {{
        proxy_pass http://127.0.0.1:{port};
    }}
    location = /login {{
        auth_request /rehearsal-gateway;
        auth_request_set $rehearsal_assertion $upstream_http_x_gw_assertion;
        proxy_pass http://127.0.0.1:{port};
    }}
    location = /rehearsal-gateway {{
        internal;
        proxy_pass http://127.0.0.1:{gateway};
        proxy_pass_request_body off;
        proxy_set_header Content-Length       "";
        proxy_set_header X-Client-Verify      $ssl_client_verify;
        proxy_set_header X-Client-Certificate $ssl_client_escaped_cert;
        proxy_set_header X-Client-Address     $remote_addr;
    }}
}}
"""


def _site(rooms: list[Room], host: str, authority: Path) -> str:
    """The nginx site of the rooms, beside any other site of the host."""
    head = '# 申房培训房间，每个房间一个端口。\nmap $http_upgrade $rehearsal_connection {\n    default upgrade;\n    ""      "";\n}\n'
    return head + "".join(
        _SERVER.format(shown=room.shown_port, port=room.port, host=host, gateway=rooms[0].port - 1, authority=authority)
        for room in rooms
    )
