"""A firm that brings its people in: uploads, the worker's rounds, and what stands in the tables afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import openpyxl
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.imports import ImportedLine, ImportSession
from models.practitioner_codes import RowState, SessionState
from models.practitioners import CardApply
from services.engine.callers import Caller, Scope
from services.engine.listings import Line
from services.engine.work import Work
from services.imports.commit_run import commit_session
from services.imports.corrections import Fixed, FixLine, fix_line
from services.imports.jobs import work_through
from services.imports.lines import row_of
from services.imports.listings import LineView, error_workbook, view_line, view_session
from services.imports.sessions import told_of
from services.imports.uploads import UploadTable, upload_table
from tests.people_made import FIRM, OTHER_FIRM
from tests.world import World

KIND = "practitioners"


@dataclass
class Desk:
    """A world with two firms; `caller` works for the first, `other` for the second."""

    world: World
    firms: dict[str, UUID] = field(default_factory=dict)

    def found(self) -> "Desk":
        self.world.act(self._found)
        return self

    def _found(self, work: Work) -> None:
        for code, name, district in ((FIRM, "安居租赁", "310115"), (OTHER_FIRM, "沪寓租赁", "310104")):
            firm = Enterprise(
                name=name,
                kind=EnterpriseKind.RENTAL,
                uscc=code,
                record_no="备2026001",
                record_state=RecordState.RECORDED,
                district_code=district,
                street_code="",
            )
            work.add(firm)
            self.firms[code] = firm.id

    @property
    def caller(self) -> Caller:
        return self._of(FIRM)

    @property
    def other(self) -> Caller:
        return self._of(OTHER_FIRM)

    def _of(self, code: str) -> Caller:
        scope = Scope(Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, code)
        return Caller("经办人", (scope,), account_id=_ACCOUNT, enterprise_id=self.firms[code])

    def do(self, what: Any, order: Any, caller: Caller | None = None) -> Any:
        return self.world.door.perform(what, caller or self.caller, order)

    def ask(self, what: Any, order: Any, caller: Caller | None = None) -> Any:
        return self.world.door.ask(what, caller or self.caller, order)

    def upload(self, content: bytes, pictures: bytes = b"") -> UUID:
        """Upload only."""
        uploaded: UUID = self.do(upload_table, UploadTable(KIND, "人员.xlsx", content, pictures)).id
        return uploaded

    def work(self, going: Callable[[], bool] = lambda: True) -> None:
        """One round of the worker."""
        work_through(self.world.door, going)

    def read(self, content: bytes, pictures: bytes = b"") -> UUID:
        """Upload, and have the worker read."""
        session_id = self.upload(content, pictures)
        self.work()
        return session_id

    def commit(self, session_id: UUID) -> None:
        """Commit and have the worker do it."""
        self.do(commit_session, session_id)
        self.work()

    def session(self, session_id: UUID) -> ImportSession:
        found: ImportSession = self.world.read(
            lambda work: work.session.exec(select(ImportSession).where(ImportSession.id == session_id)).one()
        )
        return found

    def view(self, session_id: UUID) -> Line:
        found: Line = self.ask(view_session, session_id)
        return found

    def state(self, session_id: UUID) -> SessionState:
        return self.session(session_id).state

    def notes(self, session_id: UUID) -> str:
        return "；".join(told_of(self.session(session_id))["told"])

    def lines(self, session_id: UUID) -> list[ImportedLine]:
        found = select(ImportedLine).where(ImportedLine.session_id == session_id).order_by(col(ImportedLine.sheet_row))
        return list(self.world.read(lambda work: work.session.exec(found).all()))

    def states(self, session_id: UUID) -> dict[int, RowState]:
        return {line.sheet_row: line.state for line in self.lines(session_id)}

    def codes(self, session_id: UUID) -> dict[int, list[str]]:
        """The codes found in each row, but for mere repairs."""
        return {
            line.sheet_row: [one.code for one in row_of(line).findings if one.level.value != "N"]
            for line in self.lines(session_id)
        }

    def cell(self, session_id: UUID, sheet_row: int, column: str) -> str:
        cells = row_of(self._at(session_id, sheet_row)).cells
        return cells[column].text if column in cells else ""

    def _at(self, session_id: UUID, sheet_row: int) -> ImportedLine:
        return next(one for one in self.lines(session_id) if one.sheet_row == sheet_row)

    def line(self, session_id: UUID, sheet_row: int) -> LineView:
        found: LineView = self.ask(view_line, self._at(session_id, sheet_row).id)
        return found

    def fix(self, session_id: UUID, sheet_row: int, **cells: str) -> Fixed:
        line = self.line(session_id, sheet_row)
        told: Fixed = self.do(fix_line, FixLine(line.line.id, cells, line.line.edited))
        return told

    def applies(self, session_id: UUID) -> list[CardApply]:
        found = select(CardApply).where(CardApply.batch_id == session_id).order_by(col(CardApply.created_at))
        return list(self.world.read(lambda work: work.session.exec(found).all()))

    def errors(self, session_id: UUID) -> Any:
        """The error workbook, opened."""
        return openpyxl.load_workbook(BytesIO(self.ask(error_workbook, session_id)))


_ACCOUNT = uuid4()


def saved(book: Any) -> bytes:
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def stopping_after(rounds: int) -> Callable[[], bool]:
    """A worker that is killed when it asks for the so-manieth time whether to go on."""
    asked = 0

    def going() -> bool:
        nonlocal asked
        asked += 1
        return asked <= rounds

    return going
