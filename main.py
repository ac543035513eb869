"""申房 Shenfang: settings, database, systems, door, pages, jobs, and the command line; the only place that knows everything.

`python main.py` serves the product with the demo; `web`, `worker`, `judge`, `bootstrap` are its parts.
"""

import argparse
import errno
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.instance import Instance, InstanceRefused, begin, interrupt_as_usual, take_instance_of
from deploy.settings import Settings, read_settings

#: Held before the product is loaded, which takes seconds: a wrong value, a used port or a second start is refused at once.
HELD: Instance | None = begin(sys.argv[1:]) if __name__ == "__main__" else None

from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

import services.everything  # noqa: F401  (every action, job and rule of who sees what)
from deploy import launch
from deploy.commands import add_commands
from deploy.configuration import environment_id_of, outbound_policy, place_of, refuse_unless_whole, system_urls
from deploy.demo.association import load_association
from deploy.demo.recorded_papers import tell_registers
from deploy.demo.whole_demo import load_demo
from deploy.logs import set_up_logging
from deploy.metrics import open_monitoring, open_tracing
from deploy.outages import OUTAGE, REPLICA_OUTAGE, silent_database
from deploy.partners import acquaint, open_partner_api, partner_keys, sandbox_routers
from deploy.processes import Schedule, Worker
from deploy.sandbox.test_data import load_test_data, stand_on_its_day
from integrations.cloud_crypto.provider import Bound
from integrations.cloud_crypto.provider_choice import open_crypto
from integrations.cloud_crypto.refusal import NotReady, StartRefused
from integrations.evidence_sink.local import LocalSink
from integrations.evidence_sink.store import FolderStore
from integrations.evidence_sink.syslog import SyslogForward
from integrations.gateway.assertions import gateway_of
from integrations.simulators import Simulators
from integrations.systems import systems_at
from integrations.virus_scan.client import BadScannerAddress, ClamdScanner
from integrations.virus_scan.simulator import VirusScannerSimulator
from integrations.wire.exchange.client import ExchangeClient
from integrations.wire.outbound import Outside
from models.dialect import Database, UnknownSchema
from models.own_data import DATA
from models.sealing import Sealer
from services.access import access_list_book
from services.access.access_list_signature import adopt_tables, start_list
from services.access.administrators import make_administrators
from services.access.sessions import SessionBook
from services.audit.jobs import heartbeat_job, orderly_stop, sign_and_copy, watch_job
from services.demo.clock import follow_clock
from services.documents.stored_papers import open_paper
from services.engine.alarms import Trouble, tell_silent_system
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.house import House
from services.engine.jobs import run_due
from services.engine.networks import Networks, SignInPolicy
from services.engine.refusals import Refusal, Unavailable
from services.files.private_temp import use_private_temp
from services.keys.life import follow_keys, tell_local_crypto
from services.legacy.judge import judge_files
from services.operations.announcement import coming_stop
from services.operations.release import check_release
from services.ports.exchange import EXCHANGE
from services.ports.release import Installed, ReleaseState
from services.ports.systems import VIRUS_SCANNER
from services.public_check.replica_first import open_checks
from services.streets.link_upkeep import adopt_grants

log = logging.getLogger("shenfang")


@dataclass
class Opened:
    """The house of this process behind its door, and what has to be closed again."""

    settings: Settings
    door: Door
    crypto: Bound
    urls: dict[str, str]
    simulators: Simulators | None
    syslog: SyslogForward | None = None

    def close(self) -> None:
        if self.syslog is not None:
            self.syslog.stop()
        for database in filter(None, (self.door.database, self.door.house.replica)):
            database.dispose()
        if self.simulators is not None:
            self.simulators.stop()
        self.crypto.close()


def open_house(settings: Settings) -> Opened:
    """Keys, database, outside systems and the door; in demo and test the systems are simulators on loopback."""
    refuse_unless_whole(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    use_private_temp(settings.data_dir.resolve() / "tmp")
    name = environment_id_of(settings)
    opened = open_crypto(settings)
    provider = opened.provider
    simulators = None
    if settings.system_urls:
        urls = system_urls(settings.system_urls)
    elif settings.demo:
        simulators = Simulators(mode=settings.mode, partner_keys=partner_keys(settings))
        simulators.start(DATA)
        urls = simulators.urls()
        # Presenters of the demo change there what the registry says: POST /sim/change.
        log.info("法人库（模拟） %s", urls["legal_entities"])
    else:
        # Production without addresses is refused above.
        raise StartRefused("SYSTEM_URLS 未设置")
    outside = Outside(outbound_policy(settings, urls))
    systems = systems_at(urls, outside).having(EXCHANGE, ExchangeClient(provider, name, outside))
    syslog = SyslogForward(settings.syslog_url) if settings.syslog_url else None
    house = House(
        Database(settings.database, opened.sealer, pooled=settings.database_pooled),
        systems.having(VIRUS_SCANNER, scanner_of(settings)),
        provider,
        demo=settings.demo,
        sign_in=SignInPolicy.of_mode(settings.mode, Networks.of(settings.admin_networks, "ADMIN_NETWORKS")),
        gateway=gateway_of(settings, provider),
        public_url=settings.reachable_at.rstrip("/"),
        environment_id=name,
        check_address=outside.policy.check_url,
        evidence=LocalSink(settings.evidence_store or settings.data_dir / "evidence", provider),
        second_store=FolderStore(settings.audit_store_folder),
        forward=syslog,
        release=Installed(lambda: release_state(settings), enforced=settings.mode == "production"),
        folders=place_of(settings),
        replica=replica_of(settings, opened.sealer),
    )
    OUTAGE.watch(house.database)
    REPLICA_OUTAGE.watch(house.replica)
    access_list_book.keep_in(house.database.engine, settings.data_dir.resolve() / "access-list.json")
    door = Door(house)
    outside.on_break = lambda source, useless: door.perform(tell_silent_system, SYSTEM, Trouble(source, useless))
    provider.tell_breaks_to(outside.on_break)
    return Opened(settings, door, opened, urls, simulators, syslog)


def replica_of(settings: Settings, sealer: Sealer) -> Database | None:
    """Return the replica that reads may go to, if one is named."""
    url = settings.read_database_url
    return Database(url, sealer, pooled=settings.database_pooled) if url else None


def release_state(settings: Settings) -> ReleaseState:
    """Compare the running tree with its signed manifest."""
    named = os.environ.get("RELEASE_PUB")
    found = launch.check(launch.ROOT, settings.data_dir.resolve(), Path(named) if named else None)
    return ReleaseState(found.signed, found.version, found.build_no, found.digest, tuple(found.problems))


def scanner_of(settings: Settings) -> ClamdScanner | None:
    """The virus scanner: a clamd, a simulated one in demo and test, or none, and then no file is called clean."""
    address = settings.virus_scanner
    if settings.demo and address in {"", "simulator"}:
        simulator = VirusScannerSimulator(mode=settings.mode)
        simulator.start()
        return ClamdScanner(simulator.address)
    try:
        return ClamdScanner(address) if address else None
    except BadScannerAddress as problem:
        raise StartRefused(str(problem)) from None


def prepare(house: Opened) -> None:
    """Bring the schema up to date and load the demo once, where it is wanted."""
    house.door.prepare()
    # What a process that was killed left unsigned must not keep this one from its work.
    sign_and_copy(house.door)
    house.door.perform(adopt_tables, SYSTEM, None)
    house.door.perform(adopt_grants, SYSTEM, None)
    if house.settings.demo:
        if house.settings.sandbox:
            stand_on_its_day(house.door)
        if house.settings.demo_data:
            load_demo(house.door, DATA, market=not house.settings.sandbox)
        follow_clock(house.door)
    if house.simulators is not None:
        acquaint(house.door, house.simulators, house.settings.port)
        if house.settings.demo and house.settings.demo_data:
            load_association(house.door)
            tell_registers(house.door, house.simulators.urls())
        if house.settings.sandbox:
            load_test_data(house.door)
    house.door.perform(check_release, SYSTEM, None)
    house.door.perform(follow_keys, SYSTEM, None)
    if house.crypto.banner:
        tell_local_crypto(house.door)
    start_list(house.door)


def create_app(house: Opened, *, begun: Callable[[], None] = lambda: None) -> FastAPI:
    """The web application over an opened house; `begun` is called when it takes requests."""
    # NiceGUI is loaded by the web process only; the worker and the command line stay small.
    from ui.alerts.routes import alerts_router
    from ui.app import WebSettings, build_outer
    from ui.catalogue import modules_of
    from ui.citizens.pages import citizens_router
    from ui.front import open_front
    from ui.guard import Gate
    from ui.handbook.routes import handbook_router
    from ui.parcels.routes import parcels_router
    from ui.practitioners.parts import pictures_router
    from ui.privacy.routes import privacy_router
    from ui.progress.routes import progress_router
    from ui.public.admission import AdmissionPages
    from ui.public.map_pages import MapPages
    from ui.public.practitioners import PractitionerPages
    from ui.public.router import PublicPages, PublicSettings
    from ui.record_routes import records_router
    from ui.shell.files import attachments_router
    from ui.supply.routes import supply_router
    from ui.tenancy.paper_routes import paper_extras_router
    from ui.verification.paper_routes import verification_papers_router

    settings = house.settings
    front = open_front(settings)
    partners = open_partner_api(house.door, front, sandbox=settings.sandbox and settings.mode != "production")
    reader = open_checks(house.door.database, house.door.house.replica, house.door.lock_later)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        await reader.start()
        tell_ready(settings)
        begun()
        try:
            yield
        finally:
            await reader.stop()
            partners.close()

    def paper(door: Door, caller: Caller, paper_id: UUID) -> bytes:
        return open_paper(door, caller, paper_id).content or b""

    public = PublicPages(
        house.door.house.sealer, reader, PublicSettings(settings.checks_per_minute, now=house.door.clock.now)
    )
    gate = Gate(mode=settings.mode, public_url=settings.public_url, front=front)
    return build_outer(
        house.door,
        SessionBook(house.door),
        WebSettings(
            mode=settings.mode,
            public_url=settings.reachable_at,
            banner=house.crypto.banner,
            gate=gate,
            announced=lambda: coming_stop(settings.data_dir),
        ),
        modules=modules_of(settings.mode),
        routers=[
            PractitionerPages(house.door, public).router(),
            AdmissionPages(house.door, public).router(),
            MapPages(house.door, public).router(),
            public.router(),
            citizens_router(house.door, public, gate),
            privacy_router(house.door),
            paper_extras_router(house.door),
            verification_papers_router(house.door),
            attachments_router(house.door),
            records_router(house.door),
            alerts_router(house.door),
            parcels_router(house.door),
            handbook_router(house.door),
            pictures_router(house.door),
            supply_router(house.door),
            progress_router(house.door),
            *sandbox_routers(settings, house.door, house.simulators),
        ],
        paper=paper,
        lifespan=living,
        before=lambda app: partners.before(public.before(app, front)),
    )


def tell_ready(settings: Settings) -> None:
    """Say where the product is to be opened, and in the demo as whom to sign in."""
    log.info("申房 %s", settings.reachable_at)
    if settings.mode == "demo":
        sys.stdout.write(f"申房已启动，请用浏览器打开 {settings.reachable_at} ，点“李敏”即可登录；按 Ctrl-C 停止\n")
        sys.stdout.flush()


def serve(settings: Settings) -> None:
    """The web process, and the worker beside it unless RUN_WORKER is false."""
    import uvicorn

    from ui.front import open_front, tls_of
    from ui.page_socket import PageSocket

    held = HELD or take_instance_of(settings, alone=settings.run_worker)
    # A front that is not whole is refused before a key or a table is touched.
    open_front(settings)
    house = open_house(settings)
    serving = threading.Event()
    monitoring = open_monitoring(house.door, settings.metrics_host, settings.metrics_port, serving.is_set)
    tracing = open_tracing(house.door, settings.otlp_url, f"web:{settings.port}")
    prepare(house)
    schedule = Schedule()
    # The web process watches too: a dead worker cannot tell that its heartbeat is missing.
    schedule.repeat(60, lambda: watch_job(house.door))
    schedule.repeat(3, house.crypto.follow)
    if settings.demo:
        schedule.repeat(3, lambda: follow_clock(house.door) and settings.jobs_inside and run_due(house.door))
    if settings.sandbox:
        schedule.repeat(2, lambda: stand_on_its_day(house.door))
    if house.simulators and settings.mode == "demo":
        # In a test partners do what the test says and nothing else.
        schedule.repeat(2, house.simulators.live)
    if settings.jobs_inside:
        schedule.add_jobs(house.door)
    worker = Worker(settings, house.urls, house.crypto.environment) if settings.run_worker else None
    if worker is not None:
        worker.keep()
        schedule.repeat(2, worker.keep)
    schedule.start()
    try:
        config = uvicorn.Config(
            create_app(house, begun=serving.set),
            host=settings.host,
            port=settings.port,
            # Its lines go where all others go, through the same filter.
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=8,
            proxy_headers=False,
            ws=PageSocket,
            **tls_of(settings),
        )
        with suppress(KeyboardInterrupt):
            interrupt_as_usual()
            uvicorn.Server(config).run(sockets=[held.give_port()])
    finally:
        end(house, schedule, worker, monitoring, tracing)


def work(settings: Settings, *, with_parent: bool) -> None:
    """The worker process: every job at its time; with a parent it ends when the parent's pipe closes."""
    house = open_house(settings)
    monitoring = open_monitoring(house.door, settings.metrics_host, settings.worker_metrics_port)
    tracing = open_tracing(house.door, settings.otlp_url, "worker")
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    signal.signal(signal.SIGINT, lambda *_: over.set())
    if with_parent:
        threading.Thread(target=_end_with_parent, args=(over,), daemon=True).start()
    schedule = Schedule()
    schedule.add_jobs(house.door)
    schedule.repeat(3, house.crypto.follow)
    if settings.demo:
        schedule.repeat(2, lambda: follow_clock(house.door) and run_due(house.door))
    try:
        if settings.demo:
            follow_clock(house.door)
        sign_and_copy(house.door)
        heartbeat_job(house.door)
    except Exception:
        log.exception("the worker could not sign at its start; the job does it again")
    schedule.start()
    # What the night should have done while no worker ran; a database that is away is waited for.
    while not over.is_set():
        try:
            # Again until nothing is left: what another thread or worker was at meanwhile is still due.
            over.wait(5 if run_due(house.door) else None)
        except (OperationalError, Unavailable):
            log.exception("what is due could not be done at the start; it is tried again")
            over.wait(5)
    end(house, schedule, monitoring, tracing)


def end(house: Opened, *parts: Any) -> None:
    """Stop the parts of a process that run, in this order, and close its house."""
    for part in filter(None, parts):
        part.stop()
    orderly_stop(house.door)
    house.close()


def _end_with_parent(over: threading.Event) -> None:
    # The raw descriptor: a buffered reader would hold its lock when the interpreter ends.
    while os.read(0, 4096):
        pass
    over.set()


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
    with closing(open_house(settings)) as house:
        house.door.prepare()
        administrators = house.door.perform(make_administrators, SYSTEM, None)
        start_list(house.door)
        for login, secret in administrators:
            sys.stdout.write(f"{login}\t{secret}\n")
        sys.stdout.write("以上初始口令24小时内有效，首次登录必须修改；请分别交付三名管理员，不会再次显示。\n")
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
    add_commands(parts, argv)
    return parser.parse_args(argv)


def may_pass(problem: Refusal | StartRefused | InstanceRefused) -> bool:
    """Return whether the cause of a failed start may pass: a silent service, or another process that is starting."""
    return isinstance(problem, NotReady | Unavailable) or isinstance(problem.__cause__, IntegrityError | StaleDataError)


def main(argv: list[str]) -> int:
    """Run one command; every refusal is one Chinese sentence, never a stack trace."""
    arguments = arguments_of(argv)
    set_up_logging()
    try:
        if arguments.command == "judge":
            return judge(arguments)
        settings = read_settings()
        set_up_logging(settings.log_level, settings.log_format)
        if settings.mode == "production" and launch.started is None and arguments.command not in {"release", "config"}:
            sys.stderr.write("正式环境须由 deploy/launch.py 启动：先核对发布签名，再运行程序\n")
            return launch.REFUSED
        if (run := getattr(arguments, "run", None)) is not None:
            return int(run(settings, arguments, open_house))
        if arguments.command == "worker":
            work(settings, with_parent=arguments.with_parent)
        elif arguments.command == "bootstrap":
            return bootstrap(settings)
        elif arguments.command == "prepare":
            with closing(open_house(settings)) as house:
                prepare(house)
            sys.stdout.write("数据库结构已是本版本的\n")
        else:
            serve(settings if arguments.command is None else settings.model_copy(update={"run_worker": False}))
    except (Refusal, StartRefused, InstanceRefused) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1 if may_pass(refusal) and getattr(arguments, "run", None) is None else 2
    except UnknownSchema:
        sys.stderr.write("数据库结构不是本版本所知的：程序比数据库旧，请启动较新的版本，或恢复升级前的备份\n")
        return 2
    except OperationalError as problem:
        # What the driver says names host and user, which the person who starts the product knows.
        what = "数据库没有应答" if silent_database(problem) else "数据库不能执行语句"
        sys.stderr.write(f"{what}：{' '.join(str(problem.orig).split())}\n")
        return 1
    except OSError as problem:
        why = {errno.ENOSPC: "磁盘已满", errno.EACCES: "没有权限", errno.EROFS: "只读"}.get(problem.errno or 0)
        place = f"{problem.filename}，" if problem.filename else ""
        sys.stderr.write(f"文件不能读写：{place}{why or problem.strerror or problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("TZ", "Asia/Shanghai")
    time.tzset()
    sys.exit(main(sys.argv[1:]))
