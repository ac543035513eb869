"""Centralized housing: 5,000 rooms of a workbook, and 300 filings made again at once of which 12 are refused (rows 24, 33)."""

import argparse
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from pypdf import PdfReader
from sqlmodel import col

from deploy.demo.firms import load_firms
from models.enterprise import Enterprise, EnterpriseKey
from models.practitioner_codes import SessionState
from models.rooms import ApplyKind, CentralRoom, CentralRoomState
from models.tenancy import FilingPart, LeaseFiling
from services.check_ins.orders import CheckInAnswer
from services.engine.callers import SYSTEM
from services.engine.list_bulk import AT_ONCE
from services.engine.list_declaration import RowResult
from services.engine.listings import BulkRows
from services.imports.commit_run import commit_session
from services.imports.uploads import UploadTable, upload_table
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.export_files import make_waiting
from services.privacy.exports import RequestExport, request_export
from services.rooms.openings import open_project
from services.rooms.orders import BuildingForm, OpenProject
from services.tenancy.predicates import last_day
from services.tenancy.refiling import refile
from services.tenancy.refiling_list import NOTICES, REFILINGS
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.imports import wait_for, worker
from tests.bench.measure import Figure, told
from tests.rooms_made import book, room
from tests.services.check_ins.platform import KEY, OPERATOR, Platform
from tests.services.rooms import desk as desks
from tests.services.rooms.desk import Desk
from tests.world import World

ROOMS, MOST_SECONDS, MOST_MEMORY_MB = 5_000, 5.0, 400
FLOORS, BUILDINGS = 18, 10
FILINGS, REFUSED = 300, 12
#: Rooms that the simulated register has under the title of the desk's projects.
_NUMBERS = [f"{floor:02d}{number:02d}" for floor in range(1, 5) for number in range(1, 13)]


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            figures += map(told, _workbook(engine, url, world))
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            figures += map(told, _refilings(engine, world))
    return figures


def _workbook(engine: str, url: str, world: World) -> Iterator[Figure]:
    desk = Desk(world).found()
    project = desk.begun()
    desk.fill(project.id, buildings=tuple(BuildingForm(f"{one}号楼", FLOORS) for one in range(1, BUILDINGS + 1)))
    title = desk.title(project.id)
    content = book(*(_room(number, project.project_no, title) for number in range(ROOMS)))
    with worker(url, world) as end:
        started = time.perf_counter()
        session_id: UUID = desk.do(upload_table, UploadTable("rooms", "房间.xlsx", content)).id
        view = wait_for(desk, session_id, lambda one: one.state is SessionState.READY, every=0.1)
        read = time.perf_counter() - started
        assert (view.total, view.good) == (ROOMS, ROOMS), view
        desk.do(commit_session, session_id)
        view = wait_for(desk, session_id, lambda one: one.committed == ROOMS, every=0.1)
        seconds = time.perf_counter() - started
        peak = end()
    yield Figure(
        f"{ROOMS:,} rooms of a workbook read, judged and put into an application, {engine}",
        f"{seconds:.1f} s (until the report {read:.1f} s; the worker computed {peak['cpu']:.1f} s)",
        target=f"< {MOST_SECONDS:.0f} s",
        met=seconds < MOST_SECONDS,
    )
    yield Figure(
        f"peak memory of the worker, {engine}",
        f"{peak['peak']:.0f} MB (before the first row {peak['idle']:.0f} MB)",
        target=f"< {MOST_MEMORY_MB} MB",
        met=peak["peak"] < MOST_MEMORY_MB,
    )


def _room(number: int, project_no: str, title: str) -> dict[str, object]:
    building, place = divmod(number, ROOMS // BUILDINGS)
    floor = place % FLOORS + 1
    return room(
        f"{floor:02d}{place:03d}",
        项目编号=project_no,
        楼栋=f"{building + 1}号楼",
        楼层=floor,
        权属文件编号=title,
    )


def _refilings(engine: str, world: World) -> Iterator[Figure]:
    world.door.perform(load_firms, SYSTEM, None)
    platform = Platform(world)
    platform.register()
    filings = _running_out(platform)
    for filing in filings[:: FILINGS // REFUSED]:
        world.rewrite(CentralRoom, col(CentralRoom.house_id) == filing.house_id, state=CentralRoomState.OUT)
    firm = world.caller("huyu01")
    started, computed = time.perf_counter(), time.process_time()
    results: list[RowResult] = []
    for start in range(0, FILINGS, AT_ONCE):
        ids = tuple(one.id for one in filings[start : start + AT_ONCE])
        results += world.door.perform(REFILINGS.each, firm, BulkRows(refile.name, ids))
    seconds, computed = time.perf_counter() - started, time.process_time() - computed
    refused = [one for one in results if not one.done]
    assert [bool(one.message) for one in refused] == [True] * REFUSED, refused
    yield Figure(
        f"{FILINGS} filings made again, {REFUSED} refused with their reasons, {engine}",
        f"{seconds:.1f} s, {computed / FILINGS * 1000:.0f} ms computed each",
    )
    made = world.read(lambda work: work.rows(LeaseFiling.id, col(LeaseFiling.previous_id).is_not(None)))
    criteria = {"ids": ",".join(map(str, made))}
    started = time.perf_counter()
    order = RequestExport(NOTICES.name, criteria, NOTICES.media[0].value, "合并打印备案通知书")
    asked = world.door.perform(request_export, firm, order)
    make_waiting(world.door)
    content = world.door.ask(download_export, firm, DownloadExport(asked.id)).content
    seconds = time.perf_counter() - started
    pages = len(PdfReader(BytesIO(content)).pages)
    assert len(made) == FILINGS - REFUSED <= pages, (len(made), pages)
    yield Figure(f"{len(made)} notices as one PDF of {pages} pages, {engine}", f"{seconds:.1f} s")


def _running_out(platform: Platform) -> list[LeaseFiling]:
    """Filings of an operator's rooms that run out in ten days while their leases go on."""
    world = platform.world
    firm = world.read(lambda work: work.only(Enterprise.id, Enterprise.uscc == OPERATOR))
    key = world.read(lambda work: work.only(EnterpriseKey.id, EnterpriseKey.serial == KEY))
    desk = Desk(world, firms={desks.OPERATOR: firm})
    answers: list[CheckInAnswer] = []
    while len(answers) < FILINGS:
        project = desk.filled(operator_uscc=OPERATOR, address=f"浦东新区杨高路{len(answers) + 1}弄")
        (title,) = desk.titles(project.id)
        lines = [desk.add(number, title, build_area="30.60", usable_area="24.00") for number in _NUMBERS]
        desk.decide(desk.submitted(project.id, *lines, kind=ApplyKind.INTAKE))
        desk.do(open_project, OpenProject(project.id, key), desk.bureau())
        for number in _NUMBERS[: FILINGS - len(answers)]:
            end = last_day(platform.today, 24)
            answers.append(platform.move_in(number, project_no=project.project_no, end=end)[1])
    wrong = [one for one in answers if not one.filing_no]
    assert not wrong, wrong[0]
    until = platform.today + timedelta(days=10)
    days = {"valid_from": until - timedelta(days=300), "valid_to": until}
    world.rewrite(LeaseFiling, LeaseFiling.valid_to > until, **days)
    world.rewrite(FilingPart, FilingPart.valid_to > until, **days)
    return platform.rows(LeaseFiling)
