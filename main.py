"""申房 Shenfang: settings, database, systems, door, pages, jobs, and the command line; the only place that knows everything.

`python main.py` serves the product with the demo; `web`, `worker`, `judge`, `bootstrap` are its parts.
"""

import argparse
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI
from pydantic_settings import BaseSettings

import services.everything
import services.tenancy.thresholds  # noqa: F401  (declares its parameters)
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.refusal import StartRefused
from integrations.simulators import Simulators, systems_at
from models.dialect import Database
from models.own_data import DATA
from models.sealing import LocalSealer, bind_sealer
from printing.fonts import load as load_fonts
from services.access.bootstrap import make_administrators
from services.access.sessions import SessionBook
from services.demo.cards import offer_cards
from services.demo.clock import allow_moving, follow_clock
from services.demo.loading import load_demo
from services.documents.issuing import use_public_url
from services.documents.reading import open_paper
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.jobs import JOBS, run_job
from services.engine.refusals import Refusal
from services.legacy.judge import judge_files
from services.ports.signing import Signature, bind_signer
from services.public_check.reader import open_reader
from services.tenancy.paper_words import use_demo_seals

log = logging.getLogger("shenfang")


class Settings(BaseSettings):
    """Everything from the environment; a name in capitals sets it."""

    mode: Literal["demo", "test", "production"] = "demo"
    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: Path = Path(".data")
    database_url: str = ""
    public_url: str = ""
    key_dir: Path | None = None
    root_key_file: Path | None = None
    allow_local_crypto: bool = False
    system_urls: str = ""
    checks_per_minute: int = 30
    run_worker: bool = True

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'shenfang.db'}"

    @property
    def reachable_at(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def demo(self) -> bool:
        return self.mode in {"demo", "test"}


@dataclass
class PaperSigner:
    """Signs issued papers with the provider's document key."""

    provider: LocalProvider

    def sign(self, data: bytes) -> Signature:
        return self.provider.sign("sig.doc", data)


@dataclass
class House:
    """What every process of the product stands on."""

    settings: Settings
    door: Door
    banner: str
    urls: dict[str, str]
    simulators: Simulators | None

    def close(self) -> None:
        self.door.database.dispose()
        if self.simulators is not None:
            self.simulators.stop()


def open_house(settings: Settings) -> House:
    """Keys, database, outside systems and the door; in demo and test the systems are simulators on loopback."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    provider = LocalProvider(
        settings.key_dir or settings.data_dir / "keys",
        mode=settings.mode,
        root_file=settings.root_key_file,
        allow_local_crypto=settings.allow_local_crypto,
    )
    bind_sealer(LocalSealer(provider.key_ring()))
    bind_signer(PaperSigner(provider))
    use_public_url(settings.reachable_at)
    use_demo_seals(settings.demo)
    allow_moving(settings.demo)
    offer_cards(settings.demo)
    simulators = None
    if settings.system_urls:
        urls: dict[str, str] = json.loads(settings.system_urls)
    elif settings.demo:
        simulators = Simulators(mode=settings.mode)
        simulators.start(DATA)
        urls = simulators.urls()
    else:
        raise SystemExit("SYSTEM_URLS 未设置：正式环境需要各外部系统的地址（JSON）")
    door = Door(Database(settings.database), systems_at(urls))
    return House(settings, door, provider.banner or "", urls, simulators)


def prepare(house: House) -> None:
    """Bring the schema up to date and load the demo once."""
    house.door.prepare()
    if house.settings.demo:
        load_demo(house.door, DATA)
        follow_clock(house.door)


def create_app(house: House) -> FastAPI:
    """The web application over an opened house."""
    # NiceGUI is loaded by the web process only; the worker and the command line stay small.
    from ui.app import WebSettings, build_outer
    from ui.catalogue import modules_of
    from ui.guard import Gate
    from ui.public.router import PublicSettings, public_router
    from ui.tenancy.paper_routes import paper_extras_router

    settings = house.settings
    reader = open_reader(settings.database)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        await reader.start()
        try:
            yield
        finally:
            await reader.stop()

    def paper(door: Door, caller: Caller, paper_id: UUID) -> bytes:
        return open_paper(door, caller, paper_id).content or b""

    public = public_router(reader, PublicSettings(settings.checks_per_minute, house.door.clock.now))
    return build_outer(
        house.door,
        SessionBook(house.door),
        WebSettings(
            mode=settings.mode,
            public_url=settings.reachable_at,
            banner=house.banner,
            gate=Gate(mode=settings.mode, public_url=settings.public_url),
        ),
        modules=modules_of(settings.mode),
        routers=[public, paper_extras_router(house.door)],
        paper=paper,
        lifespan=living,
    )


def serve(settings: Settings) -> None:
    """The web process, and the worker beside it unless RUN_WORKER is false."""
    import uvicorn

    house = open_house(settings)
    prepare(house)
    threading.Thread(target=load_fonts, daemon=True).start()
    worker = Worker(settings, house.urls) if settings.run_worker else None
    follower = Every(3.0, lambda: follow_clock(house.door)) if settings.demo else None
    try:
        if worker is not None:
            worker.start()
        log.info("申房 http://%s:%s", settings.host, settings.port)
        uvicorn.run(
            create_app(house),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=8,
            forwarded_allow_ips="127.0.0.1",
        )
    finally:
        if follower is not None:
            follower.stop()
        if worker is not None:
            worker.stop()
        house.close()


class Every:
    """Calls something every few seconds in a thread of its own; a failure is logged and tried again."""

    def __init__(self, seconds: float, call: Callable[[], object]) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(seconds, call), daemon=True)
        self._thread.start()

    def _run(self, seconds: float, call: Callable[[], object]) -> None:
        while not self._over.wait(seconds):
            try:
                call()
            except Exception:
                log.exception("a repeated call failed")

    def stop(self) -> None:
        self._over.set()
        self._thread.join(5)


class Worker:
    """The worker process beside the web process: started again when it dies, gone when the web process is."""

    def __init__(self, settings: Settings, urls: dict[str, str]) -> None:
        self.environment = {
            **os.environ,
            "MODE": settings.mode,
            "DATA_DIR": str(settings.data_dir.resolve()),
            "DATABASE_URL": settings.database,
            "SYSTEM_URLS": json.dumps(urls),
            "PUBLIC_URL": settings.reachable_at,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._keeper: Every | None = None

    def start(self) -> None:
        self._keep()
        self._keeper = Every(2.0, self._keep)

    def _keep(self) -> None:
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, str(Path(__file__).resolve()), "worker", "--with-parent"]
            self.process = subprocess.Popen(command, env=self.environment, stdin=subprocess.PIPE)

    def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.stop()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()


def work(settings: Settings, *, with_parent: bool) -> None:
    """The worker process: every job at its time; with a parent it ends when the parent's pipe closes."""
    house = open_house(settings)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    signal.signal(signal.SIGINT, lambda *_: over.set())
    if with_parent:
        threading.Thread(target=_end_with_parent, args=(over,), daemon=True).start()
    scheduler = BackgroundScheduler(timezone=SHANGHAI, job_defaults={"coalesce": True, "max_instances": 1})
    for job in JOBS.values():
        if job.every:
            scheduler.add_job(run_job, "interval", (house.door, job.name), seconds=job.every, id=job.name)
    scheduler.start()
    done_on: dict[str, str] = {}
    while not over.wait(2.0):
        try:
            if settings.demo:
                follow_clock(house.door)
            _run_daily(house.door, done_on)
        except Exception:
            log.exception("the worker's round failed")
    scheduler.shutdown(wait=False)
    house.close()


def _end_with_parent(over: threading.Event) -> None:
    # The raw descriptor: a buffered reader would hold its lock when the interpreter ends.
    while os.read(0, 4096):
        pass
    over.set()


def _run_daily(door: Door, done_on: dict[str, str]) -> None:
    """Daily jobs by the business clock, so that a moved day brings its night with it."""
    now = door.clock.now().astimezone(SHANGHAI)
    for job in JOBS.values():
        if job.at and done_on.get(job.name) != f"{now:%F}" and f"{now:%H:%M}" >= job.at:
            run_job(door, job.name)
            done_on[job.name] = f"{now:%F}"


def judge(arguments: argparse.Namespace) -> int:
    """Check an export of houses and leases by the migration profile (decisions 1 and 2)."""
    report = judge_files(arguments.houses, arguments.contracts, arguments.params)
    if arguments.json or arguments.houses_json:
        lines = report.house_lines() if arguments.houses_json else report.contract_lines()
        for line in lines:
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(json.dumps(report.summary(), ensure_ascii=False, indent=2) + "\n")
    return 0


def bootstrap(settings: Settings) -> int:
    """Make the three administrators of a new installation and show their one-time passwords, once."""
    house = open_house(settings)
    try:
        house.door.prepare()
        for login, secret in house.door.perform(make_administrators, SYSTEM, None):
            sys.stdout.write(f"{login}\t{secret}\n")
        sys.stdout.write("以上初始口令24小时内有效，首次登录必须修改；请分别交付三名管理员，不会再次显示。\n")
    finally:
        house.close()
    return 0


def arguments_of(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="main.py", description="申房：住房租赁与房地产市场监管系统")
    parts = parser.add_subparsers(dest="command")
    parts.add_parser("web", help="只运行网页进程（后台任务由 worker 进程承担）")
    worker = parts.add_parser("worker", help="只运行后台任务进程")
    worker.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    parts.add_parser("bootstrap", help="建立三名管理员（系统、安全、审计）并显示一次性口令")
    parts.add_parser("prepare", help="升级数据库结构（演示模式同时装载演示数据）后退出")
    judged = parts.add_parser("judge", help="按迁移口径核验历史房屋与合同导出文件")
    judged.add_argument("--houses", type=Path, required=True, metavar="H.csv")
    judged.add_argument("--contracts", type=Path, required=True, metavar="C.csv")
    judged.add_argument("--params", type=Path, required=True, metavar="P.csv")
    judged.add_argument("--json", action="store_true", help="每份合同一行 JSON")
    judged.add_argument("--houses-json", action="store_true", help="每套房屋一行 JSON")
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Run one command; every refusal is one Chinese sentence, never a stack trace."""
    arguments = arguments_of(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        if arguments.command == "judge":
            return judge(arguments)
        settings = Settings()
        if arguments.command == "worker":
            work(settings, with_parent=arguments.with_parent)
        elif arguments.command == "bootstrap":
            return bootstrap(settings)
        elif arguments.command == "prepare":
            house = open_house(settings)
            prepare(house)
            house.close()
        else:
            serve(settings if arguments.command is None else settings.model_copy(update={"run_worker": False}))
    except (Refusal, StartRefused) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    return 0


if __name__ == "__main__":
    os.environ.setdefault("TZ", "Asia/Shanghai")
    time.tzset()
    sys.exit(main(sys.argv[1:]))
